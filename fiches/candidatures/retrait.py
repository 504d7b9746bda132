"""Withdraws a dossier, erases one, and finds those that are past their retention period."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import COMMENTS_RELATION_NAME, Comment, PageLogEntry, ReferenceIndex, TaskState, WorkflowState

from fiches.candidatures.consentements import (
    CONTACT,
    NAME,
    PREFIX,
    fiches_of,
    hide,
    record,
    take_offline,
)
from fiches.candidatures.dossier_transitions import locked, move, stop_moderation
from fiches.candidatures.enums import OVER, Etat
from fiches.candidatures.mails import notify_staff
from fiches.candidatures.models import Dossier
from fiches.candidatures.pending_closure import name_of, pending_closure
from fiches.candidatures.pieces import remove
from fiches.candidatures.signatures import forget_signatures, names_of, signatures_of, signed_answers
from fiches.content_language import in_default_language
from fiches.mail import outbox
from fiches.models import FicheSupprimee
from fiches.models.revisions import rewrite_revisions
from fiches.moderation.undoable_decisions import forget
from fiches.upkeep.erasure_log import DOSSIER, WITHDRAWN, note_erasure

if TYPE_CHECKING:
    from fiches.models import FichePage


DAYS_IN_A_MONTH = 30.44
# Settings in months, each with its default.
DRAFTS = "RALLYNOV_KEEP_DRAFTS_MONTHS", 6
REFUSED = "RALLYNOV_KEEP_REFUSED_MONTHS", 12
UNDECIDED = "RALLYNOV_KEEP_UNDECIDED_MONTHS", 24

# Replaces a fiche's title and reviewers' comments in the logs once its company is erased.
ERASED = "–"


def retention_months(name: str, default: int) -> int:
    """The number of months of the setting ``name``, which an operator may change."""
    return getattr(settings, name, default)


@transaction.atomic
@in_default_language
def withdraw_dossier(*, dossier: Dossier) -> Dossier:
    """Withdraws a dossier at its applicant's request, in any state; unpublishes the fiche. Idempotent."""
    current = locked(dossier)
    if pending_closure(current):
        outbox.take_back(current, modeles=["refuse", "fusionne"])
        current.fusionne_dans = None
    elif current.etat == Etat.RETIRE:
        return current
    sent = current.etat != Etat.BROUILLON
    take_offline(current)
    stop_moderation(current)
    current.a_corriger = []
    move(current, Etat.RETIRE, fields=["a_corriger", "fusionne_dans"])
    note_erasure(WITHDRAWN, current.pk)
    outbox.post(
        f"retire:{current.pk}",
        modele="retire",
        destinataires=[current.courriel],
        sujet=current,
        contexte={"mois": retention_months(*REFUSED)},
    )
    if sent:
        notify_staff(current, str(Etat.RETIRE.label), cle=f"equipe-retire:{current.pk}")
    return current


@transaction.atomic
def erase_dossier(dossier: Dossier) -> None:
    """Deletes a dossier with its files, history, mails and links, and its fiche unless it is published.

    A published fiche stays without its contact and the comments of its review, in each revision too; so does a published
    translation or copy of a fiche that is offline. Does nothing if the dossier was erased meanwhile.
    """
    try:
        dossier = locked(dossier)
    except Dossier.DoesNotExist:
        return
    forget(name_of(dossier))
    note_erasure(DOSSIER, dossier.pk)
    keeps_all = dossier.fiche is not None and dossier.fiche.live
    is_over = dossier.etat in {Etat.RETIRE, Etat.REFUSE}
    for page in reversed(fiches_of(dossier)):
        if is_over or not (page.live or keeps_all):
            _delete_fiche(page)
        else:
            _forget_contact(page, dossier)
            _forget_comments(page)
    for deleted in FicheSupprimee.objects.filter(attaches__dossier=dossier.pk).select_related("fiche"):
        _delete_fiche(deleted.fiche)
    for piece in dossier.pieces.select_related("illustration__collection"):
        remove(piece)
    dossier.delete()


def _delete_fiche(page: "FichePage") -> None:
    pk = page.pk
    ReferenceIndex.remove_for_object(page)
    page.delete()
    PageLogEntry.objects.filter(page=pk).update(label=ERASED, data={})


def _forget_contact(page: "FichePage", dossier: Any) -> None:
    forget_signatures(page, signatures_of(page, names_of(dossier, page)))
    names = ("nom", "fonction", "telephone", "courriel")
    hide(page, {f"contact_{name}": "" for name in names} | {f"contact_{name}_public": False for name in names})


def _forget_comments(page: "FichePage") -> None:
    """Deletes the comments of a page and of its review, which may name people, also in revisions and logs."""
    Comment.objects.filter(page=page).delete()
    rewrite_revisions(page, lambda revision: {**revision.content, COMMENTS_RELATION_NAME: []})
    states = WorkflowState.objects.for_instance(page)
    TaskState.objects.filter(workflow_state__in=states).exclude(comment="").update(comment=ERASED)
    PageLogEntry.objects.filter(page=page.pk, action__startswith="wagtail.comments").delete()
    for entry in PageLogEntry.objects.filter(page=page.pk, action__startswith="wagtail.workflow"):
        if entry.data.get("comment"):
            entry.data["comment"] = ERASED
            entry.save(update_fields=["data"])


def is_own_contact(dossier: Dossier) -> bool:
    """Whether the contact's address is the one that the dossier was sent from."""
    return (dossier.reponses.get("contact_courriel") or "").casefold() == dossier.courriel.casefold()


def forget_contact(dossier: Dossier) -> None:
    """Removes the contact from a dossier, its history and its fiche. The dossier stays: it belongs to the organisation."""
    for page in fiches_of(dossier):
        if forget_signatures(page, signatures_of(page, names_of(dossier, page))):
            hide(page, {f"{NAME}_public": False})
    fields = (*CONTACT, *(PREFIX + name for name in CONTACT), *signed_answers(dossier))
    dossier.reponses = {champ: value for champ, value in dossier.reponses.items() if champ not in fields}
    dossier.save(update_fields=["reponses"])
    dossier.modifications.filter(champ__in=fields).delete()
    record(dossier=dossier, choices=dict.fromkeys(CONTACT, False))


def old_dossiers(now: datetime | None = None) -> QuerySet:
    """Returns the dossiers past their retention period.

    - not sent: RALLYNOV_KEEP_DRAFTS_MONTHS (6) after the last change;
    - refused, withdrawn, merged, never corrected, or whose fiche was deleted: RALLYNOV_KEEP_REFUSED_MONTHS (12);
    - sent and never decided on: RALLYNOV_KEEP_UNDECIDED_MONTHS (24).
    """
    now = now or timezone.now()
    drafts = now - timedelta(days=DAYS_IN_A_MONTH * retention_months(*DRAFTS))
    over = now - timedelta(days=DAYS_IN_A_MONTH * retention_months(*REFUSED))
    never_sent = Q(etat=Etat.BROUILLON, modifie__lt=drafts)
    given_up = Q(etat__in=OVER) | Q(etat=Etat.CORRECTIONS_DEMANDEES, modifie__lt=over)
    given_up |= Q(etat__in=[Etat.APPROUVE, Etat.PUBLIE], fiche=None)
    late = now - timedelta(days=DAYS_IN_A_MONTH * retention_months(*UNDECIDED))
    undecided = Q(etat__in=[Etat.RECU, Etat.EN_RELECTURE], depuis__lt=late, modifie__lt=late)
    return Dossier.objects.filter(never_sent | given_up & Q(depuis__lt=over) | undecided)


def erase_if_old(dossier: Dossier) -> None:
    """Erases a dossier past its retention period, unless its applicant changed it, or it was erased, meanwhile."""
    with transaction.atomic(), suppress(Dossier.DoesNotExist):
        if old_dossiers().filter(pk=locked(dossier).pk).exists():
            erase_dossier(dossier)
