"""Erases a dossier with all that belongs to it, or only the contact that it names: at a person's request, past its retention period, and
again after a backup is restored (see `fiches.upkeep.erasure_log`)."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import COMMENTS_RELATION_NAME, Comment, PageLogEntry, ReferenceIndex, TaskState, WorkflowState

from fiches.candidatures import consentements
from fiches.candidatures.consentements import (
    CONTACT,
    NAME,
    PREFIX,
    contact_name,
    fiches_of,
    forget_credits,
    hide,
    locked_with_fiches,
    record_consents,
    signed_answers,
)
from fiches.candidatures.dossier_transitions import locked
from fiches.candidatures.enums import OVER, Etat
from fiches.candidatures.models import Dossier, Evenement, Jeton, Signalement
from fiches.candidatures.pieces import remove
from fiches.candidatures.privacy_notices import KEEP_DRAFTS, KEEP_REFUSED, KEEP_UNDECIDED, TIPS_MONTHS, retention_months
from fiches.candidatures.submission import withdraw_dossier
from fiches.models.revisions import rewrite_revisions
from fiches.upkeep.erasure_log import CONSENT, DOSSIER, WITHDRAWN, note_erasure, register_erasure
from fiches.upkeep.retention import MAILS, register_retention

if TYPE_CHECKING:
    from fiches.models import FichePage

# Replaces a fiche's title and reviewers' comments in the logs once its company is erased.
ERASED = "–"


@transaction.atomic
def erase_dossier(dossier: Dossier) -> None:
    """Deletes a dossier with its files, history, mails and links, and its fiche unless it is published.

    A published fiche stays without its contact and the comments of its review, in each revision too; so does a published
    translation or copy of a fiche that is offline. Does nothing if the dossier was erased meanwhile.
    """
    try:
        dossier = locked_with_fiches(dossier)
    except Dossier.DoesNotExist:
        return
    note_erasure(DOSSIER, dossier.pk)
    forget_credits(dossier)
    keeps_all = dossier.fiche is not None and dossier.fiche.live
    is_over = bool(dossier.clos)
    for page in reversed(fiches_of(dossier)):
        if is_over or not (page.live or keeps_all):
            _delete_fiche(page)
        else:
            _forget_contact(page, dossier)
            _forget_comments(page)
    for piece in dossier.pieces.select_related("illustration__collection"):
        remove(piece)
    dossier.delete()


def _delete_fiche(page: "FichePage") -> None:
    pk = page.pk
    ReferenceIndex.remove_for_object(page)
    page.delete()
    PageLogEntry.objects.filter(page=pk).update(label=ERASED, data={})


def _forget_contact(page: "FichePage", dossier: Any) -> None:
    values = dict.fromkeys(CONTACT, "") | {f"{name}_public": False for name in CONTACT}
    hide(page, values, author=contact_name(dossier))


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
    forget_credits(dossier)
    for page in fiches_of(dossier):
        hide(page, {f"{NAME}_public": False}, author=contact_name(dossier))
    fields = (*CONTACT, *(PREFIX + name for name in CONTACT), *signed_answers(dossier))
    dossier.reponses = {champ: value for champ, value in dossier.reponses.items() if champ not in fields}
    dossier.save(update_fields=["reponses"])
    dossier.modifications.filter(champ__in=fields).delete()
    record_consents(dossier=dossier, choices=dict.fromkeys(CONTACT, False))


DAYS_IN_A_MONTH = 30.44
# The lines of history of a dossier whose fiche was approved.
DECIDED = (Etat.APPROUVE, Etat.PUBLIE)
TIPS = timedelta(days=DAYS_IN_A_MONTH * TIPS_MONTHS)


def register() -> None:
    register_retention(_("dossiers"), old_dossiers, erase=erase_if_old, describe=_description)
    register_retention(_("tips"), lambda now: Signalement.objects.filter(date__lt=now - TIPS))
    register_retention(_("links"), lambda now: Jeton.objects.invalid().filter(cree__lt=now - MAILS))
    register_erasure(DOSSIER, _erase_again)
    register_erasure(WITHDRAWN, _withdraw_again)
    register_erasure(CONSENT, _withdraw_consent_again)


def _description(dossier: Dossier) -> str:
    return f"{dossier.numero or dossier.pk} {dossier.get_etat_display()} {dossier.depuis:%Y-%m-%d}"


def old_dossiers(now: datetime | None = None) -> QuerySet:
    """Returns the dossiers past their retention period.

    - not sent: RALLYNOV_KEEP_DRAFTS_MONTHS (6) after the last change;
    - refused, withdrawn, never corrected, or whose fiche was deleted: RALLYNOV_KEEP_REFUSED_MONTHS (12);
    - sent and never decided on: RALLYNOV_KEEP_UNDECIDED_MONTHS (24).
    """
    now = now or timezone.now()
    drafts = now - timedelta(days=DAYS_IN_A_MONTH * retention_months(*KEEP_DRAFTS))
    over = now - timedelta(days=DAYS_IN_A_MONTH * retention_months(*KEEP_REFUSED))
    never_sent = Q(etat=Etat.BROUILLON, modifie__lt=drafts)
    given_up = Q(etat__in=OVER) | Q(etat=Etat.CORRECTIONS_DEMANDEES, modifie__lt=over)
    given_up |= Q(Exists(Evenement.objects.filter(dossier=OuterRef("pk"), etat__in=DECIDED)), fiche=None)
    late = now - timedelta(days=DAYS_IN_A_MONTH * retention_months(*KEEP_UNDECIDED))
    undecided = Q(etat__in=[Etat.RECU, Etat.EN_RELECTURE], depuis__lt=late, modifie__lt=late)
    return Dossier.objects.with_etat().filter(never_sent | given_up & Q(depuis__lt=over) | undecided)


def erase_if_old(dossier: Dossier) -> None:
    """Erases a dossier past its retention period, unless its applicant changed it, or it was erased, meanwhile."""
    with transaction.atomic(), suppress(Dossier.DoesNotExist):
        if old_dossiers().filter(pk=locked(dossier).pk).exists():
            erase_dossier(dossier)


def _erase_again(key: Any) -> None:
    for dossier in Dossier.objects.filter(pk=key):
        erase_dossier(dossier)


def _withdraw_again(key: Any) -> None:
    for dossier in Dossier.objects.filter(pk=key):
        withdraw_dossier(dossier=dossier)


def _withdraw_consent_again(key: Any) -> None:
    pk, _colon, finalite = key.partition(":")
    for dossier in Dossier.objects.filter(pk=pk):
        if finalite in consentements.granted(dossier):
            consentements.withdraw_consent(dossier=dossier, finalite=finalite)
