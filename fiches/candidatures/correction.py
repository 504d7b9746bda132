"""What the staff decide: take in charge, ask for corrections, refuse."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from fiches import courrier
from fiches.candidatures.enums import WITH_STAFF, Etat
from fiches.candidatures.historique import locked, move, note, require, stop_moderation
from fiches.candidatures.raisons import reasons_text


@transaction.atomic
def assign(*, dossier, to, by):
    """Gives the dossier to a member of the staff; one that was only received is now being reviewed."""
    current = locked(dossier)
    current.responsable = to
    current.save(update_fields=["responsable"])
    name = get_user_display_name(to) if to else _("nobody")
    note(current, _("Given to %(name)s") % {"name": name}, auteur=by)
    if to and current.etat == Etat.RECU:
        move(current, Etat.EN_RELECTURE, auteur=by)
    return current


@transaction.atomic
def ask_for_corrections(*, dossier, reasons, by):
    """Sends the dossier back to its applicant.

    :param reasons: ``[(field, reason)]``, field ``""`` for the dossier as a whole; only these fields are reopened.
    :raises WrongStateError: somebody decided first.
    """
    current = locked(dossier)
    require(current, *WITH_STAFF)
    current.a_corriger = [{"champ": champ, "raison": raison} for champ, raison in reasons]
    text = reasons_text(current.a_corriger)
    move(current, Etat.CORRECTIONS_DEMANDEES, auteur=by, texte=text, fields=["a_corriger"])
    _reject_task(current, by=by, comment=text)
    courrier.post(
        f"corrections:{current.pk}:{current.evenements.count()}",
        modele="corrections",
        destinataires=[current.courriel],
        sujet=current,
        contexte={"raisons": text},
    )
    return current


@transaction.atomic
def refuse(*, dossier, reason, by):
    """Ends the dossier: its moderation stops, its fiche stays a draft.

    :raises WrongStateError: somebody decided first.
    """
    current = locked(dossier)
    require(current, *WITH_STAFF, Etat.CORRECTIONS_DEMANDEES)
    current.a_corriger = []
    move(current, Etat.REFUSE, auteur=by, texte=reason, fields=["a_corriger"])
    stop_moderation(current, by=by)
    courrier.post(
        f"refuse:{current.pk}",
        modele="refuse",
        destinataires=[current.courriel],
        sujet=current,
        contexte={"raisons": reason},
    )
    return current


def _reject_task(dossier, *, by, comment):
    state = dossier.fiche.current_workflow_state if dossier.fiche else None
    if state and state.status == state.STATUS_IN_PROGRESS and state.current_task_state:
        state.current_task_state.reject(user=by, comment=comment)
