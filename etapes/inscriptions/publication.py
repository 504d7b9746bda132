"""Shows who will be mailed before a changed étape (date, hours or place) is published or approved, and undoes the change.

The mails wait for ten minutes after the publication. Undoing the change within that time cancels them.
"""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.models import Page, PageLogEntry, Revision, TaskState

from etapes.inscriptions.cadre import frame, of_an_etape, organised
from etapes.inscriptions.changements import REVISION, is_silent, waiting_letters, waiting_letters_of_all
from etapes.inscriptions.rendez_vous import fingerprint, when, where
from etapes.models import EtapePage, Inscription
from fiches.heures import hour
from fiches.models import ApprobationTask
from fiches.moderation.decision import APPROVE

RENDEZ_VOUS = ("date", "debut", "fin", "moment", "lieu", "commune", "statut", "ancienne_date")
REASON = "motif"
# The action that the history of an étape names when a change of it is undone.
UNDONE = "etapes.undo_change"
# Names that a message gives.
NAMED = 5


class MotifForm(forms.Form):
    motif = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands in the mail. Leave it empty if there is nothing to explain."),
    )


def to_be_told(draft: EtapePage) -> list[Inscription]:
    """The active registrations that get a mail when ``draft`` is published; those without an address get none."""
    if is_silent(draft):
        return []
    known = Inscription.objects.active().filter(etape=draft.pk).exclude(courriel="")
    return list(known.exclude(rendez_vous=fingerprint(draft)))


def told_at_once(draft: EtapePage) -> list[Inscription]:
    """As :func:`to_be_told`, for a publication that takes place now; empty when ``draft`` is scheduled for later."""
    scheduled = draft.go_live_at and draft.go_live_at > timezone.now()
    return [] if scheduled else to_be_told(draft)


def ask_first(request: HttpRequest, page: EtapePage) -> HttpResponse | None:
    """Redirects from the form to the confirmation if people will be mailed. The draft is saved already."""
    return redirect("etapes_publier", page.pk) if told_at_once(page) else None


def ask_each_first(request: HttpRequest, pages: list[Page], next_url: str) -> HttpResponse | None:
    """Refuses to publish ``pages`` together, drafts of étapes among them, if people would be mailed: each of those étapes has
    its own screen, which shows who, and asks for the reason. Returns None if nobody would be."""
    concerned = 0
    for etape in EtapePage.objects.filter(pk__in=[page.pk for page in pages], has_unpublished_changes=True):
        people = told_at_once(etape.latest_revision.as_object()) if etape.latest_revision else []
        if people:
            concerned += 1
            _refuse_among_many(request, etape, people)
    return redirect(next_url) if concerned else None


def _refuse_among_many(request: HttpRequest, etape: EtapePage, people: list[Inscription]) -> None:
    told = ngettext(
        "Nothing was published: the publication of “%(title)s” would tell %(number)s person by mail. Publish it by itself.",
        "Nothing was published: the publication of “%(title)s” would tell %(number)s people by mail. Publish it by itself.",
        len(people),
    )
    button = messages.button(reverse("etapes_publier", args=[etape.pk]), _("See who will be told"))
    messages.error(request, told % {"title": etape.draft_title, "number": len(people)}, buttons=[button])


def say_who_is_told_of_all(request: HttpRequest) -> None:
    """Shows, above a list of étapes, each change that its user may still undo. One query where there is none."""
    waiting = waiting_letters_of_all().values("sujet_id")
    for etape in EtapePage.objects.filter(inscrits__in=waiting).distinct():
        say_who_is_told(request, etape)


@require_http_methods(["GET", "HEAD", "POST"])
@organised
def publish(request: HttpRequest, etape: EtapePage) -> HttpResponse:
    """Shows who will be told of what, then publishes the draft that was shown."""
    if not etape.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    revision = etape.latest_revision
    if revision is None:  # what a program made, and nobody saved since: nothing is to be published
        return redirect("wagtailadmin_pages:edit", etape.pk)
    form = MotifForm(request.POST or None)
    if request.method == "POST" and request.POST.get("revision") != str(revision.pk):
        messages.error(request, _("The étape was changed meanwhile: look at it again before you publish it."))
    elif request.method == "POST" and form.is_valid():
        _publish(revision, etape, by=request.user, reason=form.cleaned_data["motif"].strip())
        messages.success(request, _("“%(title)s” is published.") % {"title": etape.title})
        return redirect("wagtailadmin_pages:edit", etape.pk)
    draft = revision.as_object()
    people = to_be_told(draft)
    context = frame(etape, _("Publish the change"), brouillon=draft, personnes=people, form=form, revision=revision)
    context |= {"retour": reverse("wagtailadmin_pages:edit", args=[etape.pk])}
    context |= {"quand_apres": when(draft), "ou_apres": where(draft)}
    return render(request, "etapes/admin/changement.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _publish(revision: Revision, etape: EtapePage, *, by: object, reason: str) -> None:
    revision.publish(user=by)
    for letter in waiting_letters(etape.inscrits.active()):
        letter.contexte |= {REASON: reason}
        letter.save(update_fields=["contexte"])


def say_who_would_be_told(request: HttpRequest, draft: EtapePage) -> None:
    """Shows who would be mailed about ``draft``, to a user who may approve it and opens its form."""
    task = draft.current_workflow_task
    if not isinstance(task, ApprobationTask):
        return
    people = to_be_told(draft) if APPROVE in {name for name, *_rest in task.get_actions(draft, request.user)} else []
    if people:
        told = ngettext(
            "If you approve “%(title)s”, %(number)s person will be told by mail, ten minutes after the publication, of its day, "
            "hours or place: %(names)s.",
            "If you approve “%(title)s”, %(number)s people will be told by mail, ten minutes after the publication, of its day, "
            "hours or place: %(names)s.",
            len(people),
        )
        names = ", ".join([each.nom for each in people[:NAMED]] + (["…"] if len(people) > NAMED else []))
        messages.info(request, told % {"title": draft.draft_title, "number": len(people), "names": names})


def say_who_is_told(request: HttpRequest, etape: EtapePage) -> None:
    """Shows, to a user who may undo a change, how many people will be mailed, when, and the link to undo it."""
    letters = list(waiting_letters(etape.inscrits.active()))
    if not letters or not may_undo(request.user, etape):
        return
    told = ngettext(
        "“%(title)s” has changed: %(number)s person will be told by mail at %(hour)s.",
        "“%(title)s” has changed: %(number)s people will be told by mail at %(hour)s.",
        len(letters),
    )
    at = hour(min(letter.prochain_essai for letter in letters))
    button = messages.button(reverse("etapes_retablir", args=[etape.pk]), _("Undo the change"))
    buttons = [] if is_undone(etape) else [button]
    messages.warning(request, told % {"title": etape.title, "number": len(letters), "hour": at}, buttons=buttons)


def may_undo(user: object, etape: EtapePage) -> bool:
    """Whoever may publish the étape, and who approved what is online."""
    approvals = TaskState.objects.filter(status=TaskState.STATUS_APPROVED, revision=etape.live_revision_id)
    return etape.permissions_for_user(user).can_publish() or approvals.filter(finished_by=user).exists()


def check_may_undo(user: object, etape: EtapePage) -> None:
    """:raises PermissionDenied: they neither publish the étape nor approved what is online."""
    if not may_undo(user, etape):
        raise PermissionDenied


def is_undone(etape: EtapePage) -> bool:
    """Whether what is online is what an undone change left."""
    return PageLogEntry.objects.filter(page=etape.pk, action=UNDONE, revision=etape.live_revision_id).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@of_an_etape(check_may_undo)
def undo(request: HttpRequest, etape: EtapePage) -> HttpResponse:
    """Puts the day, the hours and the place back as they were before a change of which nobody was told yet."""
    may_edit = etape.permissions_for_user(request.user).can_edit()
    back = reverse("wagtailadmin_pages:edit", args=[etape.pk]) if may_edit else reverse("wagtailadmin_home")
    letters = list(waiting_letters(etape.inscrits.active()))
    keys = [key for letter in letters if (key := letter.contexte.get(REVISION))]
    revision = etape.revisions.filter(pk__in=keys).order_by("pk").first()
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
        _put_back(etape, old, by=request.user)
        _say_what_is_left(request, etape)
        return redirect(back)
    context = frame(etape, _("Undo the change"), personnes=[each.sujet for each in letters], retablir=True, retour=back)
    if not may_edit:
        context["breadcrumbs_items"] = []
    return render(request, "etapes/admin/changement.html", context | {"quand_apres": when(old), "ou_apres": where(old)})


@transaction.atomic
def _put_back(etape: EtapePage, old: EtapePage, *, by: object) -> None:
    """What is online gets the rendez-vous of ``old``. A draft that was saved since stays one, with what it alone changes."""
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


def _say_what_is_left(request: HttpRequest, etape: EtapePage) -> None:
    left = waiting_letters(etape.inscrits.active()).count()
    told = ngettext(
        "The change is undone. %(number)s person, who registered meanwhile, will be told.",
        "The change is undone. %(number)s people, who registered meanwhile, will be told.",
        left,
    )
    messages.success(request, told % {"number": left} if left else _("The change is undone: nobody is told."))
