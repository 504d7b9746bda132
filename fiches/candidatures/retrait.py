"""Leaving: the applicant withdraws, a dossier is erased, what is old enough goes."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import COMMENTS_RELATION_NAME, Comment, PageLogEntry, ReferenceIndex, TaskState, WorkflowState

from fiches.candidatures.consentements import (
    CONTACT,
    NAME,
    PREFIX,
    fiches_of,
    hide,
    hide_in_revisions,
    record,
    take_offline,
)
from fiches.candidatures.enums import OVER, Etat
from fiches.candidatures.historique import locked, move
from fiches.candidatures.lettres import tell_staff
from fiches.candidatures.models import Dossier
from fiches.candidatures.pieces import remove
from fiches.candidatures.signatures import forget_signatures, names_of, signatures_of, signed_answers
from fiches.langues import in_own_words
from fiches.mail import outbox
from fiches.models import FicheSupprimee
from fiches.upkeep.erasures import DOSSIER, WITHDRAWN, note_erasure

DAYS_IN_A_MONTH = 30.44
DRAFTS = "RALLYNOV_KEEP_DRAFTS_MONTHS", 6
REFUSED = "RALLYNOV_KEEP_REFUSED_MONTHS", 12
UNDECIDED = "RALLYNOV_KEEP_UNDECIDED_MONTHS", 24
"""What an operator may set, and what it is otherwise."""

ERASED = "–"
"""What the logs call a fiche whose company was erased."""


def months(name, default):
    return getattr(settings, name, default)


@transaction.atomic
@in_own_words
def withdraw_dossier(*, dossier):
    """The applicant's own decision, at any time: moderation stops, the fiche leaves the site. Twice is once."""
    current = locked(dossier)
    if current.etat == Etat.RETIRE:
        return current
    sent = current.etat != Etat.BROUILLON
    take_offline(current)
    current.a_corriger = []
    move(current, Etat.RETIRE, fields=["a_corriger"])
    note_erasure(WITHDRAWN, current.pk)
    outbox.post(
        f"retire:{current.pk}",
        modele="retire",
        destinataires=[current.courriel],
        sujet=current,
        contexte={"mois": months(*REFUSED)},
    )
    if sent:
        tell_staff(current, str(Etat.RETIRE.label), cle=f"equipe-retire:{current.pk}")
    return current


@transaction.atomic
def erase_dossier(dossier):
    """Deletes the dossier with its files, history, mails and links, and its fiche when it isn't published; a published
    fiche loses the contact, in each revision too, and what was said about it under review."""
    if not Dossier.objects.filter(pk=dossier.pk).exists():
        return  # erased meanwhile
    dossier = locked(dossier)
    note_erasure(DOSSIER, dossier.pk)
    page = dossier.fiche
    if page is not None and (not page.live or dossier.etat in {Etat.RETIRE, Etat.REFUSE}):
        for each in reversed(fiches_of(dossier)):
            _delete_fiche(each)
    else:
        for each in fiches_of(dossier):
            _forget_contact(each, dossier)
            _forget_talk(each)
    for deleted in FicheSupprimee.objects.filter(attaches__dossier=dossier.pk).select_related("fiche"):
        _delete_fiche(deleted.fiche)
    for piece in dossier.pieces.select_related("illustration__collection"):
        remove(piece)
    dossier.delete()


def _delete_fiche(page):
    pk = page.pk
    ReferenceIndex.remove_for_object(page)
    page.delete()
    PageLogEntry.objects.filter(page=pk).update(label=ERASED, data={})


def _forget_contact(page, dossier):
    forget_signatures(page, signatures_of(page, names_of(dossier, page)))
    names = ("nom", "fonction", "telephone", "courriel")
    hide(page, {f"contact_{name}": "" for name in names} | {f"contact_{name}_public": False for name in names})


def _forget_talk(page):
    """Comments, in each revision too, and reviewers' words name people; the decisions stay."""
    Comment.objects.filter(page=page).delete()
    hide_in_revisions(page, {COMMENTS_RELATION_NAME: []})
    states = WorkflowState.objects.for_instance(page)
    TaskState.objects.filter(workflow_state__in=states).exclude(comment="").update(comment=ERASED)
    PageLogEntry.objects.filter(page=page.pk, action__startswith="wagtail.comments").delete()
    for entry in PageLogEntry.objects.filter(page=page.pk, action__startswith="wagtail.workflow"):
        if entry.data.get("comment"):
            entry.data["comment"] = ERASED
            entry.save(update_fields=["data"])


def is_own_contact(dossier):
    """Whether the contact that a dossier names has the address that the dossier was sent from."""
    return (dossier.reponses.get("contact_courriel") or "").casefold() == dossier.courriel.casefold()


def forget_contact(dossier):
    """The person that a dossier names leaves it, its history and its fiche; the dossier is its organisation's."""
    for page in fiches_of(dossier):
        if forget_signatures(page, signatures_of(page, names_of(dossier, page))):
            hide(page, {f"{NAME}_public": False})
    fields = (*CONTACT, *(PREFIX + name for name in CONTACT), *signed_answers(dossier))
    dossier.reponses = {champ: value for champ, value in dossier.reponses.items() if champ not in fields}
    dossier.save(update_fields=["reponses"])
    dossier.modifications.filter(champ__in=fields).delete()
    record(dossier=dossier, choices=dict.fromkeys(CONTACT, False))


def old_dossiers(now=None):
    """What retention takes: not sent after RALLYNOV_KEEP_DRAFTS_MONTHS (6) months without a change; after
    RALLYNOV_KEEP_REFUSED_MONTHS (12), refused, withdrawn or merged, never corrected, or without its fiche; after
    RALLYNOV_KEEP_UNDECIDED_MONTHS (24), sent and never decided on."""
    now = now or timezone.now()
    drafts = now - timedelta(days=DAYS_IN_A_MONTH * months(*DRAFTS))
    over = now - timedelta(days=DAYS_IN_A_MONTH * months(*REFUSED))
    never_sent = Q(etat=Etat.BROUILLON, modifie__lt=drafts)
    given_up = Q(etat__in=OVER) | Q(etat=Etat.CORRECTIONS_DEMANDEES, modifie__lt=over)
    given_up |= Q(etat__in=[Etat.APPROUVE, Etat.PUBLIE], fiche=None)
    late = now - timedelta(days=DAYS_IN_A_MONTH * months(*UNDECIDED))
    undecided = Q(etat__in=[Etat.RECU, Etat.EN_RELECTURE], depuis__lt=late, modifie__lt=late)
    return Dossier.objects.filter(never_sent | given_up & Q(depuis__lt=over) | undecided)


def erase_if_old(dossier):
    """What retention takes, unless its applicant came back meanwhile."""
    with transaction.atomic():
        if old_dossiers().filter(pk=locked(dossier).pk).exists():
            erase_dossier(dossier)
