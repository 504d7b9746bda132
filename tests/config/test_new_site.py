"""What a production site answers once its database is migrated, and before anybody wrote a page."""

from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import override_settings
from wagtail.models import Page, Site

from home.models import ConfidentialitePage, HomePage, Organisme
from tests.conftest import module_transaction
from tests.factories import FicheIndexPageFactory

pytestmark = pytest.mark.django_db
HOST = "www.rallynov.example"


@pytest.fixture(scope="module")
def module_migrated(django_db_setup, django_db_blocker):
    """A site that was migrated for this public address, and nothing else."""
    with module_transaction(django_db_blocker):
        with override_settings(BASE_URL=f"https://{HOST}"):
            call_command("migrate", verbosity=0)
        yield


@pytest.fixture
def new_site(module_migrated, db, client, settings):
    """Its visitor."""
    settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = f"https://{HOST}"
    settings.ALLOWED_HOSTS = [HOST]
    client.defaults |= {"HTTP_HOST": HOST, "wsgi.url_scheme": "https"}
    return client


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def test_its_home_page_is_in_french_and_says_that_the_site_is_being_prepared(new_site):
    page = soup(new_site.get("/"))
    assert page.html["lang"] == "fr"
    assert page.h1.text == "Rally’nov"
    assert "Ce site est en préparation" in page.main.text
    assert "Wagtail" not in page.text


def test_on_a_development_machine_too_its_home_page_says_that_the_site_is_being_prepared(client):
    call_command("migrate", verbosity=0)
    page = soup(client.get("/"))
    assert (page.html["lang"], page.h1.text) == ("fr", "Site en préparation")
    assert "Ce site est en préparation. Revenez bientôt" in page.main.text
    assert "Wagtail" not in page.text


def test_its_addresses_are_those_of_the_public_name(new_site):
    assert f"<loc>https://{HOST}/</loc>" in new_site.get("/sitemap.xml").content.decode()
    assert soup(new_site.get("/")).find("link", rel="canonical")["href"] == f"https://{HOST}/"


def test_security_txt_names_a_contact_that_exists(new_site):
    def contact():
        return new_site.get("/.well-known/security.txt").content.decode().splitlines()[0]

    assert contact() == f"Contact: https://{HOST}/"
    site = Site.objects.get()
    site.root_page.add_child(instance=ConfidentialitePage(title="Mentions", slug="mentions-legales"))
    assert contact() == f"Contact: https://{HOST}/mentions-legales/"
    assert new_site.get("/mentions-legales/").status_code == 200
    Organisme.objects.create(site=site, courriel="equipe@rallynov.example")
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


def test_the_operator_of_an_empty_site_is_told_what_makes_its_pages(new_site, capsys):
    message = "Ce site est vide\u00a0: `manage.py creer_site` crée ses pages et son premier compte."
    call_command("migrate")
    assert capsys.readouterr().out.splitlines()[-1] == message
    FicheIndexPageFactory(parent=Site.objects.get().root_page)
    call_command("migrate")
    assert message not in capsys.readouterr().out


def test_migrating_again_keeps_what_staff_made_of_it(new_site):
    home = HomePage.objects.get()
    home.title = "Le rallye"
    home.save_revision().publish()
    Site.objects.update(hostname="autre.example")
    call_command("migrate", verbosity=0)
    assert list(HomePage.objects.values_list("title", flat=True)) == ["Le rallye"]
    assert Site.objects.get().hostname == "autre.example"


def test_a_site_that_has_a_home_page_keeps_it_and_gets_its_address(new_site):
    home = HomePage.objects.get()
    Site.objects.update(hostname="localhost", port=80)
    call_command("migrate", verbosity=0)
    site = Site.objects.get()
    assert (site.root_page_id, site.root_url) == (home.pk, f"https://{HOST}")
    assert list(Page.objects.type(HomePage).values_list("pk", flat=True)) == [home.pk]
