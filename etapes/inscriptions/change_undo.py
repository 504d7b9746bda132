"""Shows what can be undone on étapes for ten minutes, and undoes it: a decision of the review, a withdrawal from the site, a change
of which the mails wait."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, PageLogEntry, TaskState
from wagtail.permissions import policy_registry

from etapes.inscriptions.change_confirmation import past_date_warning
from etapes.inscriptions.change_mails import (
    LETTERS,
    REVISION,
    unsent_letters_of_all,
    waiting_letters,
    why_not_mailed,
)
from etapes.inscriptions.date_and_place import when, where
from etapes.inscriptions.organiser_access import frame, of_an_etape
from etapes.inscriptions.registration_guard import unpublication_refusals
from etapes.models import EtapePage, Inscription
from fiches import content_language
from fiches.formats import hour
from fiches.mail.outbox import UNDO
from fiches.models import Courriel, DecisionAnnulable, Verdict
from fiches.moderation.decision import DecisionRefused
from fiches.moderation.fiche_state import page_kind, restore_page
from fiches.moderation.notifications import correct_approval, mails_of_approvals, recipients_of_sent
from fiches.moderation.undo import Offer, UndoTooLate, offer, undo_decision
from fiches.moderation.undoable_decisions import about_page, register_decided_kind
from fiches.moderation.views import show_refusal

RENDEZ_VOUS = ("date", "debut", "fin", "moment", "lieu", "commune", "statut", "ancienne_date")
# The action that the history of an étape names when a change of it is undone.
UNDONE = "etapes.undo_change"
# The étapes among the records of a decision.
KIND = "etape"
DECIDED = (TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED)


def connect() -> None:
    """Called once, when Django starts."""
    register_decided_kind(KIND, page_kind(EtapePage)._replace(restore=_restore, own_mails=LETTERS))


def _restore(pk: int, before: dict[str, Any], decision: DecisionAnnulable, by: AbstractUser) -> None:
    """Restores the page. The receivers of its publication delete the unsent mails to registered people, and mail later registrants.

    :raises UndoTooLate: the étape would leave the site, and people registered meanwhile.
    """
    if not before["page"]["live"] and (reasons := unpublication_refusals([EtapePage.objects.get(pk=pk)])):
        raise UndoTooLate(" ".join(reasons.values()))
    restore_page(EtapePage, pk, before, decision, by)


def etapes_undoable_by(user: Any) -> QuerySet:
    """The étapes of which ``user`` may undo a change or a withdrawal of the last ten minutes, or their own decision, each in one of
    its languages: those that :func:`show_undoable_of_all` shows. Without a query, for a dashboard that counts them."""
    published = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "publish").values("pk")
    approved = TaskState.objects.filter(status=TaskState.STATUS_APPROVED, finished_by=user).values("revision")
    undone = PageLogEntry.objects.filter(action=UNDONE, revision__isnull=False).values("revision")
    changed = _changed().exclude(live_revision__in=undone).filter(Q(pk__in=published) | Q(live_revision__in=approved))
    withdrawn = _withdrawn().filter(pk__in=published)
    mine = {"finished_by": user, "finished_at__gt": timezone.now() - UNDO, "status__in": DECIDED}
    decided = Q(latest_revision__in=TaskState.objects.filter(**mine).values("revision"))
    undoable = EtapePage.objects.filter(Q(pk__in=changed.values("pk")) | Q(pk__in=withdrawn.values("pk")) | decided)
    once = undoable.order_by().values("translation_key").annotate(first=Min("pk")).values("first")
    return EtapePage.objects.filter(pk__in=once)


def _changed() -> QuerySet:
    """The étapes of which a mail about a change waits, or is stopped."""
    return EtapePage.objects.filter(inscrits__in=unsent_letters_of_all().values("sujet_id")).distinct()


def _letters(etape: EtapePage) -> list[Courriel]:
    """The mails about a change of an étape that did not leave, those that staff stopped among them."""
    return list(unsent_letters_of_all().concerning(Inscription, etape.inscrits.active().order_by().values("pk")))


def _withdrawn() -> QuerySet:
    """The étapes that were taken off the site in the last ten minutes."""
    lately = {"action": "wagtail.unpublish", "timestamp__gt": timezone.now() - UNDO}
    return EtapePage.objects.filter(live=False, pk__in=PageLogEntry.objects.filter(**lately).values("page"))


def decision_to_undo(etape: EtapePage, user: Any) -> Offer | None:
    """The last decision on an étape, or on one of its translations, if ``user`` may undo it now."""
    return offer(_names_of_versions(etape), user)


def _names_of_versions(etape: EtapePage) -> list[str]:
    if not content_language.is_multilingual():
        return about_page(etape)
    versions = EtapePage.objects.filter(translation_key=etape.translation_key)
    return [f"{KIND}:{pk}" for pk in versions.values_list("pk", flat=True)]


def show_undoable_of_all(request: HttpRequest) -> None:
    """Shows, above the list of étapes, all that the user may still undo. One query if there is nothing."""
    for etape in etapes_undoable_by(request.user):
        show_undoable(request, etape)


def show_undoable(request: HttpRequest, etape: EtapePage) -> None:
    """Shows what the user may undo on an étape, with the button that leads to it."""
    if _show_waiting_mails(request, etape) or not (offered := decision_to_undo(etape, request.user)):
        return
    is_withdrawal = offered.decision.verdict == Verdict.RETRAIT
    text = (
        _("“%(title)s” is off the site. You can undo this until %(hour)s.")
        if is_withdrawal
        else _("“%(title)s”, last decision: %(decision)s. You can undo it until %(hour)s.")
    )
    decision = offered.decision.get_verdict_display()
    message = text % {"title": etape.draft_title, "decision": decision, "hour": hour(offered.until)}
    label = _("Undo the withdrawal") if is_withdrawal else _("See or undo this decision")
    messages.warning(request, message, buttons=[messages.button(undo_url(etape), label)])


def undo_url(etape: EtapePage) -> str:
    """The address where what was done to an étape is undone."""
    return reverse("etapes_retablir", args=[etape.pk])


def _show_waiting_mails(request: HttpRequest, etape: EtapePage) -> bool:
    """Shows, to a user who may undo a change, how many people will be mailed, when, and the link to undo it. Returns whether it
    did."""
    letters = _letters(etape)
    if not letters or not may_undo_change(request.user, etape):
        return False
    if etape.passee and etape.a_lieu:
        messages.warning(request, past_date_warning(etape))
    leaving = [letter for letter in letters if not letter.est_arrete]
    message = ngettext(
        "“%(title)s” has changed: %(number)s person will be told by mail at %(hour)s.",
        "“%(title)s” has changed: %(number)s people will be told by mail at %(hour)s.",
        len(leaving),
    )
    if not leaving:
        message = _("“%(title)s” has changed. Its mails are stopped: nobody is told. You can undo it until %(hour)s.")
    at = hour(min(letter.prochain_essai for letter in letters))
    button = messages.button(undo_url(etape), _("Undo the change"))
    buttons = [] if is_undone(etape) else [button]
    sentence = message % {"title": etape.title, "number": len(leaving), "hour": at}
    others = why_not_mailed(etape, mailed=[letter.sujet_id for letter in letters])
    messages.warning(request, " ".join([sentence, *others]), buttons=buttons)
    return True


def may_undo_change(user: object, etape: EtapePage) -> bool:
    """Whether ``user`` may publish the étape, or approved its live revision."""
    approvals = TaskState.objects.filter(status=TaskState.STATUS_APPROVED, revision=etape.live_revision_id)
    return etape.permissions_for_user(user).can_publish() or approvals.filter(finished_by=user).exists()


def check_may_undo(user: object, etape: EtapePage) -> None:
    """:raises PermissionDenied: see :func:`may_undo_change`."""
    if not may_undo_change(user, etape):
        raise PermissionDenied


def is_undone(etape: EtapePage) -> bool:
    """Whether what is online is what an undone change left."""
    return PageLogEntry.objects.filter(page=etape.pk, action=UNDONE, revision=etape.live_revision_id).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@of_an_etape(lambda user, etape: None)
def undo_change(request: HttpRequest, etape: EtapePage) -> HttpResponse:
    """Undoes the last decision on an étape, or restores the date and place (``RENDEZ_VOUS``) of before a change whose mails have not
    been sent yet."""
    if request.method == "POST" and request.POST.get("decision"):
        return _undo_decision(request, etape)
    letters = _letters(etape)
    people = [letter.sujet for letter in letters if not letter.est_arrete]
    if offered := decision_to_undo(etape, request.user):
        people = people if offered.decision.verdict == Verdict.APPROUVE else []
        offered = offered._replace(mails=offered.mails + len(people))
        title = _("Undo the withdrawal") if offered.decision.verdict == Verdict.RETRAIT else _("Undo the decision")
        context = frame(etape, title, annulable=offered, adresse=undo_url(etape), personnes=people)
        return render(request, "etapes/admin/decision.html", context)
    check_may_undo(request.user, etape)
    may_edit, back = _way_back(etape, request.user)
    keys = [key for letter in letters if (key := letter.contexte.get(REVISION))]
    revision = etape.revisions.filter(pk__in=keys).order_by("pk").last()  # the last change alone is taken back
    if is_undone(etape):
        messages.info(request, _("This change is undone already. There is nothing else to do."))
        return redirect(back)
    if revision is None:
        messages.error(
            request, _("It is too late to undo the change: the mails have left. Publish another change to tell it.")
        )
        return redirect(back)
    old = revision.as_object()
    if request.method == "POST":
        _put_back(etape, old, since=revision.pk, by=request.user)
        _show_what_is_left(request, etape)
        return redirect(back)
    recipients = recipients_of_sent(mails_of_approvals(etape, since=revision.pk))
    context = frame(
        etape,
        _("Undo the change"),
        personnes=people,
        brouillon=old,
        retablir=True,
        avertis=[get_user_display_name(each) for each in recipients],
        retour=back,
    )
    if not may_edit:
        context["breadcrumbs_items"] = []
    return render(request, "etapes/admin/changement.html", context | {"quand_apres": when(old), "ou_apres": where(old)})


def _way_back(etape: EtapePage, user: Any) -> tuple[bool, str]:
    """Whether ``user`` may edit the étape; its form if they may, else their home page."""
    may_edit = etape.permissions_for_user(user).can_edit()
    return may_edit, reverse("wagtailadmin_pages:edit", args=[etape.pk]) if may_edit else reverse("wagtailadmin_home")


def _undo_decision(request: Any, etape: EtapePage) -> HttpResponse:
    """Undoes the decision that the form names, or says why it can't be."""
    offered = decision_to_undo(etape, request.user)
    try:
        undo_decision(key=request.POST["decision"], names=_names_of_versions(etape), by=request.user)
    except DecisionRefused as refusal:
        show_refusal(request, refusal)
    else:
        etape = EtapePage.objects.get(pk=etape.pk)
        in_review = _("The decision is undone: “%(title)s” waits for it again.")
        is_withdrawal = offered is not None and offered.decision.verdict == Verdict.RETRAIT
        text = _("The withdrawal is undone: “%(title)s” is online.") if is_withdrawal else in_review
        messages.success(request, text % {"title": etape.draft_title})
        if waiting_letters(etape.inscrits.active()).exists():
            _show_what_is_left(request, etape)
    return redirect(_way_back(etape, request.user)[1])


@transaction.atomic
def _put_back(etape: EtapePage, old: EtapePage, *, since: int, by: Any) -> None:
    """Publishes the live revision with the ``RENDEZ_VOUS`` fields of ``old``, the revision ``since``. A later draft stays a draft and
    keeps its own changes to these fields. The recipients of a mail about the approval of the change get another."""
    correct_approval(etape, since=since, by=by)
    online, draft = etape.live_revision.as_object(), None
    if etape.latest_revision_id != etape.live_revision_id:
        draft = etape.latest_revision.as_object()
    for name in RENDEZ_VOUS:
        if draft and getattr(draft, name) == getattr(online, name):
            setattr(draft, name, getattr(old, name))
        setattr(online, name, getattr(old, name))
    online.save_revision(user=by, log_action=UNDONE).publish(user=by, skip_permission_checks=True)
    if draft:
        draft.save_revision(user=by, log_action=True)


def _show_what_is_left(request: HttpRequest, etape: EtapePage) -> None:
    left = waiting_letters(etape.inscrits.active()).count()
    message = ngettext(
        "The change is undone. %(number)s person will be told the day and place as they are now.",
        "The change is undone. %(number)s people will be told the day and place as they are now.",
        left,
    )
    messages.success(request, message % {"number": left} if left else _("The change is undone: nobody is told."))
