"""Of many matches, the first are found without telling the others apart, and the index is read as it should be."""

import pytest
from django.http import QueryDict

from bench import generation
from fiches.models import FichePage
from fiches.recherche import mots
from fiches.recherche.ensembles import bits, first_slots, members, slots
from fiches.recherche.filtre import FicheFilter
from fiches.recherche.indexation import MOTS
from fiches.recherche.moteur import Expression
from tests.factories import CritereFactory, FichePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(tree):
    """A hundred and fifty made-up fiches, whose words are all common."""
    CritereFactory()
    generation.main(["150"])


def first(query, stop):
    asked = FicheFilter.parse(QueryDict(query))
    return [asked.instantane.pks[slot] for slot in asked.ordered(stop)[:stop]]


def questions():
    """A word of the texts, of the titles, a title's beginning, a whole title, an organisation, two words, with a facet."""
    fiche = FichePage.objects.order_by("path").last()
    begun = fiche.title.split()[0]
    found = ["commune", "association", begun, fiche.title, fiche.organisation, f"{begun} commune"]
    return [f"q={words}" for words in found] + ["q=commune&departement=25", "q=commune xqzjkw"]


@pytest.mark.parametrize("looked_at", [1, 7, 40])
def test_the_first_are_the_same_as_in_the_whole_order(many, monkeypatch, looked_at):
    whole = {question: first(question, 1_000) for question in questions()}
    assert min(len(pks) for question, pks in whole.items() if question == "q=commune") > 60
    monkeypatch.setattr(mots, "FEW", looked_at)
    for question, expected in whole.items():
        for stop in {1, 3, 7, 20, 40} if looked_at < 40 else {20, 40}:
            assert (question, stop, first(question, stop)) == (question, stop, expected[:stop])


def test_an_old_fiche_of_that_very_title_stands_before_many_newer_ones(tree, monkeypatch):
    monkeypatch.setattr(mots, "FEW", 3)
    old = FichePageFactory(parent=tree.fiches, title="Verger")
    begun = FichePageFactory(parent=tree.fiches, title="Verger partagé")
    newer = [FichePageFactory(parent=tree.fiches, title=f"Le {n}e verger") for n in range(8)]
    assert first("q=verger", 3) == [old.pk, begun.pk, newer[-1].pk]


def test_of_many_matches_a_page_asks_the_index_twice_and_the_next_page_not_at_all(many, django_assert_num_queries):
    asked = FicheFilter.parse(QueryDict("q=commune"))
    with django_assert_num_queries(1):
        assert asked.count > 60
    asked.instantane.ensembles_de_mots.kept.clear()
    pages = [FicheFilter.parse(QueryDict(f"q=commune&page={page}")) for page in (1, 2)]
    with django_assert_num_queries(2):  # what has the words, then in which tier they have them
        assert len(pages[0].page_ids) > 1
    with django_assert_num_queries(0):
        assert set(pages[1].page_ids).isdisjoint(pages[0].page_ids)


def test_sets_of_slots_are_the_same_whichever_way_they_are_made():
    slot_of = {pk: slot for slot, pk in enumerate(range(9_000, 0, -3))}
    for keys in ([], [9_000], [3], [3, 6, 3], list(range(1, 9_001)), list(range(6_000, 9_100, 7))):
        expected = sorted(slot_of[pk] for pk in set(keys) if pk in slot_of)
        found = members(keys, slot_of)
        assert (found, slots(found)) == (bits(expected, len(slot_of)), expected)
        for number in (0, 1, 2, 500, 2_999, 5_000):
            assert first_slots(found, number) == expected[:number]


def test_what_is_asked_among_some_rows_finds_no_other(many):
    expression, some = Expression([[("commun",)]]), list(FichePage.objects.values_list("pk", flat=True))[::2]
    everywhere = MOTS.matching(expression)
    [found] = MOTS.matching_each([(expression, 4)], some)
    assert sorted(found) == sorted(set(everywhere) & set(some))
    assert MOTS.matching_each([(expression, 4), (expression, 1)], []) == [[], []]
