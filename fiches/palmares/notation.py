"""The jurors' side: what they score, what they keep away from. Nothing here shows one juror another's scores."""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.models import FichePage
from fiches.palmares.enums import Etat
from fiches.palmares.models import Deport, Evaluation, Jure, Nomination, Note
from fiches.palmares.verrou import Refused, held


class TooLate(Refused):
    """The scoring is not open: nothing was saved."""


def juries_of(user):
    """The editions in whose jury this account sits and that have begun, the newest first."""
    jures = Jure.objects.filter(compte=user).exclude(palmares__etat=Etat.PREPARATION)
    return jures.select_related("palmares__edition").order_by("-palmares__edition__annee")


def nominations_for(jure):
    """What this juror is to score: in the order of the categories, fiches that may be read, without those that they keep
    away from."""
    return all_nominations(jure).exclude(fiche__in=_away(jure))


def all_nominations(jure):
    """The same with those that they keep away from."""
    return _nominations(jure.palmares_id)


def away_from(jure):
    """The conflicts of interests that this juror declared and has not lifted."""
    return jure.deports.filter(leve_le=None).select_related("fiche")


def _nominations(palmares):
    found = Nomination.objects.filter(categorie__palmares=palmares, fiche__in=FichePage.objects.visible())
    order = ("categorie__sort_order", "categorie_id", "sort_order", "pk")
    return found.select_related("categorie", "fiche__commune").order_by(*order)


def _away(jure):
    return Deport.objects.filter(jure=jure, leve_le=None).values("fiche_id")


def own_evaluations(jure):
    """``{key of a nomination: (Evaluation, {key of a criterion: score})}``, this juror's own. Two queries."""
    evaluations = {each.pk: each for each in Evaluation.objects.filter(jure=jure)}
    scores = defaultdict(dict)
    for note in Note.objects.filter(evaluation__jure=jure):
        scores[note.evaluation_id][note.critere_id] = note.valeur
    return {each.nomination_id: (each, scores[each.pk]) for each in evaluations.values()}


def progress(palmares):
    """``{key of a juror: (how many they scored wholly, how many they are to score)}``: numbers, and no score."""
    criteria = palmares.criteres.count()
    nominations = list(_nominations(palmares.pk).values_list("pk", "fiche_id"))
    away = set(Deport.objects.filter(jure__palmares=palmares, leve_le=None).values_list("jure_id", "fiche_id"))
    whole = defaultdict(int)
    for key in Note.objects.filter(evaluation__jure__palmares=palmares).values_list(
        "evaluation__jure_id", "evaluation__nomination_id"
    ):
        whole[key] += 1
    found = {}
    for jure in palmares.jures.all():
        own = [pk for pk, fiche in nominations if (jure.pk, fiche) not in away]
        found[jure.pk] = (sum(whole[jure.pk, pk] >= criteria > 0 for pk in own), len(own))
    return found


@transaction.atomic
def save_scores(*, jure, nomination, notes, commentaire):
    """Stores what a juror thinks: all of it, or nothing. ``notes`` is ``{key of a criterion: score or None}``.

    :raises TooLate: the scoring is not open any more.
    :raises Refused: it is not theirs to score.
    """
    palmares = held(jure.palmares_id)
    _while_open(palmares)
    if not nominations_for(jure).filter(pk=nomination.pk).exists():
        raise Refused(_("This fiche is not yours to score."))
    criteria = set(palmares.criteres.values_list("pk", flat=True))
    given = {key: value for key, value in notes.items() if value is not None}
    if not given.keys() <= criteria or any(not 0 <= value <= palmares.note_maximale for value in given.values()):
        raise Refused(_("These scores don’t fit the scale."))
    evaluation, _created = Evaluation.objects.update_or_create(
        jure=jure, nomination=nomination, defaults={"commentaire": commentaire}
    )
    evaluation.notes.exclude(critere__in=given).delete()
    for criterion, value in given.items():
        Note.objects.update_or_create(evaluation=evaluation, critere_id=criterion, defaults={"valeur": value})


@transaction.atomic
def declare_conflict(*, jure, fiche):
    """The juror has an interest in this fiche: they score it no more, and what they gave it counts no more. Kept, with
    its time.

    :raises TooLate: the scoring is not open any more.
    """
    _while_open(held(jure.palmares_id))
    return Deport.objects.get_or_create(jure=jure, fiche=fiche, leve_le=None)[0]


@transaction.atomic
def lift_conflict(*, jure, fiche):
    """Declared by mistake. The declaration stays on record, with the time at which it was lifted.

    :raises TooLate: the scoring is not open any more.
    """
    _while_open(held(jure.palmares_id))
    Deport.objects.filter(jure=jure, fiche=fiche, leve_le=None).update(leve_le=timezone.now())


def _while_open(palmares):
    if palmares.etat == Etat.CLOSE:
        raise TooLate(_("The scoring is closed: nothing was saved."))
    if palmares.etat != Etat.NOTATION:
        raise TooLate(_("The scoring is not open."))


def agree_to_be_named(jure, *, agrees):
    """The juror's name may, or may not, stand on the site."""
    jure.accord_le = timezone.now() if agrees else None
    jure.save(update_fields=["accord_le"])
