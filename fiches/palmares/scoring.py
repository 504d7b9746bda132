"""Scores of one juror, and those of all once the scoring is closed: means, spread, who is missing."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.models import FichePage
from fiches.palmares.models import Categorie, EtatDuPalmares, Evaluation, Jure, Nomination, Palmares
from fiches.palmares.transitions import ActionRefused, lock_palmares


def seats_of(user: Any) -> QuerySet:
    """Returns the ``Jure`` rows of a user in the editions whose scoring was opened, newest first."""
    jures = Jure.objects.filter(compte=user).exclude(palmares__etat=EtatDuPalmares.PREPARATION)
    return jures.select_related("palmares__edition").order_by("-palmares__edition__annee")


def nominations(palmares: int) -> QuerySet:
    """Returns the nominations of public fiches, in the order of the categories."""
    found = Nomination.objects.filter(categorie__palmares=palmares, fiche__in=FichePage.objects.visible())
    order = ("categorie__sort_order", "categorie_id", "sort_order", "pk")
    return found.select_related("categorie", "fiche__commune").order_by(*order)


def progress(palmares: Palmares) -> Counter[int]:
    """Returns ``{key of a juror: number of nominations fully scored}``, without any score."""
    weights = weights_of(palmares)
    saved = Evaluation.objects.filter(jure__palmares=palmares, nomination__in=nominations(palmares.pk))
    return Counter(each.jure_id for each in saved if weighted_mean(each.notes, weights) is not None)


@transaction.atomic
def save_scores(*, jure: Jure, nomination: Nomination, notes: dict[int, int | None], commentaire: str) -> Evaluation:
    """Saves a juror's scores and remark on one nomination.

    :param notes: ``{key of a criterion: score or None}``; None deletes a score.
    :raises ActionRefused: the scoring is not open, the juror may not score this nomination, or a score is out of scale.
    """
    palmares = lock_palmares(jure.palmares_id)
    if palmares.etat == EtatDuPalmares.CLOSE:
        raise ActionRefused(_("The scoring is closed: what was saved before stays, and this was not saved."))
    if palmares.etat != EtatDuPalmares.NOTATION:
        raise ActionRefused(_("The scoring is not open."))
    if not nominations(palmares.pk).filter(pk=nomination.pk).exists():
        raise ActionRefused(_("This fiche is not yours to score."))
    scores = {str(key): value for key, value in notes.items() if value is not None}
    is_in_scale = all(0 <= value <= palmares.note_maximale for value in scores.values())
    if not (is_in_scale and scores.keys() <= weights_of(palmares).keys()):
        raise ActionRefused(_("These scores don’t fit the scale."))
    evaluation, _created = Evaluation.objects.update_or_create(
        jure=jure, nomination=nomination, defaults={"notes": scores, "commentaire": commentaire}
    )
    return evaluation


def agree_to_be_named(jure: Jure, *, agrees: bool) -> None:
    """Stores whether the juror agrees to be named on the site."""
    jure.accord_le = timezone.now() if agrees else None
    jure.save(update_fields=["accord_le"])


# Once the scoring is closed


@dataclass
class ScoredNomination:
    """A nomination with what the jury thinks of it."""

    nomination: Nomination
    en_ligne: bool
    # [(Jure, mean or None, remark)] of the jurors who scored every criterion or wrote a remark.
    avis: list = field(default_factory=list)
    # The jurors who did not score every criterion.
    manquants: list = field(default_factory=list)

    @property
    def moyennes(self) -> list[float]:
        return [mean for _jure, mean, _remark in self.avis if mean is not None]

    @property
    def moyenne(self) -> float | None:
        return round(sum(self.moyennes) / len(self.moyennes), 2) if self.moyennes else None

    @property
    def minimum(self) -> float:
        return min(self.moyennes)

    @property
    def maximum(self) -> float:
        return max(self.moyennes)


def ranking(categorie: Categorie) -> list[ScoredNomination]:
    """Returns the nominations of a category, the best mean first; those without a score or not online come last.

    :raises ActionRefused: the scoring is not closed: nobody may read the scores of others, superusers included.
    """
    palmares = categorie.palmares
    if palmares.etat != EtatDuPalmares.CLOSE:
        raise ActionRefused(_("The scores are sealed until the scoring is closed."))
    weights, jurors = weights_of(palmares), list(palmares.jures.all())
    online = set(nominations(palmares.pk).values_list("pk", flat=True))
    saved = {(e.jure_id, e.nomination_id): e for e in Evaluation.objects.filter(nomination__categorie=categorie)}
    lines = []
    for nomination in categorie.nominations.select_related("fiche"):
        line = ScoredNomination(nomination, en_ligne=nomination.pk in online)
        for juror in jurors:
            evaluation = saved.get((juror.pk, nomination.pk), Evaluation())
            mean = weighted_mean(evaluation.notes, weights)
            if mean is None:
                line.manquants.append(juror)
            if mean is not None or evaluation.commentaire:
                line.avis.append((juror, mean, evaluation.commentaire))
        lines.append(line)
    return sorted(lines, key=lambda line: (line.en_ligne, line.moyenne is not None, line.moyenne or 0), reverse=True)


def weights_of(palmares: Palmares) -> dict[str, int]:
    """Returns ``{key of a criterion, as text: weight}``."""
    return {str(key): weight for key, weight in palmares.criteres.values_list("pk", "poids")}


def weighted_mean(scores: dict[str, int], weights: dict[str, int]) -> float | None:
    """Returns the mean of ``scores`` (``{criterion: score}``); None if one of ``weights`` lacks a score."""
    if not weights or weights.keys() - scores.keys():
        return None
    return sum(scores[key] * weight for key, weight in weights.items()) / sum(weights.values())
