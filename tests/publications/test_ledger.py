"""The register: what is public and what was, in the order of the commits, never older than the code."""

import re
from pathlib import Path

import orjson
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import PageViewRestriction

from etapes.models import PresentationDeFiche
from fiches.diffusion.api import page_resource
from fiches.models import FichePage, Mot, Publication, Version, publications
from fiches.models.bulk import update
from fiches.pages import cards
from fiches.publications import first_filling, ledger
from home.models import ContentPage
from tests.factories import (
    ContentPageFactory,
    CritereFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
)

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def row(page):
    return Publication.objects.exclude(kind="document").get(object_id=page.pk)


def read(address):
    return Client().get(address).json()


def withdrawn_slugs():
    return [item["slug"] for item in read("/api/v1/suppressions")["items"]]


def test_each_change_takes_the_number_of_the_version_that_it_makes(tree):
    first = FichePageFactory(parent=tree.fiches)
    second = FichePageFactory(parent=tree.fiches)
    assert row(first).sequence < row(second).sequence <= Version.objects.get().number
    first.chapo = "Autre"
    first.save_revision().publish()
    assert row(second).sequence < row(first).sequence <= Version.objects.get().number


def test_what_goes_stays_as_a_tombstone_and_comes_back_with_its_first_date(tree):
    fiche = FichePageFactory(parent=tree.fiches, slug="recette")
    since = row(fiche).published_at
    fiche.unpublish()
    assert (row(fiche).withdrawn_at is None, row(fiche).contents, withdrawn_slugs()) == (False, None, ["recette"])
    FichePage.objects.get(pk=fiche.pk).save_revision().publish()
    assert (row(fiche).withdrawn_at, row(fiche).published_at, withdrawn_slugs()) == (None, since, [])
    FichePage.objects.get(pk=fiche.pk).delete()
    assert withdrawn_slugs() == ["recette"]


def test_a_tombstone_holds_no_word_of_the_page(tree):
    fiche = FichePageFactory(
        parent=tree.fiches, slug="recette", title="La confiture", contact_nom="Jeanne Marmier", contact_nom_public=True
    )
    read("/api/v1/fiches/recette")  # the contents are built

    def holds(*words):
        return [word for word in words if word in str(vars(row(fiche))).lower()]

    assert holds("confiture", "marmier") == ["confiture", "marmier"]
    fiche.unpublish()
    assert holds("confitur", "marmi", "jeanne") == []


def test_the_address_of_a_withdrawn_fiche_says_so_without_its_title(tree):
    """Unpublished, deleted: the tombstone is public already. A draft that was never public has none."""
    message = "Cette fiche a été retirée du site."
    page = FichePageFactory(parent=tree.fiches, slug="recette", title="La confiture")
    FichePageFactory(parent=tree.fiches, slug="brouillon", live=False)

    def read_page(address):
        answer = Client().get(address)
        page = answer.content.decode()
        assert ("La page a été déplacée ou supprimée" in page) == (answer.status_code == 404 and message not in page)
        return answer.status_code, message in page, "La confiture" in page

    assert read_page("/fiches/recette/") == (200, False, True)
    assert read_page("/fiches/recette/nulle-part/") == (404, False, False)
    page.unpublish()
    assert read_page("/fiches/recette/") == (404, True, False)
    assert read_page("/fiches/brouillon/") == read_page("/recette/") == (404, False, False)
    FichePage.objects.get(pk=page.pk).delete()
    assert read_page("/fiches/recette/") == (404, True, False)


def test_a_restriction_on_the_list_withdraws_it_and_all_its_fiches(tree):
    FichePageFactory(parent=tree.fiches, slug="recette")
    restriction = PageViewRestriction.objects.create(page=tree.fiches, restriction_type="login")
    assert withdrawn_slugs() == ["recette", "fiches"]
    restriction.delete()
    assert withdrawn_slugs() == []


def test_a_draft_is_in_no_row(tree):
    FichePageFactory(parent=tree.fiches, live=False)
    assert not Publication.objects.filter(kind="fiche").exists()


def test_what_reads_as_before_keeps_its_date(tree):
    fiche = FichePageFactory(parent=tree.fiches)
    fiche.save()  # by itself, which builds its contents
    before = row(fiche).sequence
    fiche.save()
    assert row(fiche).sequence == before
    assert [ledger.record(kind, [fiche.pk]) for kind in ("fiche", "inconnue")] == [True, False]


def test_contents_that_another_release_of_the_code_wrote_are_made_again(tree, monkeypatch):
    fiche = FichePageFactory(parent=tree.fiches, slug="recette", title="La recette")
    assert read("/api/v1/fiches/recette")["titre"] == "La recette"
    build = ledger.kind("fiche").build
    mended = ledger.kind("fiche")._replace(
        build=lambda pks: {pk: {**data, "titre": data["titre"].upper()} for pk, data in build(pks).items()}
    )
    monkeypatch.setitem(ledger._kinds, "fiche", mended)
    monkeypatch.setattr(ledger, "release", lambda: "another")
    assert read("/api/v1/fiches/recette")["titre"] == "LA RECETTE"
    assert read("/api/v1/fiches")["items"][0]["titre"] == "LA RECETTE"
    assert (row(fiche).release, "LA RECETTE" in row(fiche).contents) == ("another", True)


def test_the_list_is_read_after_a_server_of_an_older_release_drew_a_card_that_a_newer_one_forgot(tree, monkeypatch):
    FichePageFactory(parent=tree.fiches, title="Recette")
    [draw], running = ledger._drawing, ["older"]
    for module in (ledger, cards):
        monkeypatch.setattr(module, "release", lambda: running[-1])

    def draw_while_a_newer_server_starts(pks):
        drawn = draw(pks)
        running.append("newer")
        assert [fiche["titre"] for fiche in read("/api/v1/fiches")["items"]] == ["Recette"]
        running.append("older")
        return drawn

    assert [fiche["titre"] for fiche in read("/api/v1/fiches?tri=titre")["items"]] == ["Recette"]
    monkeypatch.setattr(ledger, "_drawing", [draw_while_a_newer_server_starts])
    assert ledger.draw_missing_cards(10) == 1
    monkeypatch.setattr(ledger, "_drawing", [draw])
    running.append("newer")
    page = BeautifulSoup(Client().get("/fiches/").content, "html.parser")
    assert [card.get_text(strip=True) for card in page.select(".card__title")] == ["Recette"]


@pytest.mark.parametrize(
    ("make", "rename", "where"),
    [
        (lambda: PartenaireFactory(nom="Réseau"), "nom", lambda fiche: fiche["partenaire"]["nom"]),
        (lambda: CritereFactory(name="Frugal"), "name", lambda fiche: fiche["grille"][0]["criteres"][0]["nom"]),
    ],
    ids=["partner", "criterion"],
)
def test_a_record_that_is_renamed_is_told_by_its_fiches_and_dates_them(tree, make, rename, where):
    record = make()
    fiche = FichePageFactory(parent=tree.fiches, slug="recette", partenaire=record if rename == "nom" else None)
    if rename == "name":
        fiche.criteres.add(record)
        fiche.save()
    other = FichePageFactory(parent=tree.fiches)
    before = row(other).sequence
    setattr(record, rename, "Autre nom")
    record.save()
    assert where(read("/api/v1/fiches/recette")) == "Autre nom"
    assert row(fiche).sequence > before == row(other).sequence


def test_an_etape_and_its_fiches_change_together(tree):
    fiche = FichePageFactory(parent=tree.fiches, slug="recette")
    etape = EtapePageFactory(parent=tree.etapes, slug="dole", title="Dole")
    etape.presentations.add(PresentationDeFiche(fiche=fiche))
    etape.save_revision().publish()
    assert [item["titre"] for item in read("/api/v1/fiches/recette")["etapes"]] == ["Dole"]
    etape.title = "Dole en fête"
    etape.save_revision().publish()
    assert [item["titre"] for item in read("/api/v1/fiches/recette")["etapes"]] == ["Dole en fête"]
    assert [item["titre"] for item in read("/api/v1/etapes/dole")["fiches"]] == [fiche.title]
    fiche.title = "La confiture"
    fiche.save_revision().publish()
    assert [item["titre"] for item in read("/api/v1/etapes/dole")["fiches"]] == ["La confiture"]


def test_what_is_written_at_once_is_recorded(tree):
    fiche = FichePageFactory(parent=tree.fiches, slug="recette", contact_nom="Jeanne", contact_nom_public=True)
    assert read("/api/v1/fiches/recette")["contact"]["nom"] == "Jeanne"
    update(FichePage.objects.filter(pk=fiche.pk), contact_nom_public=False)
    assert read("/api/v1/fiches/recette")["contact"] is None
    update(FichePage.objects.filter(pk=fiche.pk), live=False)
    assert withdrawn_slugs() == ["recette"]


def test_the_register_is_made_again_from_the_pages(tree):
    kept = FichePageFactory(parent=tree.fiches, slug="recette")
    lost = FichePageFactory(parent=tree.fiches, slug="perdue")
    Publication.objects.filter(object_id=kept.pk).delete()
    FichePage.objects.filter(pk=lost.pk).update(live=False)
    assert ledger.rebuild() == Publication.objects.filter(withdrawn_at=None).count()
    assert list(Publication.objects.filter(kind="fiche", withdrawn_at=None)) == [row(kept)]
    assert orjson.loads(ledger.contents("fiche", [kept.pk])[kept.pk])["slug"] == "recette"
    assert withdrawn_slugs() == ["perdue"]


def test_the_words_of_a_register_made_again_by_a_command_are_french(tree, client):
    FichePageFactory(parent=tree.fiches, title="Le jardin qui soigne", statut="fondation")
    with translation.override(None):  # as commands run
        ledger.rebuild()
    assert [found["titre"] for found in client.get("/api/v1/fiches", {"q": "fondation"}).json()["items"]] == [
        "Le jardin qui soigne"
    ]


def test_no_page_is_written_at_once_behind_the_register_s_back():
    found = set()
    for room in ("etapes", "fiches", "home", "search", "site"):
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts and path.name != "ledger.py":
                for match in re.finditer(r"\b(\w*Page|type\(page\))\.objects\b[^\n]*\.update\(", path.read_text()):
                    found.add((str(path.relative_to(ROOT)), match[1]))
    assert found == set()


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("factory", [FichePageFactory, EtapePageFactory])
def test_that_a_page_is_deleted_is_said_once(tree, factory, live):
    parent = tree.fiches if factory is FichePageFactory else tree.etapes
    page, heard = factory(parent=parent, live=live), []

    def hear(sender, pks, is_direct, is_gone, **kwargs):
        heard.append((pks, is_direct, is_gone))

    ledger.recorded.connect(hear)
    pk = page.pk
    page.delete()
    ledger.recorded.disconnect(hear)
    assert heard == ([([pk], True, True)] if live else [])
    assert not Publication.objects.filter(object_id=pk, withdrawn_at=None).exists()


@pytest.mark.parametrize("settle", [first_filling.fill, ledger.rebuild])
def test_pages_whose_kind_is_registered_later_are_public_once_and_never_withdrawn(tree, monkeypatch, settle):
    """A host calls ``register_kind`` on a site that has pages, goes on publishing, and may take it away again."""
    pages = [ContentPageFactory(parent=tree.home, title="Le programme", slug=slug) for slug in ("un", "deux")]
    private = ContentPageFactory(parent=tree.home, slug="prive")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    before, withdrawn = read("/api/v1/pages")["count"], withdrawn_slugs()

    def check(kind):
        listed = read("/api/v1/pages")
        assert (listed["count"], len(listed["items"]), withdrawn_slugs()) == (before, before, withdrawn)
        assert [row(page).kind for page in pages] == [kind, kind]
        assert words_of("programme") == 2

    with monkeypatch.context() as registered:
        kind = ledger.Kind("programme", ContentPage, page_resource.build_pages)
        registered.setitem(ledger._kinds, kind.name, kind)  # as register_kind() does
        registered.setitem(publications.KINDS, ContentPage, kind.name)
        pages[0].save_revision().publish()
        settle()
        check("programme")
        lost = ContentPageFactory(parent=tree.home, slug="perdue")
    lost.delete()
    settle()
    withdrawn.append("perdue")
    check("page")


def test_what_is_withdrawn_before_the_new_kind_is_settled_is_told(tree, monkeypatch):
    """Its row still has the kind of before, under which nothing withdraws it."""
    pages = [ContentPageFactory(parent=tree.home, slug=slug) for slug in ("depublie", "prive", "efface", "public")]
    monkeypatch.setitem(ledger._kinds, "programme", ledger.Kind("programme", ContentPage, page_resource.build_pages))
    monkeypatch.setitem(publications.KINDS, ContentPage, "programme")
    pages[0].unpublish()
    PageViewRestriction.objects.create(page=pages[1], restriction_type=PageViewRestriction.LOGIN)
    pages[2].delete()
    first_filling.fill()
    listed = read("/api/v1/pages?type=page&par_page=1")
    assert (listed["count"], [each["slug"] for each in listed["items"]]) == (1, ["public"])
    assert sorted(withdrawn_slugs()) == ["depublie", "efface", "prive"]


def words_of(word):
    return Mot.objects.filter(mot=word).values_list("frequence", flat=True).first()


def test_the_pages_of_a_site_that_installs_the_package_are_known_once_it_is_migrated(tree, client):
    """They were published before: a separate front end would not find its home page."""
    Publication.objects.all().delete()
    assert client.get("/api/v1/pages?chemin=/").status_code == 404
    first_filling.fill()
    (home,) = client.get("/api/v1/pages?chemin=/").json()["items"]
    assert home["id"] == tree.home.pk
    first = row(tree.home).sequence
    first_filling.fill()
    assert row(tree.home).sequence == first


def test_saving_a_picture_or_a_partner_costs_the_same_for_one_fiche_and_for_thirty(tree):
    costs = []
    for number in (1, 30):
        image = IllustrationFactory()
        partner = PartenaireFactory(logo=image)
        for _each in range(number):
            FichePageFactory(parent=tree.fiches, photo=image, photo_alt="Un four", partenaire=partner)
        for record in (image, partner):
            record.save()
            with CaptureQueriesContext(connection) as saved:
                record.save()
            costs.append(len(saved))
    assert costs[:2] == costs[2:]


@pytest.mark.parametrize("write", [ledger.record, ledger.forget])
def test_who_writes_the_register_waits_for_others_before_it_reads_the_rows(tree, write):
    """Else the frequencies of words that another one changes meanwhile would be counted twice."""
    fiche = FichePageFactory(parent=tree.fiches)
    with CaptureQueriesContext(connection) as asked:
        write("fiche", [fiche.pk])
    first = [query["sql"] for query in asked if query["sql"].startswith("SELECT")][0]
    assert f'FROM "{Version._meta.db_table}"' in first
