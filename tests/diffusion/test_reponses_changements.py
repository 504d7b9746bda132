"""What changes takes away exactly the responses that show it: at once here, within half a second in other processes."""

import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction

from fiches.dependances import next_moment
from fiches.diffusion.reponses import changements, ecritures, magasin, middleware
from fiches.diffusion.reponses.changements import ALL, EVERY, Known, forget_old, known
from fiches.diffusion.reponses.models import Changement
from fiches.models import FichePage
from home.models import Organisme
from tests import pictures
from tests.factories import (
    ContentPageFactory,
    CritereFactory,
    EtapePageFactory,
    FichePageFactory,
    PartenaireFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keeps(settings):
    settings.RALLYNOV_REPONSES_MO = 8
    magasin.store.clear()
    known.forget()
    yield
    magasin.store.clear()


@pytest.fixture
def site(tree):
    Organisme.for_site(tree.site)
    return tree


def fiche_of(site, slug="recette", title="La recette", **fields):
    fields = {"point": at(47.2), "commune_id": "25056", **fields}
    return FichePageFactory(parent=site.fiches, slug=slug, title=title, **fields)


def at(latitude, longitude=6.0):
    return f"SRID=4326;POINT({longitude} {latitude})"


def state(address):
    return Client().get(address).headers.get("Cache-Status", "").partition("; ")[2]


def warm(*addresses):
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
    "/fiches/flux.json",
    "/fiches/donnees.json",
    "/fiches/donnees.csv",
    "/fiches/suggestions.json?q=rece",
    "/recherche/?q=recette",
    "/api/v1/fiches",
    "/api/v1/fiches.geojson",
    "/api/v2/pages/?type=fiches.FichePage",
)
OWN = ("/fiches/recette/", "/fiches/recette/fiche.md", "/fiches/recette/fiche.pdf", "/api/v1/fiches/recette")


def body(address):
    response = Client().get(address)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, content.decode("utf-8", "replace")


def test_published_changed_and_withdrawn_again_and_again_every_address_tells_the_truth(site):
    """Each round starts with everything kept: nothing is shown a change late, here."""
    fiche = fiche_of(site)
    other = fiche_of(site, slug="autre", title="Une autre", point=at(47.21))
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
        lambda site, fiche: Page.objects.filter(pk=fiche.pk).update(live=False),
        lambda site, fiche: FichePage.objects.filter(pk=fiche.pk).delete(),
    ],
    ids=["moved", "deleted", "restricted", "withdrawn at once", "deleted at once"],
)
def test_however_it_goes_it_is_gone_from_its_address(site, act):
    fiche = fiche_of(site)
    warm("/fiches/recette/", "/api/v1/fiches/recette")
    act(site, fiche)
    assert Client().get("/fiches/recette/").status_code != 200
    assert state("/api/v1/fiches/recette") != "hit"


def test_a_new_fiche_leaves_the_pages_that_it_does_not_stand_on(site):
    here = fiche_of(site)
    for number in range(3):
        fiche_of(site, slug=f"pres-{number}", point=at(47.2001 + number / 10_000))
    warm("/fiches/recette/", "/fiches/recette/fiche.md", "/api/v1/fiches/recette", "/fiches/")
    far = fiche_of(site, slug="loin", title="Loin", commune_id="39300", point=at(46.67, 5.55))
    assert [state(f"/fiches/recette/{name}") for name in ("", "fiche.md")] == ["hit", "hit"]
    assert state("/api/v1/fiches/recette") == "hit"
    assert state("/fiches/") == "fwd=miss; stored"
    warm("/fiches/")
    far.unpublish()
    assert state("/fiches/recette/") == "hit"
    assert state("/fiches/") == "fwd=miss; stored"
    assert here.live


def test_a_new_neighbour_stands_on_the_page_at_once(site):
    fiche_of(site)
    warm("/fiches/recette/")
    fiche_of(site, slug="voisine", title="La voisine", point=at(47.2002))
    assert "La voisine" in body("/fiches/recette/")[1]


def test_a_draft_takes_nothing_away(site):
    fiche = fiche_of(site)
    warm("/", "/fiches/", "/fiches/recette/")
    fiche.title = "Pas encore"
    fiche.save_revision()
    draft = fiche_of(site, slug="brouillon", live=False)
    draft.title = "Toujours un brouillon"
    draft.save()
    draft.delete()
    assert [state(address) for address in ("/", "/fiches/", "/fiches/recette/")] == ["hit"] * 3


@pytest.mark.parametrize(
    ("change", "goes", "stays"),
    [
        (lambda site: ContentPageFactory(parent=site.home, slug="nouvelle"), "/plan-du-site/", "/fiches/recette/"),
        (lambda site: EtapePageFactory(parent=site.etapes, slug="dole"), "/fiches/recette/", "/fiches/"),
        (lambda site: PartenaireFactory(), "/fiches/recette/", "/plan-inconnu/"),
        (lambda site: CritereFactory(), "/fiches/recette/", "/plan-inconnu/"),
        (lambda site: Organisme.objects.update(nom="Autre nom"), "/fiches/recette/fiche.md", "/plan-inconnu/"),
    ],
    ids=["page", "étape", "partner", "grid", "settings"],
)
def test_each_change_takes_what_shows_it(site, change, goes, stays):
    fiche_of(site)
    warm(goes)
    Client().get(stays)
    before = state(stays)
    change(site)
    assert state(goes) != "hit"
    assert state(stays) == before


def test_a_picture_that_is_replaced_takes_the_pages_that_show_pictures(site):
    image = get_image_model().objects.create(title="p", file=ContentFile(pictures.picture(), name="p.jpg"))
    fiche_of(site, photo=image, photo_alt="Un atelier")
    warm("/fiches/recette/", "/fiches/carte.geojson")
    image.title = "Autre"
    image.save()
    assert state("/fiches/recette/") != "hit"
    assert state("/fiches/carte.geojson") == "hit"


def test_an_unknown_table_takes_everything(site):
    assert ecritures.marks_of("UPDATE", "hote_table", 'UPDATE "hote_table" SET "x" = 1') == {ALL}
    assert ecritures.marks_of("INSERT", "django_session", "") == set()
    assert ecritures.marks_of("INSERT", "candidatures_dossier", "") == set()
    assert ecritures.marks_of("INSERT", "candidatures_appel", "") == {"pages"}
    assert ecritures.marks_of("UPDATE", "wagtailcore_page", 'UPDATE "wagtailcore_page" SET "live" = 0') == {ALL}


# --- Other processes ---------------------------------------------------------------------------------------------------


def test_rows_that_become_visible_late_are_seen(site):
    """A transaction that began first may end last: its row has the smaller key."""
    other = Known()
    other.look(0)
    late = Changement.objects.create(marques="page-1").pk + 1
    Changement.objects.create(pk=late + 1, marques="page-3")
    other.look(0)
    position = other.position
    Changement.objects.create(pk=late, marques="page-2")
    other.look(0)
    assert other.since(position, {"page-1", "page-2", "page-3"}) == {"page-2"}


def test_another_process_s_change_is_heard_under_the_number_of_one_rolled_back_here():
    """SQLite forgets the number with the row."""
    known.look(0)
    with transaction.atomic():
        changements.tell({"page-1"})
        undone = Changement.objects.latest("pk").pk
        transaction.set_rollback(True)
    position = known.position
    Changement.objects.create(pk=undone, marques="page-2")
    known.look(0)
    assert known.since(position, {"page-2"}) == {"page-2"}


def test_who_has_not_looked_for_long_forgets_all(site, monkeypatch):
    other = Known()
    other.look(0)
    start, clock = other.position, time.monotonic
    monkeypatch.setattr(changements.time, "monotonic", lambda: clock() + 3600)
    other.look(0)
    assert other.since(start, {"page-9"}) == {"page-9"}


def test_nobody_waits_longer_than_promised():
    assert EVERY <= 0.5


def test_when_the_database_is_gone_what_is_kept_is_served_and_nothing_new_is_kept(site, monkeypatch):
    from django.db import OperationalError

    fiche_of(site)
    warm("/fiches/recette/")

    def gone(self, now):
        raise OperationalError

    monkeypatch.setattr(Known, "_unseen", gone)
    monkeypatch.setattr(known, "looked", 0.0)
    assert state("/fiches/recette/") == "hit"
    assert state("/fiches/") == ""


def test_old_rows_go(site):
    fiche_of(site)
    Changement.objects.update(le=timezone.now() - timedelta(days=3))
    assert forget_old() > 0
    assert not Changement.objects.exists()


# --- Time --------------------------------------------------------------------------------------------------------------


def test_a_response_ends_when_what_it_shows_changes_by_itself(site, monkeypatch):
    fiche = fiche_of(site)
    soon = timezone.now() + timedelta(seconds=90)
    FichePage.objects.filter(pk=fiche.pk).update(expire_at=soon)
    assert next_moment(timezone.now()) == soon
    fiche_of(site, slug="autre")
    warm("/fiches/", "/fiches/recette/")
    assert middleware.ends_at() == pytest.approx(soon.timestamp())
    clock = time.time
    monkeypatch.setattr(magasin.time, "time", lambda: clock() + 91)
    assert state("/fiches/") != "hit"


def test_the_next_étape_ends_what_shows_it_as_next(site):
    now = timezone.now()
    etape = EtapePageFactory(parent=site.etapes, slug="dole", date=(now + timedelta(days=400)).date())
    type(etape).objects.filter(pk=etape.pk).update(
        commence_le=now + timedelta(minutes=5), termine_le=now + timedelta(minutes=9)
    )
    assert next_moment(now) == now + timedelta(minutes=5)
    assert next_moment(now + timedelta(minutes=5)) == now + timedelta(minutes=9)


def test_midnight_ends_everything(site):
    now = timezone.make_aware(timezone.datetime(2026, 11, 25, 23, 30))
    assert next_moment(now) == timezone.make_aware(timezone.datetime(2026, 11, 26))
