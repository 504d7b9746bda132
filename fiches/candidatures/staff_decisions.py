"""The staff's decisions on a dossier: ask for corrections, refuse it, reopen it."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fiches.candidatures.dossier_transitions import (
    WrongStateError,
    is_closure_pending,
    locked,
    record_state,
    require_state,
    stop_moderation,
)
from fiches.candidatures.enums import OVER, WITH_STAFF, Etat
from fiches.candidatures.forms import reasons_text
from fiches.candidatures.mails import mail_back_in_review
from fiches.candidatures.submission import open_moderation
from fiches.mail import outbox
from fiches.upkeep.erasure_log import WITHDRAWN, note_undone

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


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
        _mail_reasons(current, "corrections", text)
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
        _mail_reasons(current, "refuse", reason)
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
        note_undone(WITHDRAWN, current.pk)
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
        mail_back_in_review(current)
    open_moderation(current)
    return current


def _mail_reasons(dossier: "Dossier", modele: str, text: str) -> None:
    outbox.post(
        f"{modele}:{dossier.pk}:{dossier.evenements.count()}",
        modele=modele,
        destinataires=[dossier.courriel],
        sujet=dossier,
        contexte={"raisons": text},
    )


def _reject_task(dossier: "Dossier", *, by: AbstractUser | None, comment: str) -> None:
    state = dossier.fiche.current_workflow_state if dossier.fiche else None
    if state and state.status == state.STATUS_IN_PROGRESS and state.current_task_state:
        state.current_task_state.reject(user=by, comment=comment)
