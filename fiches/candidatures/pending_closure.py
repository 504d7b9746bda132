"""What a company reads of its dossier while a refusal or a merge can still be undone: nothing of it."""

from datetime import datetime

from django.utils.translation import gettext as _

from fiches.candidatures.dossier_transitions import WrongStateError
from fiches.candidatures.enums import EDITABLE, OVER
from fiches.candidatures.models import Dossier
from fiches.models import DecisionAnnulable, Verdict
from fiches.moderation.undoable_decisions import has_left, latest_about

DOSSIER = "dossier"


def name_of(dossier: Dossier) -> str:
    """The name of a dossier among the records of a decision, see `fiches.moderation.undoable_decisions`."""
    return f"{DOSSIER}:{dossier.pk}"


def pending_closure(dossier: Dossier) -> DecisionAnnulable | None:
    """The refusal or merge of a closed dossier that can still be undone. No query for a dossier that is not closed."""
    if dossier.etat not in OVER:
        return None
    decision = latest_about([name_of(dossier)])
    if decision is None or decision.verdict not in (Verdict.REFUSE, Verdict.FUSION) or has_left(decision):
        return None
    return decision


def as_its_company_reads(dossier: Dossier) -> Dossier:
    """Gives ``dossier``, in memory only, the state that it had before a refusal or a merge that can still be undone, and
    ``fermeture``, when that was decided. Whoever saves it then names the fields to save."""
    if decision := pending_closure(dossier):
        before = decision.avant[name_of(dossier)]
        dossier.fermeture = decision.date
        dossier.etat, dossier.a_corriger = before["etat"], before["a_corriger"]
        dossier.depuis, dossier.fusionne_dans_id = datetime.fromisoformat(before["depuis"]), before["fusionne_dans"]
    return dossier


def require_open(dossier: Dossier) -> Dossier:
    """Returns a locked dossier as its company reads it.

    :raises WrongStateError: its company can't change it.
    """
    if as_its_company_reads(dossier).etat not in EDITABLE:
        message = _(
            "Your answers are not saved: this dossier is now “%(state)s”, and can’t be changed in this state. What you typed "
            "is still on this page: copy it. To give it to the team, send a message from your dossier."
        )
        raise WrongStateError(message, code="state", params={"state": dossier.etat_lisible})
    return dossier
