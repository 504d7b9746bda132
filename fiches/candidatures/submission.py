"""Sends a dossier, writes its draft fiche, and starts the fiche's moderation."""

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_tasks import task
from wagtail.models import TaskState

from fiches.candidatures import draft_fiche
from fiches.candidatures.consentements import granted
from fiches.candidatures.dossier_transitions import WrongStateError, locked, move, note, require_state
from fiches.candidatures.enums import EDITABLE, WITH_STAFF, Etat
from fiches.candidatures.forms import sending_errors
from fiches.candidatures.mails import notify_staff
from fiches.candidatures.models import Dossier
from fiches.candidatures.pending_closure import as_its_company_reads
from fiches.candidatures.progress import changed_fields
from fiches.content_language import in_default_language
from fiches.mail import outbox
from fiches.models import FichePage
from fiches.models.derived_fiches import get_fiche_model
from fiches.moderation.decision import obstacles
from fiches.upkeep.periodic import for_each


class IncompleteError(ValidationError):
    """Answers are missing or invalid: the dossier was not sent."""


class CallClosedError(ValidationError):
    """The call is closed: a draft can't be sent."""


class BeingReadError(ValidationError):
    """The staff just closed the dossier: the company reads nothing of it yet, and sends it later."""


@transaction.atomic
def submit_dossier(*, dossier: Dossier) -> Dossier:
    """Sends a dossier for the first time, or again after corrections. Does nothing if it is sent already.

    :returns: the dossier as stored, with its number.
    :raises IncompleteError: an answer is missing or invalid.
    :raises CallClosedError: the call of a draft is closed.
    :raises BeingReadError: the staff closed it after they asked for corrections, and its mail waits.
    """
    current = locked(dossier)
    if current.etat not in EDITABLE:
        if as_its_company_reads(current).est_modifiable:
            raise BeingReadError(
                _("Your answers are saved. The team is reading this dossier: send it again in ten minutes.")
            )
        return current
    if current.etat == Etat.BROUILLON and not (current.appel and current.appel.est_ouvert):
        raise CallClosedError(_("The call is closed: this dossier can’t be sent any more."))
    if sending_errors(current):
        raise IncompleteError(_("Answers are missing: the dossier was not sent."))
    if current.etat == Etat.BROUILLON:
        _send_first(current)
    else:
        _send_again(current)
    return current


def _send_first(dossier: Dossier) -> None:
    dossier.soumis = timezone.now()
    dossier.numero = f"{timezone.localtime(dossier.soumis).year}-{dossier.pk:05d}"
    _write_draft(dossier)
    move(dossier, Etat.RECU, fields=["soumis", "numero", "fiche"])
    outbox.post(f"accuse:{dossier.pk}", modele="accuse", destinataires=[dossier.courriel], sujet=dossier)
    transaction.on_commit(lambda: make_fiche_of_dossier.enqueue(dossier.pk))


@in_default_language
def _send_again(dossier: Dossier) -> None:
    to_correct = {item["champ"] for item in dossier.a_corriger} - {""}
    _write_draft(dossier, only=to_correct | changed_fields(dossier))
    dossier.a_corriger = []
    outbox.take_back(dossier, modeles=["corrections"])
    move(dossier, Etat.RECU, fields=["a_corriger", "fiche"])
    notify_staff(dossier, _("corrected by its applicant"), cle=f"corrige:{dossier.pk}:{dossier.revision}")
    transaction.on_commit(lambda: make_fiche_of_dossier.enqueue(dossier.pk))


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


@task()
def make_fiche_of_dossier(dossier_pk: int) -> None:
    """Starts the workflow of the draft, or resumes it after corrections. Idempotent."""
    with transaction.atomic():
        if not Dossier.objects.filter(pk=dossier_pk).exists():
            return  # erased meanwhile
        dossier = locked(Dossier(pk=dossier_pk))
        is_read = dossier.etat in {Etat.RECU, Etat.EN_RELECTURE}  # somebody may have taken it meanwhile
        if dossier.fiche is not None and is_read and "publication" in granted(dossier):
            open_moderation(dossier.fiche)


def open_moderation(page: FichePage) -> None:
    """Starts the review of a fiche, or resumes it after corrections. Idempotent."""
    state = page.current_workflow_state
    if state is None:
        workflow = page.get_workflow()
        if workflow:
            workflow.start(page, user=None)
    elif state.status == state.STATUS_NEEDS_CHANGES:
        state.resume(user=None)


@transaction.atomic
def write_missing_draft(*, dossier: Dossier, by: AbstractUser | AnonymousUser) -> Dossier:
    """Creates the draft fiche of a dossier that has none: it was deleted, or the site had no list. Returns the dossier.

    :raises WrongStateError: the dossier is not with the staff, or the site still has no list of fiches.
    """
    current = locked(dossier)
    require_state(current, *WITH_STAFF)
    if current.fiche is not None:
        return current
    _write_draft(current)
    if current.fiche is None:
        raise WrongStateError(_("There is no list of the fiches to put it in."))
    current.save(update_fields=["fiche"])
    note(current, _("A draft of the fiche was made"), auteur=by)
    if "publication" in granted(current):
        open_moderation(current.fiche)
    return current


def is_stalled(dossier: Dossier) -> bool:
    """Whether an approved dossier is stuck: its fiche is not online, not in moderation, and not scheduled."""
    fiche = dossier.fiche
    if dossier.etat != Etat.APPROUVE or fiche is None or fiche.live or obstacles(fiche):
        return False
    return not fiche.workflow_in_progress and not fiche.approved_schedule


@transaction.atomic
def open_review(*, dossier: Dossier, by: AbstractUser | AnonymousUser) -> Dossier:
    """Starts moderation again for an approved fiche that is not online. Returns the dossier.

    :raises WrongStateError: the fiche is online, scheduled or in moderation.
    """
    current = locked(dossier)
    if not is_stalled(current):
        raise WrongStateError(_("This fiche is online, or waits for a decision already."))
    move(current, Etat.EN_RELECTURE, auteur=by, message=gettext_noop("The fiche is read again before it is published"))
    current.fiche.get_workflow().start(current.fiche, user=None)
    return current


def resume_pending() -> int:
    """Opens the moderation of sent dossiers whose task was lost, and returns their number.

    A moderation that was started since the dossier was sent, then cancelled, stays cancelled.
    """
    waiting = Dossier.objects.filter(etat=Etat.RECU, fiche__isnull=False, fiche__live=False)
    started = TaskState.objects.filter(
        workflow_state__base_content_type__model="page",
        workflow_state__object_id=Cast(OuterRef("fiche"), CharField()),
        started_at__gte=OuterRef("depuis"),
    )
    pks = list(waiting.exclude(Exists(started)).order_by(F("soumis").asc()).values_list("pk", flat=True))
    return for_each(pks, make_fiche_of_dossier.func)
