"""What a production site answers once its database is migrated, and before anybody wrote a page."""

from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Site

from home.models import Organisme

pytestmark = pytest.mark.django_db
HOST = "www.rallynov.example"


@pytest.fixture
def new_site(db, client, settings):
    """Its visitor."""
    settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = f"https://{HOST}"
    settings.ALLOWED_HOSTS = [HOST]
    client.defaults |= {"HTTP_HOST": HOST, "wsgi.url_scheme": "https"}
    return client


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def test_its_home_page_says_that_the_site_is_being_prepared(new_site):
    page = soup(new_site.get("/"))
    assert (page.html["lang"], page.h1.text) == ("fr", "Site en préparation")
    assert "Ce site est en préparation. Revenez bientôt" in page.main.text
    assert "Wagtail" not in page.text


def test_security_txt_names_a_contact_that_exists(new_site):
    def contact():
        return new_site.get("/.well-known/security.txt").content.decode().splitlines()[0]

    assert contact() == f"Contact: https://{HOST}"
    Organisme.objects.create(site=Site.objects.get(), courriel="equipe@rallynov.example")
    assert contact() == "Contact: mailto:equipe@rallynov.example"


def test_no_link_of_its_public_pages_leads_nowhere(new_site):
    seen, dead, waiting = {"/"}, [], ["/", "/candidature/", "/signaler/", "/recherche/?q=pain", "/nulle-part/"]
    while waiting:
        address = waiting.pop()
        response = new_site.get(address)
        if response.status_code >= 400 and address != "/nulle-part/":
            dead.append((address, response.status_code))
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        for link in soup(response).select("a[href], form[method=get][action], link[rel=alternate][href]"):
            parts = urlsplit(urljoin(f"https://{HOST}{address}", link.get("href") or link["action"]))
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == HOST and path not in seen and not path.startswith(("/static/", "/admin/")):
                seen.add(path)
                waiting.append(path)
    assert dead == []
    assert "/plan-du-site/" in seen
