"""What a company reads of its dossier until the mail of a refusal leaves: nothing of it."""

from django.utils.translation import gettext as _

from fiches.candidatures.dossier_transitions import WrongStateError
from fiches.candidatures.enums import EDITABLE, OVER, Etat
from fiches.candidatures.models import Dossier
from fiches.models import Courriel


def is_closure_pending(dossier: Dossier) -> bool:
    """Whether a dossier was refused, and the mail about it waits. No query for a dossier that is not closed."""
    if dossier.clos != Etat.REFUSE:
        return False
    return Courriel.objects.about(dossier).waiting().filter(modele="refuse").exists()


def as_its_company_reads(dossier: Dossier) -> Dossier:
    """Gives ``dossier``, in memory only, the state that it had before a refusal whose mail waits, and ``fermeture``, when
    that was decided. Whoever saves it then names the fields to save."""
    if is_closure_pending(dossier):
        lines = dossier.evenements.exclude(etat="")
        dossier.fermeture = lines.latest("pk").date
        before = lines.exclude(etat__in=OVER).latest("pk")
        dossier.etat, dossier.depuis = before.etat, before.date
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
        raise WrongStateError(message, code="state", params={"state": dossier.get_etat_display()})
    return dossier
