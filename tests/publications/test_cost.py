"""What a publication costs: a literal number of statements, and no more when there are many fiches."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fiches.models import FicheCritere, FicheFinanceur
from tests.factories import (
    CritereFactory,
    EditionFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


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
    return fiche


def statements(fiche, chapo):
    fiche.chapo = chapo
    with CaptureQueriesContext(connection) as captured:
        fiche.save_revision().publish()
    return len(captured)


def test_publishing_a_fiche_takes_at_most_120_statements_and_as_many_among_thirty(tree, recette):
    """Savepoints included; a process reads each type of content once, whichever test is first."""
    statements(recette, "Une première fois")
    alone = statements(recette, "Autre")
    assert alone <= 120
    FichePageFactory.create_batch(30, parent=tree.fiches)
    statements(recette, "Encore un")
    assert statements(recette, "Enfin") <= alone
