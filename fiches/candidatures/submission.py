"""Moves a dossier: its applicant sends or withdraws it, the staff ask for corrections, refuse or reopen it. Writes the draft fiche, and
starts and stops its moderation."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fiches.candidatures import draft_fiche
from fiches.candidatures.consentements import granted, locked_with_fiches, take_offline
from fiches.candidatures.dossier_transitions import (
    WrongStateError,
    as_its_company_reads,
    is_closure_pending,
    locked,
    record_state,
    require_state,
    stop_moderation,
)
from fiches.candidatures.enums import EDITABLE, OVER, WITH_STAFF, Etat
from fiches.candidatures.forms import reasons_text, sending_errors
from fiches.candidatures.mails import mail_applicant, notify_staff
from fiches.candidatures.models import Dossier
from fiches.candidatures.privacy_notices import KEEP_REFUSED, retention_months
from fiches.candidatures.progress import changed_fields
from fiches.content_language import in_default_language
from fiches.mail import outbox
from fiches.models.fiche import get_fiche_model
from fiches.upkeep.erasure_log import WITHDRAWN, note_erasure

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


@transaction.atomic
def submit_dossier(*, dossier: Dossier) -> Dossier:
    """Sends a dossier for the first time, or again after corrections. Does nothing if it is sent already.

    :returns: the dossier as stored, with its number.
    :raises ValidationError: an answer is missing or invalid.
    :raises WrongStateError: the call of a draft is closed; or the staff closed the dossier after they asked for corrections, and its
        company reads nothing of it yet.
    """
    current = locked(dossier)
    if current.etat not in EDITABLE:
        if as_its_company_reads(current).est_modifiable:
            raise WrongStateError(
                _("Your answers are saved. The team is reading this dossier: send it again in ten minutes.")
            )
        return current
    if current.etat == Etat.BROUILLON and not (current.appel and current.appel.est_ouvert):
        raise WrongStateError(_("The call is closed: this dossier can’t be sent any more."))
    if sending_errors(current):
        raise ValidationError(_("Answers are missing: the dossier was not sent."))
    if current.etat == Etat.BROUILLON:
        _send_first(current)
    else:
        _send_again(current)
    return current


def _send_first(dossier: Dossier) -> None:
    dossier.soumis = timezone.now()
    dossier.numero = f"{timezone.localtime(dossier.soumis).year}-{dossier.pk:05d}"
    _write_draft(dossier)
    record_state(dossier, Etat.RECU, fields=["soumis", "numero", "fiche"])
    outbox.post(f"accuse:{dossier.pk}", modele="accuse", destinataires=[dossier.courriel], sujet=dossier)
    open_moderation(dossier)


@in_default_language
def _send_again(dossier: Dossier) -> None:
    to_correct = {item["champ"] for item in dossier.a_corriger} - {""}
    _write_draft(dossier, only=to_correct | changed_fields(dossier))
    dossier.a_corriger = []
    outbox.take_back(dossier, modeles=["corrections"])
    record_state(dossier, Etat.RECU, fields=["a_corriger", "fiche"])
    notify_staff(dossier, _("corrected by its applicant"), cle=f"corrige:{dossier.pk}:{dossier.revision}")
    open_moderation(dossier)


def _write_draft(dossier: Dossier, *, only: set[str] | None = None) -> None:
    page = dossier.fiche.get_latest_revision_as_object() if dossier.fiche else None
    if page is None:
        index = draft_fiche.fiche_index()
        if index is None:
            return
        page = get_fiche_model()(live=False, locale=index.locale)
        draft_fiche.fill(page, dossier)
        index.add_child(instance=page)
        dossier.fiche = page
    else:
        draft_fiche.fill(page, dossier, only=only)
    page.save_revision(changed=True)


def open_moderation(dossier: Dossier) -> None:
    """Starts the review of a dossier's fiche, or resumes it after corrections, if the company agrees to be published. Idempotent."""
    page = dossier.fiche
    if page is None or "publication" not in granted(dossier):
        return
    state = page.current_workflow_state
    if state is None:
        workflow = page.get_workflow()
        if workflow:
            workflow.start(page, user=None)
    elif state.status == state.STATUS_NEEDS_CHANGES:
        state.resume(user=None)


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


REOPENED = gettext_noop("The dossier is open again: the team reads it")


@transaction.atomic
def ask_for_corrections(*, dossier: "Dossier", reasons: list[tuple[str, str]], by: AbstractUser | None) -> "Dossier":
    """Returns a dossier to its applicant, and mails the reasons ten minutes later.

    :param reasons: ``[(field, reason)]``, field ``""`` for the whole dossier; only these fields are reopened.
    :raises WrongStateError: the dossier is not with the staff.
    """
    current = locked(dossier)
    require_state(current, *WITH_STAFF)
    with outbox.delayed():
        current.a_corriger = [{"champ": champ, "raison": raison} for champ, raison in reasons]
        text = reasons_text(current.a_corriger)
        record_state(current, Etat.CORRECTIONS_DEMANDEES, auteur=by, texte=text, fields=["a_corriger"])
        _reject_task(current, by=by, comment=text)
        mail_applicant(current, "corrections", raisons=text)
    return current


@transaction.atomic
def refuse_dossier(*, dossier: "Dossier", reason: str, by: AbstractUser | None) -> "Dossier":
    """Refuses a dossier: cancels its moderation; its fiche stays a draft. Its company reads it once the mail leaves, ten minutes
    later.

    :raises WrongStateError: the dossier is neither with the staff nor waiting for corrections.
    """
    current = locked(dossier)
    require_state(current, *WITH_STAFF, Etat.CORRECTIONS_DEMANDEES)
    with outbox.delayed():
        stop_moderation(current, by=by)
        current.clos = Etat.REFUSE
        record_state(current, Etat.REFUSE, auteur=by, texte=reason, fields=["clos"])
        mail_applicant(current, "refuse", raisons=reason)
    return current


@transaction.atomic
def reopen_dossier(*, dossier: "Dossier", by: AbstractUser | None) -> "Dossier":
    """Reopens a dossier that was refused or withdrawn, without a limit of time: it is being reviewed again, and so is its fiche
    if its company agrees to be published; or its company goes on correcting it, if it did not read the end. The mail of the end, if
    it waits, does not leave; if it left, another tells the company.

    :raises WrongStateError: the dossier is not over, or was withdrawn before it was sent.
    """
    current = locked(dossier)
    require_state(current, *OVER)
    if current.soumis is None:
        raise WrongStateError(_("This dossier was never sent: there is nothing to reopen."))
    if current.etat == Etat.RETIRE:
        note_erasure(WITHDRAWN, current.pk, undone=True)
    was_pending = is_closure_pending(current)
    is_unread = bool(outbox.take_back(current, modeles=["refuse"])) and was_pending
    outbox.take_back(current, modeles=["retire"])
    if is_unread:
        current.evenements.filter(pk=current.evenements.exclude(etat="").latest("pk").pk).update(interne=True)
    current.clos = ""
    if is_unread and current.a_corriger:
        record_state(current, Etat.CORRECTIONS_DEMANDEES, auteur=by, message=REOPENED, interne=True, fields=["clos"])
        return current
    current.a_corriger = []
    record_state(
        current, Etat.EN_RELECTURE, auteur=by, message=REOPENED, interne=is_unread, fields=["clos", "a_corriger"]
    )
    if not is_unread:
        mail_applicant(current, "relecture")
    open_moderation(current)
    return current


def _reject_task(dossier: "Dossier", *, by: AbstractUser | None, comment: str) -> None:
    state = dossier.fiche.current_workflow_state if dossier.fiche else None
    if state and state.status == state.STATUS_IN_PROGRESS and state.current_task_state:
        state.current_task_state.reject(user=by, comment=comment)
