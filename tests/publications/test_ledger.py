"""The register: what is public and what was, in the order of the commits, never older than the code."""

import json

import orjson
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.documents import get_document_model
from wagtail.models import PageViewRestriction

from etapes.models import PresentationDeFiche
from fiches.diffusion.after_publication import prepare
from fiches.models import FichePage, Publication, Version
from fiches.models.bulk import update
from fiches.publications import ledger, words
from fiches.publications.version import release
from tests.factories import (
    CritereFactory,
    EtapePageFactory,
    FichePageFactory,
    PartenaireFactory,
)

pytestmark = pytest.mark.django_db


def row(page):
    return Publication.objects.get(object_id=page.pk)


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

    def holds(*searched):
        return [word for word in searched if word in str(vars(row(fiche))).lower()]

    assert holds("confiture", "marmier") == ["confiture", "marmier"]
    fiche.unpublish()
    assert holds("confitur", "marmi", "jeanne") == []


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


def test_what_is_saved_without_a_change_dates_nothing(tree):
    """Neither the fiches of a partner nor those that link to a document."""
    document = get_document_model().objects.create(title="Plan", file=ContentFile(b"Un plan", name="plan.txt"))
    corps = json.dumps([{"type": "document", "value": {"document": document.pk, "titre": ""}}])
    fiche = FichePageFactory(parent=tree.fiches, partenaire=PartenaireFactory(), corps=corps)
    before = set(Publication.objects.values_list("object_id", "sequence"))
    fiche.partenaire.save()
    document.save()
    assert Publication.objects.filter(kind="fiche", object_id=fiche.pk).exists()
    assert set(Publication.objects.values_list("object_id", "sequence")) == before


def test_many_fiches_are_right_at_once_and_found_after_a_task(tree, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(ledger, "AT_ONCE", 1)
    partner = PartenaireFactory(nom="Réseau")
    slugs = ["un", "deux", "trois"]
    fiches = [FichePageFactory(parent=tree.fiches, slug=slug, partenaire=partner) for slug in slugs]
    before = Version.objects.get().number
    with django_capture_on_commit_callbacks(execute=False) as after:
        partner.nom = "Alvéole"
        partner.save()
    assert [read(f"/api/v1/fiches/{slug}")["partenaire"]["nom"] for slug in slugs] == ["Alvéole"] * 3
    for callback in after:
        callback()
    assert min(row(fiche).sequence for fiche in fiches) > before
    assert [read("/api/v1/fiches?q=alveole")["count"], read("/api/v1/fiches?q=reseau")["count"]] == [3, 0]


def test_many_pages_are_withdrawn_at_once_and_come_back_after_a_task(
    tree, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(ledger, "AT_ONCE", 1)
    for slug in ("un", "deux"):
        FichePageFactory(parent=tree.fiches, slug=slug)
    restriction = PageViewRestriction.objects.create(page=tree.fiches, restriction_type="login")
    assert {"un", "deux"} <= set(withdrawn_slugs())
    assert read("/api/v1/fiches")["count"] == 0
    with django_capture_on_commit_callbacks(execute=True):
        restriction.delete()
    assert (withdrawn_slugs(), read("/api/v1/fiches")["count"]) == ([], 2)


def test_after_a_release_contents_are_built_before_they_are_asked_for(tree):
    etape = EtapePageFactory(parent=tree.etapes, slug="dole")
    Publication.objects.update(release="before", contents="{}")
    prepare()
    assert (orjson.loads(row(etape).contents)["slug"], row(etape).release) == ("dole", release())


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


def test_the_search_is_made_again_even_if_no_page_changed(tree):
    """After a restored backup, or a release that cuts words otherwise."""
    fiche = FichePageFactory(parent=tree.fiches, slug="recette", title="La confiture")
    fiche.save()
    words.remove([row(fiche).pk])
    assert read("/api/v1/fiches?q=confiture")["count"] == 0
    ledger.rebuild()
    assert read("/api/v1/fiches?q=confiture")["count"] == 1


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("factory", [FichePageFactory, EtapePageFactory])
def test_that_a_page_is_deleted_is_said_once(tree, factory, live):
    parent = tree.fiches if factory is FichePageFactory else tree.etapes
    page, heard = factory(parent=parent, live=live), []

    def hear(sender, pks, is_direct, **kwargs):
        heard.append((pks, is_direct))

    ledger.recorded.connect(hear)
    pk = page.pk
    page.delete()
    ledger.recorded.disconnect(hear)
    assert heard == ([([pk], True)] if live else [])
    assert not Publication.objects.filter(object_id=pk, withdrawn_at=None).exists()


@pytest.mark.parametrize("write", [ledger.record, ledger.forget])
def test_who_writes_the_register_waits_for_others_before_it_reads_the_rows(tree, write):
    """Else the frequencies of words that another one changes meanwhile would be counted twice."""
    fiche = FichePageFactory(parent=tree.fiches)
    with CaptureQueriesContext(connection) as asked:
        write("fiche", [fiche.pk])
    first = [query["sql"] for query in asked if query["sql"].startswith("SELECT")][0]
    assert f'FROM "{Version._meta.db_table}"' in first
