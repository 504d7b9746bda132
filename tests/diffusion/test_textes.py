"""The texts for programs: the site map, and pictures in the API."""

import datetime
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.models import Illustration
from tests.factories import ContentPageFactory, FichePageFactory
from tests.pictures import picture

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def illustration(db):
    from django.core.files.base import ContentFile

    return Illustration.objects.create(title="Le four", file=ContentFile(picture(), "four.jpg"), credit="A. Dessin")


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


def test_a_picture_is_told_in_named_sizes_with_its_text_and_credit(read, epicerie, illustration):
    epicerie.photo, epicerie.photo_alt = illustration, "Un four"
    epicerie.save_revision().publish()
    photo = read("fiches/epicerie").json()["photo"]
    assert (photo["alt"], photo["credit"]) == ("Un four", "A. Dessin")
    assert set(photo["tailles"]) == {"vignette", "moyenne", "grande"}
    illustration.credit = "Une autre"
    illustration.save()
    assert read("fiches/epicerie").json()["photo"]["credit"] == "Une autre"
