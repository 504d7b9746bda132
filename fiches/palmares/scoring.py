"""Scores of one juror: what they may score, saving. Never returns another juror's scores."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.models import FichePage
from fiches.palmares.enums import EtatDuPalmares
from fiches.palmares.models import Evaluation, Jure, Nomination, Note
from fiches.palmares.palmares_lock import ActionRefused, lock_palmares, public_changed

if TYPE_CHECKING:
    from fiches.palmares.models import Palmares


class ScoringClosed(ActionRefused):
    """The scoring is not open; nothing was saved."""


def seats_of(user: Any) -> QuerySet:
    """Returns the ``Jure`` rows of a user in the editions whose scoring was opened, newest first."""
    jures = Jure.objects.filter(compte=user).exclude(palmares__etat=EtatDuPalmares.PREPARATION)
    return jures.select_related("palmares__edition").order_by("-palmares__edition__annee")


def nominations(palmares: int) -> QuerySet:
    """Returns the nominations of public fiches, in the order of the categories."""
    found = Nomination.objects.filter(categorie__palmares=palmares, fiche__in=FichePage.objects.visible())
    order = ("categorie__sort_order", "categorie_id", "sort_order", "pk")
    return found.select_related("categorie", "fiche__commune").order_by(*order)


def own_evaluations(jure: Jure) -> dict[int, tuple[Evaluation, dict[int, int]]]:
    """Returns ``{key of a nomination: (Evaluation, {key of a criterion: score})}`` of one juror. Two queries."""
    scores: dict[int, dict[int, int]] = defaultdict(dict)
    for note in Note.objects.filter(evaluation__jure=jure):
        scores[note.evaluation_id][note.critere_id] = note.valeur
    return {each.nomination_id: (each, scores[each.pk]) for each in Evaluation.objects.filter(jure=jure)}


def progress(palmares: "Palmares") -> dict[int, tuple[int, int]]:
    """Returns ``{key of a juror: (number of nominations fully scored, number to score)}``, without any score."""
    criteria, total = palmares.criteres.count(), nominations(palmares.pk).count()
    visible = Q(evaluations__nomination__in=nominations(palmares.pk).order_by().values("pk"))
    away = palmares.jures.annotate(number=Count("evaluations", visible & Q(evaluations__a_l_ecart=True)))
    kept = Evaluation.objects.filter(jure__palmares=palmares, a_l_ecart=False, nomination__in=nominations(palmares.pk))
    done: dict[int, int] = defaultdict(int)
    for juror, number in kept.annotate(number=Count("notes")).values_list("jure_id", "number"):
        done[juror] += number >= criteria > 0
    return {juror.pk: (done[juror.pk], total - juror.number) for juror in away}


@transaction.atomic
def save_scores(
    *, jure: Jure, nomination: Nomination, notes: dict[int, int | None], commentaire: str, a_l_ecart: bool = False
) -> Evaluation:
    """Saves a juror's scores and comment on one nomination.

    :param notes: ``{key of a criterion: score or None}``; None deletes a score.
    :param a_l_ecart: the juror has an interest in the fiche; the scores are kept, and don't count.
    :raises ScoringClosed: the scoring is not open.
    :raises ActionRefused: the juror may not score this nomination, or a score is out of scale.
    """
    palmares = lock_palmares(jure.palmares_id)
    if palmares.etat == EtatDuPalmares.CLOSE:
        raise ScoringClosed(_("The scoring is closed: what was saved before stays, and this was not saved."))
    if palmares.etat != EtatDuPalmares.NOTATION:
        raise ScoringClosed(_("The scoring is not open."))
    if not nominations(palmares.pk).filter(pk=nomination.pk).exists():
        raise ActionRefused(_("This fiche is not yours to score."))
    criteria = set(palmares.criteres.values_list("pk", flat=True))
    scores = {key: value for key, value in notes.items() if value is not None}
    if not scores.keys() <= criteria or any(not 0 <= value <= palmares.note_maximale for value in scores.values()):
        raise ActionRefused(_("These scores don’t fit the scale."))
    evaluation, _created = Evaluation.objects.update_or_create(
        jure=jure, nomination=nomination, defaults={"commentaire": commentaire, "a_l_ecart": a_l_ecart}
    )
    evaluation.notes.exclude(critere__in=scores).delete()
    for criterion, value in scores.items():
        Note.objects.update_or_create(evaluation=evaluation, critere_id=criterion, defaults={"valeur": value})
    return evaluation


@transaction.atomic
def agree_to_be_named(jure: Jure, *, agrees: bool) -> None:
    """Stores whether the juror agrees to be named on the site. No cache serves a name that was taken back."""
    jure.accord_le = timezone.now() if agrees else None
    jure.save(update_fields=["accord_le"])
    if not agrees:
        public_changed.send(sender=Jure, fiches=[])
