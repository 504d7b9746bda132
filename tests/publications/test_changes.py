"""What changes is true at once at every address: nothing kept shows what is so no longer."""

import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction

from fiches.models import FichePage
from fiches.publications import version
from home.models import Organisme
from tests import pictures
from tests.factories import (
    ContentPageFactory,
    CritereFactory,
    EtapePageFactory,
    FichePageFactory,
    PartenaireFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("enabled_response_cache")]


@pytest.fixture
def site(tree):
    Organisme.for_site(tree.site)
    return tree


def fiche_of(site, slug="recette", title="La recette", **fields):
    fields = {"point": point_at(47.2), "commune_id": "25056", **fields}
    return FichePageFactory(parent=site.fiches, slug=slug, title=title, **fields)


def point_at(latitude, longitude=6.0):
    return f"SRID=4326;POINT({longitude} {latitude})"


def state(address):
    return Client().get(address).headers.get("Cache-Status", "").partition("; ")[2]


def warm_cache(*addresses):
    for address in addresses:
        Client().get(address)
        assert state(address) == "hit", address


SHOWING = (
    "/",
    "/fiches/",
    "/fiches/?departement=25",
    "/fiches/?q=recette",
    "/fiches/carte.geojson",
    "/fiches/flux.atom",
    "/fiches/donnees.csv",
    "/fiches/suggestions.json?q=rece",
    "/recherche/?q=recette",
    "/api/v1/fiches",
    "/api/v1/fiches.geojson",
)
OWN = ("/fiches/recette/", "/fiches/recette/fiche.pdf", "/api/v1/fiches/recette")


def body(address):
    response = Client().get(address)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, content.decode("utf-8", "replace")


def test_published_changed_and_withdrawn_again_and_again_every_address_tells_the_truth(site):
    """Each round starts with everything kept: nothing is shown a change late, here."""
    fiche = fiche_of(site)
    other = fiche_of(site, slug="autre", title="Une autre", point=point_at(47.21))
    for number in range(4):
        fiche.title = f"La recette rang {number}"
        fiche.save_revision().publish()
        for address in (*SHOWING, *OWN, "/fiches/autre/"):
            for _twice in range(2):
                status, text = body(address)
                assert status == 200, address
                assert address.endswith(".pdf") or f"La recette rang {number}" in text, address
                assert number == 0 or f"La recette rang {number - 1}" not in text, address
        fiche.refresh_from_db()
        fiche.unpublish()
        for address in (*SHOWING, "/fiches/autre/", "/sitemap.xml"):
            status, text = body(address)
            assert "La recette rang" not in text, address
            assert "/fiches/recette/" not in text, address
        assert [body(address)[0] for address in OWN] == [404] * len(OWN)
        fiche.refresh_from_db()
    assert other.live


@pytest.mark.parametrize(
    "act",
    [
        lambda site, fiche: fiche.move(site.home, "last-child"),
        lambda site, fiche: fiche.delete(),
        lambda site, fiche: PageViewRestriction.objects.create(page=fiche, restriction_type="login"),
        lambda site, fiche: PageViewRestriction.objects.create(page=site.fiches, restriction_type="login"),
        lambda site, fiche: FichePage.objects.filter(pk=fiche.pk).delete(),
    ],
    ids=["moved", "deleted", "restricted", "restricted with its list", "deleted at once"],
)
def test_however_it_goes_it_is_gone_from_its_address(site, act):
    fiche = fiche_of(site)
    warm_cache("/fiches/recette/", "/api/v1/fiches/recette")
    act(site, fiche)
    assert Client().get("/fiches/recette/").status_code != 200
    assert state("/api/v1/fiches/recette") != "hit"


def test_a_draft_takes_nothing_away(site):
    fiche = fiche_of(site)
    warm_cache("/", "/fiches/", "/fiches/recette/")
    fiche.title = "Pas encore"
    fiche.save_revision()
    assert [state(address) for address in ("/", "/fiches/", "/fiches/recette/")] == ["hit"] * 3


@pytest.mark.parametrize(
    ("change", "address", "word"),
    [
        (lambda site: ContentPageFactory(parent=site.home, title="Toute nouvelle"), "/plan-du-site/", "Toute nouvelle"),
        (lambda site: EtapePageFactory(parent=site.etapes, title="Dole en fête"), "/etapes/", "Dole en fête"),
        (lambda site: CritereFactory(name="frugal et local"), "/fiches/recette/", "frugal et local"),
        (lambda site: rename(Organisme.for_site(site.site), "Autre nom"), "/fiches/recette/", "Autre nom"),
        (lambda site: rename(FichePage.objects.get().partenaire, "Autre réseau"), "/fiches/recette/", "Autre réseau"),
        (lambda site: rename(FichePage.objects.get().partenaire, "Autre réseau"), "/api/v1/fiches", "Autre réseau"),
    ],
    ids=["page", "étape", "grid", "settings", "partner", "partner in the API"],
)
def test_whatever_a_page_shows_it_shows_as_it_is_now(site, change, address, word):
    fiche_of(site, partenaire=PartenaireFactory(nom="Un réseau"))
    warm_cache(address)
    assert word not in body(address)[1]
    change(site)
    assert word in body(address)[1]


def rename(record, nom):
    record.nom = nom
    record.save()


def test_a_picture_that_is_replaced_takes_the_pages_that_show_it(site):
    image = get_image_model().objects.create(title="p", file=ContentFile(pictures.picture(), name="p.jpg"))
    fiche_of(site, photo=image, photo_alt="Un atelier")
    warm_cache("/fiches/recette/")
    image.title = "Autre"
    image.save()
    assert state("/fiches/recette/") != "hit"


def test_what_is_rolled_back_changes_nothing(site):
    fiche = fiche_of(site)
    before = body("/fiches/recette/")
    with transaction.atomic():
        fiche.title = "Jamais publié"
        fiche.save_revision().publish()
        assert "Jamais publié" in body("/fiches/recette/")[1]
        transaction.set_rollback(True)
    assert body("/fiches/recette/") == before
    fiche.refresh_from_db()
    fiche.title = "Publié ensuite"
    fiche.save_revision().publish()
    assert "Publié ensuite" in body("/fiches/recette/")[1]


def test_when_the_database_is_gone_what_is_kept_is_served_and_nothing_new_is_kept(site, monkeypatch):
    fiche_of(site)
    warm_cache("/fiches/recette/")
    last = version.current()

    def gone(**kwargs):
        raise OperationalError

    monkeypatch.setattr(version, "last_known", lambda: last)
    monkeypatch.setattr(version, "current", gone)
    assert state("/fiches/recette/") == "hit"


# --- Time --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    def set_to(instant):
        monkeypatch.setattr(timezone, "now", lambda: instant)
        monkeypatch.setattr(time, "time", lambda: instant.timestamp())

    return set_to


@pytest.fixture
def morning(clock):
    """Tomorrow at ten, far from midnight: from now on it is that moment."""
    instant = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)
    clock(instant)
    return instant


def test_a_fiche_that_expires_is_gone_at_that_minute_everywhere(site, clock, morning):
    soon = morning + timedelta(seconds=90)
    fiche_of(site, slug="autre", title="Une autre")
    fiche_of(site, expire_at=soon)
    warm_cache("/fiches/", "/fiches/recette/", "/api/v1/fiches")
    clock(soon - timedelta(seconds=1))
    assert [state(address) for address in ("/fiches/", "/fiches/recette/", "/api/v1/fiches")] == ["hit"] * 3
    clock(soon)
    assert [body(address)[0] for address in OWN] == [404] * len(OWN)
    for address in SHOWING:
        assert "La recette" not in body(address)[1], address


def test_an_etape_that_begins_is_the_next_one_no_longer(site, clock, morning):
    now = morning
    etape = EtapePageFactory(parent=site.etapes, slug="dole", date=(now + timedelta(days=400)).date())
    type(etape).objects.filter(pk=etape.pk).update(
        commence_le=now + timedelta(minutes=5), termine_le=now + timedelta(minutes=9)
    )
    version.touch()
    assert version.current().valid_until == now + timedelta(minutes=5)
    clock(now + timedelta(minutes=5))
    assert version.current().valid_until == now + timedelta(minutes=9)
