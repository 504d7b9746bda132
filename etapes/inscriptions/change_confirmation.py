"""Asks for a confirmation before an étape is published or approved whose date is past, or that mails people.

The mails wait for ten minutes after the publication. Those of a change that is changed back within that time don't leave.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.models import Page, Revision, TaskState

from etapes.inscriptions.change_mails import (
    BEFORE,
    is_silent,
    unsent_letters,
    waiting_letters,
    waiting_letters_of_all,
    why_not_mailed,
)
from etapes.inscriptions.date_and_place import meeting_fingerprint, when, where
from etapes.inscriptions.organiser_access import frame, of_an_etape, organiser_required
from etapes.models import EtapePage, Inscription
from fiches import content_language
from fiches.formats import hour, moment
from fiches.models import Courriel
from fiches.moderation.decision import (
    APPROVE,
    AlreadyDecided,
    DecisionRefused,
    already_decided,
    check_may_decide,
    decide,
)
from fiches.moderation.views import (
    after_decision,
    outcome,
    past_publication_date,
    show_refusal,
    to_review_url,
)

REASON = "motif"


class MotifForm(forms.Form):
    motif = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands in the mail. Leave it empty if there is nothing to explain."),
    )


def recipients(draft: EtapePage, *, taken_back: list[Courriel] | None = None) -> list[Inscription]:
    """The active registrations with an address that are mailed when ``draft`` is published.

    :param taken_back: what :func:`letters_taken_back` returns, where it is known.
    """
    if is_silent(draft, _online(draft)):
        return []
    active = Inscription.objects.active().filter(etape=draft.pk).exclude(courriel="")
    outdated = active.exclude(rendez_vous=meeting_fingerprint(draft))
    letters = letters_taken_back(draft) if taken_back is None else taken_back
    return list(outdated.exclude(pk__in=[letter.sujet_id for letter in letters]))


def letters_taken_back(draft: EtapePage) -> list[Courriel]:
    """Returns the waiting mails that publishing ``draft`` deletes: it restores the date and place of the last mails sent."""
    known = meeting_fingerprint(draft)
    letters = waiting_letters_of_all().concerning(Inscription, draft.inscrits.active().order_by().values("pk"))
    at = scheduled_for(draft)
    return [each for each in letters if each.contexte.get(BEFORE) == known and (at is None or at < each.prochain_essai)]


def becomes_past_online(draft: EtapePage) -> bool:
    """Whether publishing ``draft`` makes an étape that is to come, or that was never online, count as over."""
    if not draft.passee or not draft.a_lieu:
        return False
    online = EtapePage.objects.filter(pk=draft.pk, live=True).first()
    return online is None or not online.passee


def _online(draft: EtapePage) -> EtapePage | None:
    """The étape as it is online; None if it is not. It is only read for a ``draft`` that is over."""
    pages = EtapePage.objects.filter(pk=draft.pk, live=True, live_revision__isnull=False)
    return pages.first() if draft.passee else None


def scheduled_for(draft: EtapePage) -> datetime | None:
    """Returns when ``draft`` goes online once it is published; None for at once."""
    return draft.go_live_at if draft.go_live_at and draft.go_live_at > timezone.now() else None


def _concerns_people(draft: EtapePage) -> bool:
    """Whether publishing ``draft`` mails people, or deletes mails that wait."""
    return bool(recipients(draft) or letters_taken_back(draft))


def confirm_publication(request: HttpRequest, page: EtapePage) -> HttpResponse | None:
    """Redirects from the form to the confirmation if people are concerned, or if an étape that is online comes to count as over. The
    draft is saved already. A translation has the date of the original, where it was confirmed."""
    is_original = content_language.original_key(page) == page.pk
    asks = is_original and (_concerns_people(page) or (page.live and becomes_past_online(page)))
    return redirect("etapes_publier", page.pk) if asks else None


def confirm_approval(request: HttpRequest, page: EtapePage, state: TaskState) -> HttpResponse | None:
    """Hook ``before_approval``: as :func:`confirm_publication`, and of each past date: who approves it did not type it."""
    draft = page.latest_revision.as_object()
    if content_language.original_key(draft) != draft.pk or not (_concerns_people(draft) or _warnings(draft)):
        return None
    return redirect("etapes_approuver", draft.pk, state.pk)


def refuse_publication_together(request: HttpRequest, pages: list[Page], next_url: str) -> HttpResponse | None:
    """Refuses to publish ``pages`` together if one is an étape whose draft would mail registered people. Each such étape is
    to be published from its own screen, which shows the recipients and asks for the reason.

    :returns: a redirection to ``next_url``, with one message per étape; None if nobody would be mailed.
    """
    concerned = 0
    for etape in EtapePage.objects.filter(pk__in=[page.pk for page in pages], has_unpublished_changes=True):
        people = recipients(etape.latest_revision.as_object()) if etape.latest_revision else []
        if people:
            concerned += 1
            _add_refusal(request, etape, people)
    return redirect(next_url) if concerned else None


def _add_refusal(request: HttpRequest, etape: EtapePage, people: list[Inscription]) -> None:
    message = ngettext(
        "Nothing was published: the publication of “%(title)s” would tell %(number)s person by mail. Publish it by itself.",
        "Nothing was published: the publication of “%(title)s” would tell %(number)s people by mail. Publish it by itself.",
        len(people),
    )
    button = messages.button(reverse("etapes_publier", args=[etape.pk]), _("See who will be told"))
    messages.error(request, message % {"title": etape.draft_title, "number": len(people)}, buttons=[button])


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def publish(request: HttpRequest, etape: EtapePage) -> HttpResponse:
    """GET shows the change and its recipients; POST publishes the revision that was shown."""
    if not etape.permissions_for_user(request.user).can_publish():
        raise PermissionDenied

    def go(revision: Revision) -> HttpResponse:
        revision.publish(user=request.user)
        _say_published(request, etape, revision.as_object())
        return redirect("wagtailadmin_pages:edit", etape.pk)

    return _confirm(request, etape, go)


@require_http_methods(["GET", "HEAD", "POST"])
@of_an_etape(lambda user, etape: None)
def approve(request: Any, etape: EtapePage, tache: int) -> HttpResponse:
    """As :func:`publish`, for the approval of the step ``tache`` of the étape's review, by those who may approve it."""
    state = get_object_or_404(TaskState.objects.for_instance(etape), pk=tache)

    def go(revision: Revision) -> HttpResponse:
        decide(task_state=state, action=APPROVE, by=request.user, revision_read=revision.pk)
        text = outcome(state, APPROVE, etape, go_live_at=scheduled_for(revision.as_object()))
        messages.success(request, text)
        after_decision(request, etape)
        return redirect(to_review_url())

    try:
        if state != etape.current_workflow_task_state:
            raise AlreadyDecided(already_decided(state))
        check_may_decide(state.task.specific, etape, action=APPROVE, by=request.user)
        return _confirm(request, etape, go, approves=True)
    except DecisionRefused as refusal:
        show_refusal(request, refusal)
        return redirect(to_review_url())


def _confirm(
    request: HttpRequest,
    etape: EtapePage,
    go: Callable[[Revision], HttpResponse],
    *,
    approves: bool = False,
) -> HttpResponse:
    revision = etape.latest_revision
    if revision is None:  # created by code without a revision: there is nothing to publish
        return redirect("wagtailadmin_pages:edit", etape.pk)
    form = MotifForm(request.POST or None)
    if request.method == "POST" and request.POST.get("revision") != str(revision.pk):
        messages.error(request, _("The étape was changed meanwhile: look at it again before you publish it."))
    elif request.method == "POST" and form.is_valid():
        return _publish(revision, etape, go, reason=form.cleaned_data["motif"].strip())
    draft = revision.as_object()
    taken_back = letters_taken_back(draft)
    people = recipients(draft, taken_back=taken_back)
    title = _("Approve the étape") if approves else _("Publish the change")
    context = frame(etape, title, brouillon=draft, personnes=people, form=form, revision=revision, approuve=approves)
    context |= {"retour": reverse("wagtailadmin_pages:edit", args=[etape.pk]), "prevu": scheduled_for(draft)}
    context |= {"quand_apres": when(draft), "ou_apres": where(draft)}
    context |= {"avertissements": _warnings(draft), "retenus": len(taken_back)}
    concerned = [*(each.pk for each in people), *(letter.sujet_id for letter in taken_back)]
    context["sans_courriel"] = list(why_not_mailed(draft, mailed=concerned)) if concerned else []
    return render(request, "etapes/admin/changement.html", context, status=422 if form.errors else 200)


def _warnings(draft: EtapePage) -> list[str]:
    return [*([past_date_warning(draft)] if becomes_past_online(draft) else []), *past_publication_date(draft)]


def past_date_warning(draft: EtapePage) -> str:
    """The warning about a past day."""
    expected = draft.inscrits.active().count()
    if not expected:
        return _("This date is past: once it is published, the étape counts as over. Check the day and the year.")
    warning = ngettext(
        "This date is past. %(number)s person is registered: once it is published, the étape counts as over, and registration "
        "closes. Check the day and the year.",
        "This date is past. %(number)s people are registered: once it is published, the étape counts as over, and registration "
        "closes. Check the day and the year.",
        expected,
    )
    return warning % {"number": expected}


def _say_published(request: HttpRequest, etape: EtapePage, draft: EtapePage) -> None:
    """Says that the étape is online; of a scheduled change, when it will be, and how many people will be told then."""
    at, people = scheduled_for(draft), recipients(draft)
    if at is None:
        messages.success(request, _("“%(title)s” is published.") % {"title": etape.title})
        return
    text = ngettext(
        "The change goes online on %(date)s: %(number)s person will be told by mail ten minutes later.",
        "The change goes online on %(date)s: %(number)s people will be told by mail ten minutes later.",
        len(people),
    )
    messages.success(request, text % {"date": moment(at), "number": len(people)})


def show_waiting_mails(request: HttpRequest, etape: EtapePage) -> None:
    """Says how many people a change of an étape will mail, when, and who is not mailed; nothing if no mail waits."""
    letters = list(unsent_letters(etape.inscrits.active()))
    if not letters:
        return
    if etape.passee and etape.a_lieu:
        messages.warning(request, past_date_warning(etape))
    leaving = [letter for letter in letters if not letter.est_arrete]
    message = ngettext(
        "“%(title)s” has changed: %(number)s person will be told by mail at %(hour)s, unless you change it back before.",
        "“%(title)s” has changed: %(number)s people will be told by mail at %(hour)s, unless you change it back before.",
        len(leaving),
    )
    if not leaving:
        message = _("“%(title)s” has changed. Its mails are stopped: nobody is told.")
    at = hour(min(letter.prochain_essai for letter in letters))
    sentence = message % {"title": etape.title, "number": len(leaving), "hour": at}
    others = why_not_mailed(etape, mailed=[letter.sujet_id for letter in letters])
    messages.warning(request, " ".join([sentence, *others]))


@transaction.atomic
def _publish(
    revision: Revision, etape: EtapePage, go: Callable[[Revision], HttpResponse], *, reason: str
) -> HttpResponse:
    response = go(revision)
    for letter in waiting_letters(etape.inscrits.active()):
        letter.contexte |= {REASON: reason}
        letter.save(update_fields=["contexte"])
    return response
