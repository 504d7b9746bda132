"""What leaves the site can be read from any other, and leads back to where it came from."""

import datetime
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from fiches.models import Publication
from home.models import HomePage
from tests.factories import EtapePageFactory, FichePageFactory, IllustrationFactory

pytestmark = pytest.mark.django_db

OPEN = [
    "/fiches/epicerie/fiche.pdf",
    "/fiches/epicerie/fiche.md",
    "/fiches/epicerie/carte.png",
    "/fiches/donnees.csv",
    "/fiches/donnees.json",
    "/fiches/donnees.geojson",
    "/fiches/donnees.jsonld",
    "/fiches/schema.json",
    "/fiches/carte.geojson",
    "/fiches/flux.atom",
    "/fiches/flux.json",
    "/etapes/calendrier.ics",
    "/etapes/calendrier.ics?departement=99",
    "/etapes/dole/etape.ics",
    "/etapes/flux.atom",
    "/carnets/flux.json",
    "/sitemap.xml",
    "/llms.txt",
    "/oembed?url=http://localhost/fiches/epicerie/",
    "/api/v1/fiches",
    "/api/v1/openapi.json",
    "/api/v1/apercu?token=x",
]


def test_a_page_of_another_site_may_read_each(client, tree, epicerie):
    EtapePageFactory(parent=tree.etapes, slug="dole")
    assert [address for address in OPEN if client.get(address).headers.get("Access-Control-Allow-Origin") != "*"] == []


def test_a_page_of_another_site_may_read_that_nothing_changed(client, tree, epicerie, enabled_response_cache):
    """A browser gives a script a 304 only if the 304 has the CORS headers of the 200."""
    first = {address: client.get(address) for address in OPEN}
    etags = {address: answer["ETag"] for address, answer in first.items() if "ETag" in answer}
    again = {address: client.get(address, headers={"if-none-match": etag}) for address, etag in etags.items()}
    unchanged = {address: answer for address, answer in again.items() if answer.status_code == 304}
    assert {"/api/v1/fiches", "/fiches/flux.atom", "/fiches/donnees.csv"} <= unchanged.keys()
    for address, answer in unchanged.items():
        assert answer["Access-Control-Allow-Origin"] == "*", address
        assert "ETag" in answer["Access-Control-Expose-Headers"], address


def test_what_a_browser_asks_before_it_reads_is_answered(client, tree, epicerie):
    """A script that sends a header of its own asks first (OPTIONS): without these answers the browser reads nothing."""
    outlines = [reverse(name) for name in ("contours", "limites", "eaux", "region", "villes")]
    frames = ["/integration/liste/contenu.json", "/integration/liste/", "/integration/rallynov.v1.js"]
    for address in (*OPEN, *outlines, *frames):
        answer = client.options(address)
        assert (answer.status_code, answer.content) == (204, b""), address
        assert answer["Access-Control-Allow-Origin"] == "*", address
        assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS", address
        assert "If-None-Match" in answer["Access-Control-Allow-Headers"], address


def test_a_picture_is_on_the_same_host_as_the_page(read, tree, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://administration.example"
    tree.site.hostname = "public.example"
    tree.site.save()
    FichePageFactory(parent=tree.fiches, slug="recette", photo=IllustrationFactory(), photo_alt="Un atelier")
    fiche = read("fiches/recette").json()
    assert fiche["url"] == "http://public.example/fiches/recette/"
    sizes = [size["url"] for size in fiche["photo"]["tailles"].values()]
    assert [url.startswith("http://public.example/media/images/") for url in sizes] == [True, True, True]


def test_the_page_that_wagtail_gives_to_a_new_site_was_never_public(read, client, tree):
    welcome = Page.objects.exact_type(Page).get(depth=2)
    tree.site.save()  # the pages of a site whose address changes are recorded again
    assert [page["titre"] for page in read("pages").json()["items"] if page["id"] == welcome.pk] == []
    welcome.delete()
    assert read("suppressions").json()["items"] == []


def test_a_page_that_went_says_which_it_was_and_where_it_stood(read, epicerie):
    uid = str(epicerie.translation_key)
    epicerie.unpublish()
    row = Publication.objects.get(kind="fiche", object_id=epicerie.pk)
    assert read("suppressions").json()["items"] == [
        {
            "id": epicerie.pk,
            "uid": uid,
            "type": "fiche",
            "langue": "fr",
            "slug": "epicerie",
            "url": "http://localhost/fiches/epicerie/",
            "retire_le": row.withdrawn_at.isoformat().replace("+00:00", "Z"),
        }
    ]


def test_a_page_of_a_home_that_was_replaced_says_where_it_stood(read, tree, epicerie):
    """Wagtail's welcome page is the first that goes from a new site."""
    former = tree.home
    epicerie.unpublish()
    home = HomePage(title="Accueil", slug="nouvel-accueil")
    former.get_parent().add_child(instance=home)
    tree.site.root_page = home
    tree.site.save()
    former.delete()
    told = {item["id"]: item["url"] for item in read("suppressions").json()["items"]}
    assert (told[former.pk], told[epicerie.pk]) == ("http://localhost/", "http://localhost/fiches/epicerie/")


def test_a_deleted_etape_is_named_by_its_own_identifier(read, tree):
    etape = EtapePageFactory(parent=tree.etapes, slug="dole")
    uid = str(etape.uid)
    etape.delete()
    (gone,) = read("suppressions").json()["items"]
    assert (gone["uid"], gone["url"]) == (uid, "http://localhost/etapes/dole/")


@pytest.mark.parametrize("resource", ["fiches", "facettes", "fiches.geojson", "etapes", "carnets"])
def test_a_page_past_the_end_is_a_problem(read, epicerie, resource):
    problem = read(f"{resource}?page=9", status=400)
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["parametres"] == {"page": "Il n’y a pas de page 9."}


def test_every_default_that_the_description_gives_is_accepted(client, openapi, epicerie):
    refused = {}
    for path, operations in openapi["paths"].items():
        for parameter in operations["get"].get("parameters", ()):
            default = parameter["schema"].get("default")
            if default is not None and "{" not in path:
                response = client.get(path, {parameter["name"]: default})
                if response.status_code != 200:
                    refused[path, parameter["name"]] = response.json()["detail"]
    assert refused == {}


def structured(client, address):
    page = client.get(address).content.decode()
    blocks = [part.partition("</script>")[0] for part in page.split('<script type="application/ld+json">')[1:]]
    return [json.loads(block) for block in blocks]


def test_a_fiche_says_to_search_engines_who_wrote_it_and_what_it_looks_like(client, tree):
    FichePageFactory(
        parent=tree.fiches,
        slug="recette",
        photo=IllustrationFactory(),
        photo_alt="Un atelier",
        first_published_at=datetime.datetime(2013, 4, 16, 12, tzinfo=datetime.UTC),
    )
    article = next(data for data in structured(client, "/fiches/recette/") if data["@type"] == "Article")
    assert article["image"].startswith("http://localhost/media/images/")
    assert article["author"] == {"@type": "Organization", "name": "Agrodoubs"}
    assert article["publisher"] == {"@type": "Organization", "name": "Rally’nov", "url": "http://localhost/"}
    assert article["datePublished"] == "2013-04-16T14:00:00+02:00"


def test_an_etape_shows_its_picture_to_search_engines(client, tree):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    EtapePageFactory(parent=tree.etapes, slug="dole", date=tomorrow, photo=IllustrationFactory(), photo_alt="Une salle")
    event = next(data for data in structured(client, "/etapes/dole/") if data["@type"] == "Event")
    assert event["image"].startswith("http://localhost/media/images/")
