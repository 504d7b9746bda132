"""Computes an applicant's progress: which steps and corrections are done, and what to do next."""

from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from fiches.candidatures.answers import open_fields
from fiches.candidatures.enums import Etat
from fiches.candidatures.forms import FIELDS, PIECES, STEP_FORMS, sending_errors

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


class StepProgress(NamedTuple):
    """A step of a dossier: its form class, whether the applicant may write in it, whether it is done."""

    etape: type
    ouverte: bool
    faite: bool


def steps(dossier: "Dossier") -> Any:
    """Returns ``[StepProgress]``, in order.

    A step is done if it has an answer and no error; while corrections are asked for, if all its corrections are made.
    """
    only = open_fields(dossier)
    if dossier.etat == Etat.CORRECTIONS_DEMANDEES:
        to_do = {step_of(item["champ"]) for item in corrections(dossier) if item["champ"] and not item["fait"]}
        done = {step_of(item["champ"]) for item in corrections(dossier) if item["champ"]} - to_do
    else:
        faults = sending_errors(dossier)
        done = {etape for etape in STEP_FORMS if etape.cle not in faults and _has_answers(dossier, etape)}
    return [StepProgress(etape, is_open(etape, only), etape in done) for etape in STEP_FORMS]


def is_open(etape: Any, only: Any) -> bool:
    """Whether the applicant may write in a step.

    :param only: the result of :func:`~fiches.candidatures.answers.open_fields`.
    """
    return bool(only & (set(etape.base_fields) | {role.value for role in PIECES if PIECES[role] is etape}))


def step_of(champ: Any) -> type | None:
    """Returns the step of an answer or of a kind of file; None for the dossier as a whole (``""``)."""
    return FIELDS.get(champ) or PIECES.get(champ)


def corrections(dossier: "Dossier") -> list[Any]:
    """Returns ``[{"champ", "raison", "fait"}]``, the corrections asked for; ``fait`` if its field changed since."""
    changed = changed_fields(dossier)
    return [
        {**item, "fait": item["champ"] in changed if item["champ"] else bool(changed)} for item in dossier.a_corriger
    ]


def changed_fields(dossier: "Dossier") -> set[str]:
    """Returns the names of the answers and the kinds of files that the applicant changed in the present state."""
    changed = set(dossier.modifications.filter(date__gte=dossier.depuis).values_list("champ", flat=True))
    return changed | set(dossier.pieces.filter(cree__gte=dossier.depuis).values_list("role", flat=True))


def next_move(dossier: "Dossier", secret: Any) -> tuple[str, str] | None:
    """Returns ``(label, address)`` of the applicant's next action; None if the dossier can't be changed."""
    if not dossier.est_modifiable:
        return None
    open_steps = [step for step in steps(dossier) if step.ouverte]
    if dossier.etat == Etat.CORRECTIONS_DEMANDEES:
        to_do = [item for item in corrections(dossier) if not item["fait"]]
        if not to_do:
            return _("Review and send again"), reverse("candidature_relecture", args=[secret])
        etape = step_of(to_do[0]["champ"]) or open_steps[0].etape
        return _("Correct: %(step)s") % {"step": etape.intitule}, reverse("candidature_etape", args=[secret, etape.cle])
    if not sending_errors(dossier):
        return _("Review and send"), reverse("candidature_relecture", args=[secret])
    left = next(step.etape for step in open_steps if not step.faite)
    return _("Continue: %(step)s") % {"step": left.intitule}, reverse("candidature_etape", args=[secret, left.cle])


def _has_answers(dossier: Any, etape: Any) -> bool:
    roles = {role.value for role in PIECES if PIECES[role] is etape}
    if roles and dossier.pieces.filter(role__in=roles).exists():
        return True
    return any(dossier.reponses.get(champ) for champ in etape.base_fields)
