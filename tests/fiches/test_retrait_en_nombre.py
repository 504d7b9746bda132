"""Pages deleted many at once leave nothing behind, and what is tied to something leaves as Wagtail deletes it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, ReferenceIndex, Revision
from wagtail.search.models import IndexEntry

from bench import generation
from fiches.models import (
    FicheCritere,
    FicheIndexPage,
    FicheMotCle,
    FichePage,
    FicheSupprimee,
    Mot,
    Publication,
    PublicationValue,
)
from fiches.publications import ledger
from fiches.publications.deletion import delete_pages, tied
from tests.factories import CritereFactory, EtapePageFactory, FichePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(tree):
    CritereFactory()
    generation.main(["6"])
    return list(FichePage.objects.order_by("pk"))


def left_of(pks):
    """The rows that name these pages, less the tombstones."""
    keys = list(map(str, pks))
    return [
        Page.objects.filter(pk__in=pks).count(),
        FichePage.objects.filter(pk__in=pks).count(),
        FicheCritere.objects.filter(content_object__in=pks).count(),
        FicheMotCle.objects.filter(content_object__in=pks).count(),
        PublicationValue.objects.filter(publication__object_id__in=pks).count(),
        IndexEntry.objects.filter(object_id__in=keys, content_type__model="fichepage").count(),
        ReferenceIndex.objects.filter(object_id__in=keys, base_content_type__model="page").count(),
        Revision.objects.filter(object_id__in=keys, base_content_type__model="page").count(),
        FicheSupprimee.objects.count(),
        Publication.objects.filter(object_id__in=pks, withdrawn_at=None).count(),
    ]


def words():
    return list(Mot.objects.order_by("mot").values_list("mot", "frequence"))


def test_those_to_which_nothing_is_tied_leave_with_their_rows(made, monkeypatch):
    ledger.rebuild()
    ReferenceIndex.create_or_update_for_object(made[0])
    assert tied({fiche.pk for fiche in made}) == set()
    monkeypatch.setattr(FichePage, "unpublish", None)  # nothing is asked of a page
    pks = [fiche.pk for fiche in made]
    assert delete_pages(FichePage.objects.all()) == 6
    assert left_of(pks) == [0] * 10
    assert Publication.objects.filter(object_id__in=pks, withdrawn_at__isnull=False).count() == 6
    assert FicheIndexPage.objects.get().numchild == 0
    assert Page.find_problems() == ([], [], [], [], [])
    counted = words()
    ledger.rebuild()
    assert words() == counted


def test_partners_are_told_that_they_are_gone(made, client):
    delete_pages(FichePage.objects.all())
    gone = client.get("/api/v1/suppressions").json()["items"]
    assert {fiche["id"] for fiche in gone} == {fiche.pk for fiche in made}


def test_what_hangs_on_a_fiche_leaves_with_it_and_the_others_stay(tree, made):
    other = FichePageFactory(parent=tree.fiches)
    made[0].save_revision().publish()
    made[1].save_revision()
    assert tied({fiche.pk for fiche in made}) == {made[0].pk, made[1].pk}
    pks = [fiche.pk for fiche in made]
    assert delete_pages(FichePage.objects.exclude(pk=other.pk)) == 6
    assert left_of(pks) == [0] * 10
    assert list(FichePage.objects.all()) == [other]
    assert [row.object_id for row in Publication.objects.filter(kind="fiche", withdrawn_at=None)] == [other.pk]
    assert FicheIndexPage.objects.get().numchild == 1


def test_a_page_below_a_redirection_and_a_translation_are_ties(tree, made):
    made[0].add_child(instance=Page(title="Dessous", slug="dessous"))
    Redirect.objects.create(old_path="/avant", redirect_page=made[1])
    Page.objects.filter(pk=made[2].pk).update(
        translation_key=tree.fiches.translation_key, locale=Locale.objects.create(language_code="de")
    )
    assert tied({fiche.pk for fiche in made}) == {fiche.pk for fiche in made[:3]}


def test_the_questions_do_not_grow_with_the_pages(made):
    with CaptureQueriesContext(connection) as of_six:
        delete_pages(FichePage.objects.all())
    generation.main(["40"])
    with CaptureQueriesContext(connection) as of_forty:
        delete_pages(FichePage.objects.all())
    assert len(of_forty) < len(of_six) + 40  # words that nobody says any more leave a hundred at a time


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("factory", [FichePageFactory, EtapePageFactory])
def test_that_a_page_is_deleted_is_said_once(tree, factory, live):
    parent = tree.fiches if factory is FichePageFactory else tree.etapes
    page, heard = factory(parent=parent, live=live), []

    def hear(sender, pks, is_gone, **kwargs):
        heard.append((pks, is_gone))

    ledger.recorded.connect(hear)
    pk = page.pk
    page.delete()
    ledger.recorded.disconnect(hear)
    assert heard == ([([pk], True)] if live else [])
    assert not Publication.objects.filter(object_id=pk, withdrawn_at=None).exists()
