"""A host that includes the plugin's addresses at a prefix of its own."""

import json
import re
from urllib.parse import urlsplit

import pytest
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from fiches import urls as fiches_urls
from tests.factories import EtapePageFactory, FichePageFactory

pytestmark = [pytest.mark.nightly, pytest.mark.django_db, pytest.mark.urls(__name__)]

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("sitemap.xml", RedirectView.as_view(url="/"), name="sitemap"),
    path("rallye/", include("fiches.urls")),
    path("rallye/", include("etapes.urls")),
    path("", include("home.urls")),
    path("", include("search.urls")),
    path("", include(fiches_urls.files_of_pages)),
    path("", include(wagtail_urls)),
]


@pytest.fixture
def fiche(tree):
    EtapePageFactory(parent=tree.etapes)
    return FichePageFactory(parent=tree.fiches, point="SRID=4326;POINT(6.02 47.24)")


def addresses(html):
    """The addresses on this site that a page links to or loads, without the static files."""
    found = re.findall(r'(?:href|src|action|data-[a-z-]+)="(/[^"#]*|http://testserver/[^"#]*)"', html)
    paths = {urlsplit(each.replace("&amp;", "&"))._replace(scheme="", netloc="").geturl() for each in found}
    return {each for each in paths if not each.startswith(("/static/", "/media/", "/images/"))}


# `/fiches/apercu/` answers for a fiche that its query names.
def test_every_address_of_the_public_pages_leads_somewhere(client, tree, fiche):
    pages = [tree.fiches.url, fiche.url, tree.etapes.url, "/rallye/integration/"]
    linked = set().union(*(addresses(client.get(each).content.decode()) for each in pages))
    assert {"/fiches/flux.atom", "/fiches/carte.geojson", "/etapes/calendrier.ics", f"{fiche.url}fiche.pdf"} <= linked
    lost = {each for each in linked - {"/fiches/apercu/"} if client.get(each).status_code == 404}
    assert lost == set()


def test_the_map_and_the_api_are_below_the_prefix(client, tree, fiche):
    document = client.get("/rallye/api/v1/openapi.json").json()
    assert {each.split("/api/")[0] for each in document["paths"]} == {"/rallye"}
    (item,) = client.get("/rallye/api/v1/fiches").json()["items"]
    assert urlsplit(item["url"]).path == fiche.url
    assert "/rallye/api/v1/" in client.get("/rallye/api/v1/docs").content.decode()
    (feature,) = json.loads(client.get("/rallye/api/v1/fiches.geojson").content)["features"]
    assert feature["properties"]["url"] == item["url"]
    frame = client.get(f"/rallye/integration/fiche/{fiche.slug}/").content.decode()
    assert fiche.title in frame
