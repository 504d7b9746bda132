"""What the staff read of a dossier between its sending and the task that starts its review."""

from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from fiches.candidatures.consentements import granted
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.models import FichePage


def take_over_awaited(dossier: Dossier, fiche: FichePage) -> str:
    """What the staff read until the task `make_fiche_of_dossier` starts the review of what the company sent; ``""`` at another time.

    :param fiche: that of the dossier. No query if its review is in progress and was read.
    """
    if dossier.etat != Etat.RECU or fiche.live or fiche.workflow_in_progress or "publication" not in granted(dossier):
        return ""
    states = TaskState.objects.filter(workflow_state__in=WorkflowState.objects.for_instance(fiche))
    if states.filter(started_at__gte=dossier.depuis).exists():
        return ""
    if fiche.current_workflow_state:
        return _(
            "The company’s corrections are being taken over: the fiche is back in the review in a moment, by itself."
        )
    return _("What the company sent is being taken over: the fiche is in the review in a moment, by itself.")
