"""Computes the ranking: weighted means, ties, lowest and highest. Sealed until the scoring is closed."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from fiches.models import FichePage
from fiches.palmares.enums import EtatDuPalmares
from fiches.palmares.models import Evaluation, Nomination, Note
from fiches.palmares.palmares_lock import ActionRefused

if TYPE_CHECKING:
    from fiches.palmares.models import Palmares


class Sealed(ActionRefused):
    """The scoring is not closed: nobody may read the scores of others, superusers included."""


@dataclass
class RankedNomination:
    """A nomination in the ranking. Means have two decimals, and those that are equal then are a tie."""

    nomination: Nomination
    # None if nobody scored it, or if its fiche is no longer online.
    rang: int | None = None
    ex_aequo: bool = False
    # [(Jure, mean, comment)] of the jurors who scored every criterion.
    avis: list = field(default_factory=list)
    # The jurors who did not score every criterion.
    manquants: list = field(default_factory=list)
    # The jurors who keep away.
    deportes: list = field(default_factory=list)
    en_ligne: bool = True

    @property
    def moyennes(self) -> list[float]:
        return [mean for _jure, mean, _comment in self.avis]

    @property
    def moyenne(self) -> float | None:
        return round(sum(self.moyennes) / len(self.moyennes), 2) if self.avis else None

    @property
    def minimum(self) -> float | None:
        return min(self.moyennes, default=None)

    @property
    def maximum(self) -> float | None:
        return max(self.moyennes, default=None)


def ranking(palmares: "Palmares") -> Any:
    """Returns ``[(Categorie, [RankedNomination])]``, the best first; equal means share a rank: 1, 1, 3.

    The number of queries does not depend on the number of nominations and jurors.

    :raises Sealed: the scoring is not closed.
    """
    if palmares.etat != EtatDuPalmares.CLOSE:
        raise Sealed(_("The scores are sealed until the scoring is closed."))
    lines = _lines(palmares)
    grouped = groupby(lines, key=lambda line: line.nomination.categorie)
    return [(category, ranked(list(members))) for category, members in grouped]


def ranked(lines: Any) -> Any:
    """Sorts a category and sets ``rang`` and ``ex_aequo``. Nominations without a score or not online come last, unranked."""
    scored = sorted((line for line in lines if line.avis and line.en_ligne), key=lambda line: -line.moyenne)
    for position, line in enumerate(scored, start=1):
        before = scored[position - 2] if position > 1 else None
        line.rang = position
        if before and before.moyenne == line.moyenne:
            line.rang, line.ex_aequo, before.ex_aequo = before.rang, True, True
    return scored + [line for line in lines if line.rang is None]


def weighted_mean(scores: dict[int, int], weights: dict[int, int]) -> float | None:
    """Returns the mean of ``scores`` (``{criterion: score}``); None if one of ``weights`` lacks a score."""
    if not weights or weights.keys() - scores.keys():
        return None
    return sum(scores[key] * weight for key, weight in weights.items()) / sum(weights.values())


def _lines(palmares: "Palmares") -> list[RankedNomination]:
    nominations = Nomination.objects.filter(categorie__palmares=palmares).select_related("categorie", "fiche")
    nominations = list(nominations.order_by("categorie__sort_order", "categorie_id", "sort_order", "pk"))
    fiches = [each.fiche_id for each in nominations]
    online = set(FichePage.objects.visible().filter(pk__in=fiches).values_list("pk", flat=True))
    means, jurors = _means(palmares), list(palmares.jures.all())
    lines = []
    for nomination in nominations:
        line = RankedNomination(nomination, en_ligne=nomination.fiche_id in online)
        for juror in jurors:
            mean, comment, is_away = means.get((juror.pk, nomination.pk), (None, "", False))
            if is_away:
                line.deportes.append(juror)
            elif mean is None:
                line.manquants.append(juror)
            else:
                line.avis.append((juror, mean, comment))
        lines.append(line)
    return lines


def _means(palmares: "Palmares") -> dict[tuple[int, int], tuple[float | None, str, bool]]:
    """Returns ``{(key of a juror, key of a nomination): (mean or None, comment, whether the juror keeps away)}``."""
    weights = dict(palmares.criteres.values_list("pk", "poids"))
    scores: dict[int, dict[int, int]] = defaultdict(dict)
    for evaluation, criterion, value in Note.objects.filter(evaluation__jure__palmares=palmares).values_list(
        "evaluation_id", "critere_id", "valeur"
    ):
        scores[evaluation][criterion] = value
    evaluations = Evaluation.objects.filter(jure__palmares=palmares)
    return {
        (each.jure_id, each.nomination_id): (weighted_mean(scores[each.pk], weights), each.commentaire, each.a_l_ecart)
        for each in evaluations
    }
