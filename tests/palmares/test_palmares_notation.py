"""Scoring: jurors score separately, without the fiches of their conflicts, with weights, until the scoring is closed."""

import pytest

from fiches.palmares.models import Evaluation, Palmares, Rang
from fiches.palmares.scoring import nominations, progress, ranking, weighted_mean
from fiches.palmares.transitions import ActionRefused, close_scoring, open_scoring, publish_now, record_decision
from tests.palmares.conftest import Rally


def lines(rally):
    rally.categorie.palmares = rally.fresh()
    return ranking(rally.categorie)


def test_a_mean_counts_each_criterion_by_its_weight_and_waits_for_all_of_them():
    assert weighted_mean({"1": 5, "2": 1}, {"1": 3, "2": 1}) == 4
    assert weighted_mean({"1": 5}, {"1": 3, "2": 1}) is None
    assert weighted_mean({}, {}) is None


def test_the_best_mean_comes_first_with_its_spread_who_is_missing_and_what_they_remarked(rally):
    rally.open()
    rally.score(0, 0, 1, 5)
    rally.score(0, 1, 5, 1)
    rally.score(1, 1, 3, 3)
    rally.score(1, 0, None, 3, "Elle me concerne de près.")
    assert progress(rally.palmares) == {rally.jury[0].pk: 2, rally.jury[1].pk: 1}
    rally.close()
    best, second, last = lines(rally)
    assert (best.nomination, best.moyenne, best.minimum, best.maximum) == (rally.nominations[1], 3.5, 3, 4)
    assert (second.moyenne, second.manquants) == (2, [rally.jury[1]])
    assert second.avis == [(rally.jury[0], 2, ""), (rally.jury[1], None, "Elle me concerne de près.")]
    assert (last.moyenne, last.manquants) == (None, rally.jury)


def test_nobody_reads_the_ranking_before_the_scoring_is_closed(rally):
    rally.open()
    rally.score(0, 0, 5, 5)
    with pytest.raises(ActionRefused):
        lines(rally)
    rally.close()
    assert lines(rally)[0].moyenne == 5


def test_no_score_changes_but_while_the_scoring_is_open(rally):
    with pytest.raises(ActionRefused, match="La notation n’est pas ouverte"):
        rally.score(0, 0, 5, 5)
    rally.open()
    rally.score(0, 0, 3, 3)
    rally.close()
    with pytest.raises(ActionRefused):
        rally.score(0, 0, 5, 5)
    assert set(rally.evaluation(0).notes.values()) == {3}


@pytest.mark.parametrize("value", [-1, 6])
def test_a_score_out_of_the_scale_is_refused_and_nothing_of_it_is_kept(rally, value):
    rally.open()
    with pytest.raises(ActionRefused):
        rally.score(0, 0, 3, value)
    assert not Evaluation.objects.exists()


def test_another_edition_s_fiche_is_not_scored(rally, tree):
    other = Rally(tree, year=2014)
    rally.open()
    other.open()
    rally.nominations[0] = other.nominations[0]
    with pytest.raises(ActionRefused):
        rally.score(0, 0, 3, 3)


def test_what_the_public_may_no_longer_read_is_not_scored_and_has_no_rank(rally):
    rally.open()
    rally.score(0, 0, 5, 5)
    rally.fiches[0].unpublish()
    assert [each.fiche for each in nominations(rally.palmares.pk)] == rally.fiches[1:]
    rally.close()
    assert [(line.nomination.fiche.title, line.en_ligne) for line in lines(rally)] == [
        ("Fiche 2", True),
        ("Fiche 3", True),
        ("Fiche 1", False),
    ]


def test_a_palmares_is_opened_once_it_is_whole_and_closed_once(rally):
    rally.palmares.jures.all().delete()
    with pytest.raises(ActionRefused, match="jury"):
        rally.open()
    rally.jury = [rally.juror("Jurée")]
    rally.open()
    with pytest.raises(ActionRefused):
        open_scoring(rally.palmares)
    rally.close()
    with pytest.raises(ActionRefused):
        close_scoring(rally.palmares)


def test_a_decision_is_kept_with_its_reasons_beside_the_one_that_takes_its_place(rally):
    rally.open()
    rally.close()
    first = rally.decide((0, Rang.PREMIER, "Bravo."), motifs="Le classement.")
    with pytest.raises(ActionRefused):
        rally.decide((1, Rang.PREMIER, "Bravo."), motifs="Sans avoir lu la première.")
    record_decision(
        rally.categorie,
        prizes=[(rally.nominations[1], Rang.PREMIER, "Bravo.")],
        motifs="Après débat, le jury s’écarte du classement.",
        by=rally.staff,
        read=first.pk,
    )
    kept = rally.categorie.decisions.order_by("pk").values_list("motifs", "en_vigueur", "par_nom")
    assert list(kept) == [
        ("Le classement.", False, rally.staff.username),
        ("Après débat, le jury s’écarte du classement.", True, rally.staff.username),
    ]


def test_nothing_is_announced_while_a_category_awaits_its_decision(rally):
    rally.open()
    rally.close()
    with pytest.raises(ActionRefused, match="Coopération"):
        publish_now(rally.palmares)
    assert Palmares.objects.get().embargo is None
