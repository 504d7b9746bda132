"""Before an étape is published whose day, hours or place changed: who is told is shown, and a reason may be given. For ten
minutes afterwards, the change can be undone and nobody is told."""

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
from wagtail.models import Revision

from etapes.inscriptions.changements import is_silent, waiting_letters
from etapes.inscriptions.equipe import frame, organised
from etapes.inscriptions.rendez_vous import fingerprint, when, where
from etapes.models import EtapePage, Inscription

RENDEZ_VOUS = ("date", "debut", "fin", "moment", "lieu", "commune", "statut", "ancienne_date")
REASON, REVISION = "motif", "revision"


class MotifForm(forms.Form):
    motif = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands in the mail. Leave it empty if there is nothing to explain."),
    )


def to_be_told(draft: EtapePage) -> list[Inscription]:
    """Those whom the publication of ``draft`` tells that something changed; who left no address is told by nobody."""
    if is_silent(draft):
        return []
    known = Inscription.objects.active().filter(etape=draft.pk).exclude(courriel="")
    return list(known.exclude(rendez_vous=fingerprint(draft)))


def ask_first(request: HttpRequest, page: EtapePage) -> HttpResponse | None:
    """Leads from the form to the confirmation, where there is somebody to tell now. The draft is saved already."""
    scheduled = page.go_live_at and page.go_live_at > timezone.now()
    if not scheduled and to_be_told(page):
        return redirect("etapes_publier", page.pk)
    return None


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
        _say(request, etape)
        return redirect("wagtailadmin_pages:edit", etape.pk)
    draft = revision.as_object()
    people = to_be_told(draft)
    context = frame(etape, _("Publish the change"), brouillon=draft, personnes=people, form=form, revision=revision)
    context |= {"quand_apres": when(draft), "ou_apres": where(draft)}
    return render(request, "etapes/admin/changement.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _publish(revision: Revision, etape: EtapePage, *, by: object, reason: str) -> None:
    before = etape.live_revision_id
    revision.publish(user=by)
    for letter in waiting_letters(etape.inscrits.active()):
        letter.contexte |= {REASON: reason, REVISION: letter.contexte.get(REVISION, before)}
        letter.save(update_fields=["contexte"])


def _say(request: HttpRequest, etape: EtapePage) -> None:
    number = waiting_letters(etape.inscrits.active()).count()
    told = ngettext(
        "“%(title)s” is published. %(number)s person is told in ten minutes.",
        "“%(title)s” is published. %(number)s people are told in ten minutes.",
        number,
    )
    undo = messages.button(reverse("etapes_retablir", args=[etape.pk]), _("Undo the change"))
    text = (
        told % {"title": etape.title, "number": number}
        if number
        else _("The étape is published. Nobody is to be told.")
    )
    messages.success(request, text, buttons=[undo] if number else [])


@require_http_methods(["GET", "HEAD", "POST"])
@organised
def undo(request: HttpRequest, etape: EtapePage) -> HttpResponse:
    """Puts the day, the hours and the place back as they were before a change of which nobody was told yet."""
    if not etape.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    letters = list(waiting_letters(etape.inscrits.active()))
    before = etape.revisions.filter(
        pk__in=[each.contexte.get(REVISION) for each in letters if each.contexte.get(REVISION)]
    )
    revision = before.order_by("pk").first()
    if revision is None:
        messages.error(
            request, _("It is too late to undo the change: the mails have left. Publish another change to tell it.")
        )
        return redirect("etapes_inscriptions", etape.pk)
    old = revision.as_object()
    if request.method == "POST":
        draft = etape.latest_revision.as_object()
        for name in RENDEZ_VOUS:
            setattr(draft, name, getattr(old, name))
        draft.save_revision(user=request.user, log_action=True).publish(user=request.user)
        messages.success(request, _("The change is undone: nobody is told."))
        return redirect("wagtailadmin_pages:edit", etape.pk)
    context = frame(etape, _("Undo the change"), personnes=[each.sujet for each in letters], retablir=True)
    return render(request, "etapes/admin/changement.html", context | {"quand_apres": when(old), "ou_apres": where(old)})
