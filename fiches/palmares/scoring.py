"""Scores of one juror: what they may score, their conflicts of interests, saving. Never returns another juror's scores."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.forms.older_screen import BY_NO_PAGE, Sending
from fiches.models import FichePage
from fiches.palmares.enums import EtatDuPalmares
from fiches.palmares.models import Deport, Evaluation, Jure, Nomination, Note
from fiches.palmares.palmares_lock import ActionRefused, lock_palmares, public_changed

if TYPE_CHECKING:
    from fiches.palmares.models import Palmares


class ScoringClosed(ActionRefused):
    """The scoring is not open; nothing was saved."""


def seats_of(user: Any) -> QuerySet:
    """Returns the ``Jure`` rows of a user in the editions whose scoring was opened, newest first."""
    jures = Jure.objects.filter(compte=user).exclude(palmares__etat=EtatDuPalmares.PREPARATION)
    return jures.select_related("palmares__edition").order_by("-palmares__edition__annee")


def nominations_for(jure: Jure) -> QuerySet:
    """Returns the nominations that a juror may score: public fiches without a conflict of interests, in the order of the
    categories."""
    return all_nominations(jure).exclude(fiche__in=_conflicted_fiches(jure))


def all_nominations(jure: Jure) -> QuerySet:
    """Returns the nominations of public fiches, with those for which the juror declared a conflict of interests."""
    return _nominations(jure.palmares_id)


def active_conflicts(jure: Jure) -> QuerySet:
    """Returns the conflicts of interests that a juror declared and did not lift."""
    return jure.deports.filter(leve_le=None).select_related("fiche")


def _nominations(palmares: int) -> QuerySet:
    nominations = Nomination.objects.filter(categorie__palmares=palmares, fiche__in=FichePage.objects.visible())
    order = ("categorie__sort_order", "categorie_id", "sort_order", "pk")
    return nominations.select_related("categorie", "fiche__commune").order_by(*order)


def _conflicted_fiches(jure: Jure) -> QuerySet:
    return Deport.objects.filter(jure=jure, leve_le=None).values("fiche_id")


def own_evaluations(jure: Jure) -> dict[int, tuple[Evaluation, dict[Any, Any]]]:
    """Returns ``{key of a nomination: (Evaluation, {key of a criterion: score})}`` of one juror. Two queries."""
    evaluations = {each.pk: each for each in Evaluation.objects.filter(jure=jure)}
    scores: dict[int, dict[int, int]] = defaultdict(dict)
    for note in Note.objects.filter(evaluation__jure=jure):
        scores[note.evaluation_id][note.critere_id] = note.valeur
    return {each.nomination_id: (each, scores[each.pk]) for each in evaluations.values()}


def progress(palmares: "Palmares") -> dict[int, tuple[int, int]]:
    """Returns ``{key of a juror: (number of nominations fully scored, number to score)}``, without any score."""
    criteria = palmares.criteres.count()
    nominations = list(_nominations(palmares.pk).values_list("pk", "fiche_id"))
    away = set(Deport.objects.filter(jure__palmares=palmares, leve_le=None).values_list("jure_id", "fiche_id"))
    criteria_scored: dict[tuple[int, int], int] = defaultdict(int)
    for key in Note.objects.filter(evaluation__jure__palmares=palmares).values_list(
        "evaluation__jure_id", "evaluation__nomination_id"
    ):
        criteria_scored[key] += 1
    counts = {}
    for jure in palmares.jures.all():
        to_score = [pk for pk, fiche in nominations if (jure.pk, fiche) not in away]
        counts[jure.pk] = (sum(criteria_scored[jure.pk, pk] >= criteria > 0 for pk in to_score), len(to_score))
    return counts


@transaction.atomic
def save_scores(
    *, jure: Jure, nomination: Nomination, notes: dict[int, int], commentaire: str, sending: Sending = BY_NO_PAGE
) -> Evaluation:
    """Saves a juror's scores and comment on one nomination, in one transaction.

    :param notes: ``{key of a criterion: score or None}``; None deletes a score.
    :param sending: the page that sends them. What it sent later stays.
    :returns: the ``Evaluation``.
    :raises ScoringClosed: the scoring is not open.
    :raises ActionRefused: the juror may not score this nomination, or a score is out of scale.
    """
    palmares = lock_palmares(jure.palmares_id)
    _require_open_scoring(palmares)
    if not nominations_for(jure).filter(pk=nomination.pk).exists():
        raise ActionRefused(_("This fiche is not yours to score."))
    criteria = set(palmares.criteres.values_list("pk", flat=True))
    scores = {key: value for key, value in notes.items() if value is not None}
    if not scores.keys() <= criteria or any(not 0 <= value <= palmares.note_maximale for value in scores.values()):
        raise ActionRefused(_("These scores don’t fit the scale."))
    stored = Evaluation.objects.filter(jure=jure, nomination=nomination).first()
    if stored and Sending.read(stored.ecran).follows(sending):
        return stored
    evaluation, _created = Evaluation.objects.update_or_create(
        jure=jure, nomination=nomination, defaults={"commentaire": commentaire, "ecran": str(sending)}
    )
    evaluation.notes.exclude(critere__in=scores).delete()
    for criterion, value in scores.items():
        Note.objects.update_or_create(evaluation=evaluation, critere_id=criterion, defaults={"valeur": value})
    return evaluation


@transaction.atomic
def declare_conflict(*, jure: Jure, fiche: FichePage) -> None:
    """Records, with its time, that a juror has an interest in a fiche: they can't score it, and former scores don't count.

    :raises ScoringClosed: the scoring is not open.
    """
    _require_open_scoring(lock_palmares(jure.palmares_id))
    Deport.objects.get_or_create(jure=jure, fiche=fiche, leve_le=None)


@transaction.atomic
def lift_conflict(*, jure: Jure, fiche: FichePage) -> None:
    """Lifts a conflict of interests that was declared by mistake. The row stays, with the time at which it was lifted.

    :raises ScoringClosed: the scoring is not open.
    """
    _require_open_scoring(lock_palmares(jure.palmares_id))
    Deport.objects.filter(jure=jure, fiche=fiche, leve_le=None).update(leve_le=timezone.now())


def _require_open_scoring(palmares: "Palmares") -> None:
    if palmares.etat == EtatDuPalmares.CLOSE:
        raise ScoringClosed(_("The scoring is closed: what was saved before stays, and this was not saved."))
    if palmares.etat != EtatDuPalmares.NOTATION:
        raise ScoringClosed(_("The scoring is not open."))


@transaction.atomic
def agree_to_be_named(jure: Any, *, agrees: Any) -> None:
    """Stores whether the juror agrees to be named on the site. No cache serves a name that was taken back."""
    jure.accord_le = timezone.now() if agrees else None
    jure.save(update_fields=["accord_le"])
    if not agrees:
        public_changed.send(sender=Jure, fiches=[])
