"""Erases a dossier with all that belongs to it, or only the contact that it names."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.models import COMMENTS_RELATION_NAME, Comment, PageLogEntry, ReferenceIndex, TaskState, WorkflowState

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
from fiches.candidatures.models import Dossier
from fiches.candidatures.pieces import remove
from fiches.models.revisions import rewrite_revisions
from fiches.upkeep.erasure_log import DOSSIER, note_erasure

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
