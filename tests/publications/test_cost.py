"""What a publication costs: a literal number of statements, and no more when there are many fiches."""

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from etapes.models import PresentationDeFiche
from fiches.models import FicheCritere, FicheFinanceur, FichePage, Publication
from tests.factories import (
    CritereFactory,
    EditionFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def recette(tree, settings):
    """A fiche such as the demonstration's, published once."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    partner = PartenaireFactory()
    fiche = FichePageFactory(
        parent=tree.fiches,
        partenaire=partner,
        edition=EditionFactory(),
        commune_id="25462",
        photo=IllustrationFactory(),
    )
    fiche.fiche_criteres = [FicheCritere(tag=CritereFactory()) for _number in range(2)]
    fiche.financements = [FicheFinanceur(partenaire=partner)]
    fiche.save_revision().publish()
    return FichePage.objects.get(pk=fiche.pk)


def statements(page, chapo):
    page = type(page).objects.get(pk=page.pk)
    page.chapo = chapo
    with CaptureQueriesContext(connection) as captured, TestCase.captureOnCommitCallbacks(execute=True):
        page.save_revision().publish()
    return len(captured)


def present(fiche, tree, number):
    for _each in range(number):
        etape = EtapePageFactory(parent=tree.etapes, organisateurs=[PartenaireFactory()])
        etape.presentations = [PresentationDeFiche(fiche=fiche)]
        etape.save()


def test_publishing_a_fiche_takes_at_most_110_statements_whatever_shows_it(tree, recette):
    """Savepoints included; a process reads each type of content once, whichever test is first."""
    present(recette, tree, 1)
    statements(recette, "Une première fois")
    alone = statements(recette, "Autre")
    assert alone <= 110
    present(recette, tree, 9)
    statements(recette, "Partout")
    assert statements(recette, "Ici") <= alone
    FichePageFactory.create_batch(100, parent=tree.fiches)
    statements(recette, "Encore un")
    assert statements(recette, "Enfin") <= alone


def test_an_etape_that_shows_ten_fiches_is_published_with_as_many_statements_as_with_one(tree, recette):
    etape = EtapePageFactory(parent=tree.etapes)
    etape.presentations = [PresentationDeFiche(fiche=recette)]
    etape.save_revision().publish()
    statements(etape, "Une première fois")
    alone = statements(etape, "Autre")
    assert alone <= 110
    fiches = FichePageFactory.create_batch(9, parent=tree.fiches)
    etape.presentations = [PresentationDeFiche(fiche=fiche) for fiche in (recette, *fiches)]
    etape.save_revision().publish()
    statements(etape, "Partout")
    assert statements(etape, "Ici") <= alone


def test_a_fiche_and_the_etapes_that_show_it_are_recorded_under_one_number(tree, recette):
    present(recette, tree, 2)
    recette.title = "Un autre nom"
    recette.save_revision().publish()
    rows = Publication.objects.filter(kind__in=("fiche", "etape"))
    assert len(rows) == 3
    assert {row.sequence for row in rows} == {max(row.sequence for row in Publication.objects.all())}


def test_rows_that_are_the_same_are_not_written_again(tree, recette):
    kept = list(recette.fiche_criteres.all())
    recette.fiche_criteres = [kept[1], FicheCritere(tag=CritereFactory())]
    with CaptureQueriesContext(connection) as captured:
        recette.save_revision().publish()
    written = [
        each["sql"] for each in captured if "fichecritere" in each["sql"] and not each["sql"].startswith("SELECT")
    ]
    assert [sql.split()[0] for sql in written] == ["DELETE", "INSERT"]
    assert [link.pk for link in FichePage.objects.get(pk=recette.pk).fiche_criteres.all()][0] == kept[1].pk


def test_a_revision_restores_a_row_that_is_gone_and_leaves_out_a_criterion_that_is_deleted(tree, recette):
    before = recette.latest_revision
    first, second = recette.fiche_criteres.all()
    recette.fiche_criteres, recette.financements = [], []
    recette.save_revision().publish()
    second.tag.delete()
    before.publish()
    fiche = FichePage.objects.get(pk=recette.pk)
    assert [link.tag for link in fiche.fiche_criteres.all()] == [first.tag]
    assert fiche.financements.count() == 1
