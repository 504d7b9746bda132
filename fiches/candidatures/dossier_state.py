"""What a decision changes on a dossier: read before, and restored when the decision is undone."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.urls import reverse
from django.utils.translation import gettext as _

from fiches.candidatures.consentements import granted
from fiches.candidatures.dossier_transitions import locked, note
from fiches.candidatures.enums import OFFLINE, Etat
from fiches.candidatures.models import Dossier
from fiches.candidatures.pending_closure import DOSSIER, name_of
from fiches.content_language import in_default_language
from fiches.models import DecisionAnnulable, Verdict
from fiches.moderation.undoable_decisions import FICHE, DecidedKind, register_decided_kind

STATE = ("etat", "depuis", "echeance", "a_corriger", "fusionne_dans")
# The permission to decide on dossiers, and to undo a colleague's decision.
PERMISSION = "rallynov_candidatures.change_dossier"


def connect() -> None:
    """Called once, when Django starts."""
    register_decided_kind(DOSSIER, DecidedKind(_of_fiche, _lock, dossier_state, restore_dossier, address=_address))


def _address(pk: int, user: AbstractUser) -> str | None:
    may_see = user.has_perm("rallynov_candidatures.view_dossier")
    return reverse("dossiers:detail", args=[pk]) if may_see else None


def names_of_file(dossier: Dossier) -> list[str]:
    """The names of a dossier and of its fiche, among the records of a decision."""
    return [name_of(dossier), *([f"{FICHE}:{dossier.fiche_id}"] if dossier.fiche_id else [])]


def _of_fiche(pk: int) -> list[int]:
    return list(Dossier.objects.filter(fiche=pk).values_list("pk", flat=True))


def _lock(pk: int) -> None:
    if Dossier.objects.filter(pk=pk).exists():
        locked(Dossier(pk=pk))


def dossier_state(pk: int) -> dict[str, Any] | None:
    """The state of a dossier, what hangs on it, and what its company changes; None if it was erased."""
    dossier = Dossier.objects.filter(pk=pk).first()
    if dossier is None:
        return None
    corrects = dossier.etat == Etat.CORRECTIONS_DEMANDEES
    return {
        **{name: dossier.serializable_value(name) for name in STATE},
        "fiche": dossier.fiche_id,
        "publication": "publication" in granted(dossier),
        "fusionnes": sorted(dossier.fusionnes.values_list("pk", flat=True)),
        "corrige": [dossier.revision, sorted(dossier.pieces.values_list("pk", flat=True))] if corrects else [],
    }


@in_default_language
def restore_dossier(pk: int, before: dict[str, Any], decision: DecisionAnnulable, by: AbstractUser) -> None:
    """Restores the state of a dossier and what hangs on it. Hides the lines of the decision and of its undoing from the company."""
    dossier, rows = Dossier.objects.get(pk=pk), Dossier.objects.filter(pk=pk)
    target, is_back = dossier.fusionne_dans, decision.verdict == Verdict.RETRAIT
    rows.update(**{name: before[name] for name in STATE})
    Dossier.objects.filter(pk__in=before["fusionnes"]).update(fusionne_dans=dossier)
    since = dossier.evenements.filter(date__gte=decision.date)
    # What the undoing itself wrote, which has its own line.
    (since.filter(etat=Etat.PUBLIE) if is_back else since.filter(message=OFFLINE)).delete()
    since.exclude(etat="").update(interne=True)
    text = _("Decision undone: %(decision)s") % {"decision": decision.get_verdict_display()}
    for each in (dossier, target) if decision.verdict == Verdict.FUSION and target else (dossier,):
        note(each, text, auteur=by)
