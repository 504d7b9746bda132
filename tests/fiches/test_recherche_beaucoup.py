"""Of many matches, a page shows the first ones of the whole order, at a price that doesn't grow with them."""

import pytest
from django.http import QueryDict

from bench.copies import copy_fiches
from fiches.models import FichePage
from fiches.query.fiche_filter import FicheFilter
from tests.factories import CritereFactory, FichePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(tree):
    """A hundred and fifty fiches, whose words are all common."""
    CritereFactory()
    original = FichePageFactory(
        parent=tree.fiches, title="Le jardin", organisation="Association du jardin", chapo="Une commune y plante."
    )
    copy_fiches([original], 149)


def first(query, stop):
    return FicheFilter.parse(QueryDict(query)).keys(stop=stop)


def questions():
    """A word of the texts, of the titles, a title's beginning, a whole title, an organisation, two words, with a facet."""
    fiche = FichePage.objects.order_by("path").last()
    begun = fiche.title.split()[0]
    found = ["commune", "association", begun, fiche.title, fiche.organisation, f"{begun} commune"]
    return [f"q={words}" for words in found] + ["q=commune&departement=25", "q=commune xqzjkw"]


def test_the_first_are_the_same_as_in_the_whole_order(many):
    whole = {question: FicheFilter.parse(QueryDict(question)).ids for question in questions()}
    assert min(len(pks) for question, pks in whole.items() if question == "q=commune") > 60
    for question, expected in whole.items():
        for stop in (1, 3, 7, 20, 40):
            assert (question, stop, first(question, stop)) == (question, stop, expected[:stop])
        page = FicheFilter.parse(QueryDict(f"{question}&page=2&par_page=10"))
        if page.pages > 1:
            assert (question, page.page_ids) == (question, expected[10:20])


def test_an_old_fiche_of_that_very_title_stands_before_many_newer_ones(tree):
    old = FichePageFactory(parent=tree.fiches, title="Verger")
    begun = FichePageFactory(parent=tree.fiches, title="Verger partagé")
    newer = [FichePageFactory(parent=tree.fiches, title=f"Le {n}e verger") for n in range(8)]
    assert first("q=verger", 3) == [old.pk, begun.pk, newer[-1].pk]
