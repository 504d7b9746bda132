"""The staff's decisions on a dossier: assign it, ask for corrections, refuse it, undo a refusal."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.admin.utils import get_user_display_name

from fiches.candidatures.consentements import granted
from fiches.candidatures.dossier_transitions import (
    WrongStateError,
    locked,
    move,
    note,
    require_state,
    resume_moderation,
    stop_moderation,
)
from fiches.candidatures.enums import WITH_STAFF, Etat
from fiches.candidatures.forms import reasons_text
from fiches.mail import outbox
from fiches.models import Courriel

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier, Evenement


@transaction.atomic
def assign(*, dossier: "Dossier", to: Any, by: Any) -> "Dossier":
    """Assigns a dossier to a user, or to nobody if ``to`` is None. A received dossier becomes “being reviewed”."""
    current = locked(dossier)
    current.responsable = to
    current.save(update_fields=["responsable"])
    name = get_user_display_name(to) if to else _("nobody")
    note(current, _("Given to %(name)s") % {"name": name}, auteur=by)
    if to and current.etat == Etat.RECU:
        move(current, Etat.EN_RELECTURE, auteur=by)
    return current


@transaction.atomic
def ask_for_corrections(*, dossier: "Dossier", reasons: Any, by: Any) -> "Dossier":
    """Returns a dossier to its applicant, and mails the reasons.

    :param reasons: ``[(field, reason)]``, field ``""`` for the whole dossier; only these fields are reopened.
    :raises WrongStateError: the dossier is not with the staff.
    """
    current = locked(dossier)
    require_state(current, *WITH_STAFF)
    current.a_corriger = [{"champ": champ, "raison": raison} for champ, raison in reasons]
    text = reasons_text(current.a_corriger)
    move(current, Etat.CORRECTIONS_DEMANDEES, auteur=by, texte=text, fields=["a_corriger"])
    _reject_task(current, by=by, comment=text)
    outbox.post(
        f"corrections:{current.pk}:{current.evenements.count()}",
        modele="corrections",
        destinataires=[current.courriel],
        sujet=current,
        contexte={"raisons": text},
    )
    return current


@transaction.atomic
def refuse(*, dossier: "Dossier", reason: str, by: Any) -> "Dossier":
    """Refuses a dossier: cancels its moderation; its fiche stays a draft. The mail is delayed until the refusal can no longer
    be undone.

    :raises WrongStateError: the dossier is neither with the staff nor waiting for corrections.
    """
    current = locked(dossier)
    require_state(current, *WITH_STAFF, Etat.CORRECTIONS_DEMANDEES)
    before = {
        "etat": current.etat,
        "a_corriger": current.a_corriger,
        "en_moderation": stop_moderation(current, by=by),
    }
    current.a_corriger = []
    move(current, Etat.REFUSE, auteur=by, texte=reason, fields=["a_corriger"], avant=before)
    outbox.post(
        f"refuse:{current.pk}:{current.evenements.count()}",
        modele="refuse",
        destinataires=[current.courriel],
        sujet=current,
        contexte={"raisons": reason},
        send_after=current.depuis + outbox.UNDO,
    )
    return current


def refusal_undo_deadline(dossier: Any) -> datetime | None:
    """Returns until when the refusal can be undone; None if the dossier is not refused or the mail was sent."""
    if dossier.etat != Etat.REFUSE or dossier.depuis + outbox.UNDO <= timezone.now():
        return None
    unsent = Courriel.objects.about(dossier).unsent().filter(modele="refuse").exists()
    return dossier.depuis + outbox.UNDO if unsent else None


@transaction.atomic
def undo_refusal(*, dossier: "Dossier", by: AbstractUser | AnonymousUser) -> "Dossier":
    """Undoes a refusal: restores the dossier's state and its moderation, and cancels the mail.

    :raises WrongStateError: the dossier is not refused, or the mail was sent.
    """
    current = locked(dossier)
    require_state(current, Etat.REFUSE)
    if refusal_undo_deadline(current) is None or not outbox.take_back(current, modeles=["refuse"]):
        raise WrongStateError(_("Too late: the mail that tells the company has left. Write to the company."))
    refusal = current.evenements.filter(etat=Etat.REFUSE).latest("pk")
    before = refusal.valeurs["avant"]
    _hide_from_applicant(refusal)
    current.a_corriger = before["a_corriger"]
    text = gettext_noop("The refusal is taken back")
    move(current, before["etat"], auteur=by, message=text, fields=["a_corriger"])
    if before["en_moderation"] and "publication" in granted(current):
        resume_moderation(current, before["en_moderation"])
    return current


def _hide_from_applicant(refusal: "Evenement") -> None:
    """Hides the line of an undone refusal from the applicant, who was not mailed: the history shows only the undoing."""
    refusal.interne = True
    refusal.save(update_fields=["interne"])


def _reject_task(dossier: "Dossier", *, by: AbstractUser, comment: Any) -> None:
    state = dossier.fiche.current_workflow_state if dossier.fiche else None
    if state and state.status == state.STATUS_IN_PROGRESS and state.current_task_state:
        state.current_task_state.reject(user=by, comment=comment)
