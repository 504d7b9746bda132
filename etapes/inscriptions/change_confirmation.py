"""Asks for a confirmation before an étape is published or approved whose change is mailed to registered people.

The mails wait for ten minutes after the publication. Those of a change that is changed back within that time don't leave.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.models import TaskState

from etapes.inscriptions.change_mails import BEFORE, unsent_letters
from etapes.inscriptions.date_and_place import meeting_fingerprint, when, where
from etapes.inscriptions.organiser_access import frame, of_an_etape
from etapes.models import EtapePage, Inscription
from fiches.formats import hour, moment
from fiches.moderation.decision import (
    APPROVE,
    AlreadyDecided,
    DecisionRefused,
    already_decided,
    check_may_decide,
    decide,
)
from fiches.moderation.views import outcome, show_refusal, to_review_url


class MotifForm(forms.Form):
    motif = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands in the mail. Leave it empty if there is nothing to explain."),
    )


def recipients(draft: EtapePage) -> QuerySet:
    """Returns the active registrations that the publication of ``draft`` concerns, with or without an e-mail address."""
    if draft.passee and draft.a_lieu:
        return Inscription.objects.none()
    now = meeting_fingerprint(draft)
    taken_back = unsent_letters(draft).filter(**{f"contexte__{BEFORE}": now}).values("sujet_id")
    return draft.inscrits.active().exclude(rendez_vous=now).exclude(pk__in=taken_back)


def confirm_publication(request: HttpRequest, page: EtapePage, step: TaskState | None = None) -> HttpResponse | None:
    """Returns a redirection to the confirmation if the publication of the latest revision mails people; else None.

    :param step: the step of the review that approves it.
    """
    if not recipients(page.get_latest_revision_as_object()).exists():
        return None
    if step is None:
        return redirect("etapes_publier", page.pk)
    comment = urlencode({"comment": request.POST.get("comment", "")})
    return redirect(f"{reverse('etapes_approuver', args=[page.pk, step.pk])}?{comment}")


def refuse_publication_together(request: HttpRequest, pages: list[Any]) -> HttpResponse | None:
    """Returns a redirection to the confirmation of the first of ``pages`` whose publication mails people; None if there is none.
    Pages below ``pages`` count if the request includes them."""
    chosen = Q(pk__in=[page.pk for page in pages])
    if request.POST.get("include_descendants"):
        chosen |= Q(*(("path__startswith", page.path) for page in pages), _connector=Q.OR)
    for etape in EtapePage.objects.filter(chosen, has_unpublished_changes=True):
        if question := confirm_publication(request, etape):
            text = _(
                "Nothing was published: the publication of “%(title)s” tells people by mail. Publish it by itself."
            )
            messages.error(request, text % {"title": etape.draft_title})
            return question
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@of_an_etape(lambda user, etape: None)
def confirm(request: Any, etape: EtapePage, tache: int | None = None) -> HttpResponse:
    """GET shows the change and its recipients; POST publishes the revision that was shown, or approves it in the step ``tache``."""
    step = get_object_or_404(TaskState.objects.for_instance(etape), pk=tache) if tache else None
    comment = request.POST.get("comment") or request.GET.get("comment", "")
    form, revision = MotifForm(request.POST or None), etape.latest_revision
    try:
        _check(request.user, etape, step)
        if request.method == "POST" and request.POST.get("revision") != str(revision.pk):
            messages.error(request, _("The étape was changed meanwhile: look at it again before you publish it."))
        elif request.method == "POST" and form.is_valid():
            text = _publish(etape, step, by=request.user, comment=comment, reason=form.cleaned_data["motif"].strip())
            messages.success(request, text)
            show_waiting_mails(request, etape)
            return redirect(to_review_url()) if step else redirect("wagtailadmin_pages:edit", etape.pk)
    except DecisionRefused as refusal:
        show_refusal(request, refusal)
        return redirect(to_review_url())
    draft = revision.as_object()
    people = recipients(draft)
    context = {
        "brouillon": draft,
        "quand_apres": when(draft),
        "ou_apres": where(draft),
        "personnes": people,
        "nombre": people.exclude(courriel="").count(),
        "prevu": _scheduled_for(draft),
        "form": form,
        "revision": revision,
        "approuve": step,
        "commentaire": comment,
    }
    title = _("Approve the étape") if step else _("Publish the change")
    context = frame(etape, title, **context)
    return render(request, "etapes/admin/changement.html", context, status=422 if form.errors else 200)


def _scheduled_for(draft: EtapePage) -> datetime | None:
    return draft.go_live_at if draft.go_live_at and draft.go_live_at > timezone.now() else None


def _check(user: Any, etape: EtapePage, step: TaskState | None) -> None:
    """:raises PermissionDenied, DecisionRefused: ``user`` may not publish the étape, or not approve it in ``step``."""
    if step is None:
        if not (etape.latest_revision and etape.permissions_for_user(user).can_publish()):
            raise PermissionDenied
    elif step != etape.current_workflow_task_state:
        raise AlreadyDecided(already_decided(step))
    else:
        check_may_decide(step.task.specific, etape, action=APPROVE, by=user)


@transaction.atomic
def _publish(etape: EtapePage, step: TaskState | None, *, by: Any, comment: str, reason: str) -> str:
    """Publishes or approves the latest revision, and adds the reason to the mails that wait; returns what happened, for the user."""
    revision = etape.latest_revision
    if step:
        decide(task_state=step, action=APPROVE, by=by, revision_read=revision.pk, comment=comment)
    else:
        revision.publish(user=by)
    for letter in unsent_letters(etape):
        letter.contexte |= {"motif": reason}
        letter.save(update_fields=["contexte"])
    at = _scheduled_for(revision.as_object())
    if step:
        return outcome(step, APPROVE, etape, go_live_at=at)
    if at:
        return _("“%(title)s” will be online from %(when)s.") % {"title": etape.title, "when": moment(at)}
    return _("“%(title)s” is published.") % {"title": etape.title}


def show_waiting_mails(request: HttpRequest, etape: EtapePage) -> None:
    """Adds a message with the number of mails that wait after a change, and the hour at which they leave. Adds none if no mail
    waits."""
    letters = [letter for letter in unsent_letters(etape) if letter.va_partir]
    if not letters:
        return
    text = ngettext(
        "“%(title)s” has changed: %(number)s person will be told by mail at %(hour)s, unless you change it back before.",
        "“%(title)s” has changed: %(number)s people will be told by mail at %(hour)s, unless you change it back before.",
        len(letters),
    )
    at = hour(min(letter.prochain_essai for letter in letters))
    messages.warning(request, text % {"title": etape.title, "number": len(letters), "hour": at})
