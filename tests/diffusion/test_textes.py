"""The site map."""

import datetime
from xml.etree import ElementTree

from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests.factories import ContentPageFactory, FichePageFactory

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(client):
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    return [node.text for node in ElementTree.fromstring(response.content).iter(f"{MAP}loc")]


def test_the_site_map_holds_what_anyone_may_read(client, epicerie, tree):
    FichePageFactory(parent=tree.fiches, live=False, slug="brouillon")
    FichePageFactory(parent=tree.fiches, slug="expiree", expire_at=timezone.now() - datetime.timedelta(days=1))
    private = ContentPageFactory(parent=tree.home, slug="prive")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    found = addresses(client)
    assert "http://localhost/fiches/epicerie/" in found
    assert not [address for address in found if "brouillon" in address or "prive" in address or "expiree" in address]
