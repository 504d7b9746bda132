"""The messages of a dossier: sent by the organisation from its dossier, with the form by which the team answers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fiches.candidatures.models import Dossier
from fiches.candidatures.team_messages import (
    LONGEST,
    ask_team,
    check_pace,
    messages_of,
)
from fiches.candidatures.text_cleaning import readable
from fiches.candidatures.views.private_link import with_dossier
from fiches.forms.public_form import SiteForm
from fiches.forms.submission_key import KeyedForm


class _WithText(KeyedForm):
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
            texte = form.cleaned_data["texte"]
            ask_team(dossier=dossier, texte=texte, cle=form.submission_key(texte))
            return redirect(f"{reverse('candidature_messages', args=[secret])}?envoye=1")
    context = {"dossier": dossier, "secret": secret, "form": form, "echanges": messages_of(dossier)}
    context["envoye"] = "envoye" in request.GET and not form.is_bound
    return render(request, "candidatures/messages.html", context, status=422 if form.errors else 200)
