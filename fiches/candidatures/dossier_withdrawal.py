"""Withdraws a dossier at its applicant's request."""

from django.db import transaction

from fiches.candidatures.consentements import locked_with_fiches, take_offline
from fiches.candidatures.dossier_transitions import record_state, stop_moderation
from fiches.candidatures.enums import Etat
from fiches.candidatures.mails import notify_staff
from fiches.candidatures.models import Dossier
from fiches.candidatures.pending_closure import is_closure_pending
from fiches.candidatures.retention_periods import KEEP_REFUSED, retention_months
from fiches.content_language import in_default_language
from fiches.mail import outbox
from fiches.upkeep.erasure_log import WITHDRAWN, note_erasure


@transaction.atomic
@in_default_language
def withdraw_dossier(*, dossier: Dossier) -> Dossier:
    """Withdraws a dossier at its applicant's request, in any state; unpublishes the fiche. Idempotent."""
    current = locked_with_fiches(dossier)
    if is_closure_pending(current):
        outbox.take_back(current, modeles=["refuse"])
    elif current.clos == Etat.RETIRE:
        return current
    take_offline(current)
    stop_moderation(current)
    current.a_corriger, current.clos = [], Etat.RETIRE
    record_state(current, Etat.RETIRE, fields=["a_corriger", "clos"])
    note_erasure(WITHDRAWN, current.pk)
    line = current.evenements.latest("pk").pk  # a dossier that was reopened may be withdrawn again
    outbox.post(
        f"retire:{current.pk}:{line}",
        modele="retire",
        destinataires=[current.courriel],
        sujet=current,
        contexte={"mois": retention_months(*KEEP_REFUSED)},
    )
    if current.soumis:
        notify_staff(current, str(Etat.RETIRE.label), cle=f"equipe-retire:{current.pk}:{line}")
    return current
