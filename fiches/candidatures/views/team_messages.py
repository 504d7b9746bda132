"""The messages of a dossier: sent by the organisation from its dossier, answered by the team on a screen of its own."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fiches.candidatures.models import Dossier
from fiches.candidatures.team_messages import (
    LONGEST,
    answer_organisation,
    ask_team,
    check_pace,
    has_messages,
    messages_of,
)
from fiches.candidatures.text_cleaning import readable
from fiches.candidatures.views.private_link import with_dossier
from fiches.forms.public_form import SiteForm

if TYPE_CHECKING:
    from fiches.candidatures.models import Evenement


class _WithText(forms.Form):
    def clean_texte(self) -> str:
        return readable(self.cleaned_data["texte"]).strip()


def _text_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write your message.")},
    )


class QuestionForm(_WithText, SiteForm):
    texte = _text_field(gettext_lazy("Your message to the team"))


class AnswerForm(_WithText):
    texte = _text_field(gettext_lazy("Your answer"))


@require_http_methods(["GET", "HEAD", "POST"])
@with_dossier
def ask(request: HttpRequest, dossier: Dossier, *, secret: str) -> HttpResponse:
    """Shows the messages with a form, and sends one."""
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            check_pace(request, dossier)
        except ValidationError as error:
            form.add_error("texte", error)
        else:
            ask_team(dossier=dossier, texte=form.cleaned_data["texte"])
            return redirect(f"{reverse('candidature_messages', args=[secret])}?envoye=1")
    context = {"dossier": dossier, "secret": secret, "form": form, "echanges": messages_of(dossier)}
    context["envoye"] = "envoye" in request.GET and not form.is_bound
    return render(request, "candidatures/messages.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("candidatures.view_dossier", raise_exception=True)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The team's screen. A dossier that was not sent yet shows its messages here, and nothing of its answers."""
    dossier = get_object_or_404(Dossier.objects.select_related("responsable"), pk=pk)
    is_sent = Dossier.objects.sent().filter(pk=pk).exists()
    if not is_sent and not has_messages(dossier):
        raise Http404
    may_answer = request.user.has_perm("candidatures.change_dossier")
    form = AnswerForm(request.POST if request.method == "POST" and may_answer else None)
    if form.is_valid():
        event: Evenement = answer_organisation(dossier=dossier, texte=form.cleaned_data["texte"], by=request.user)
        messages.success(request, _("Your answer is sent to %(address)s.") % {"address": event.dossier.courriel})
        return redirect("dossiers:messages", pk)
    context = {"dossier": dossier, "is_sent": is_sent, "form": form, "echanges": messages_of(dossier)}
    context["peut_agir"] = may_answer
    return render(request, "candidatures/admin/messages.html", context, status=422 if form.errors else 200)
