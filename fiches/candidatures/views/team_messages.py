"""The messages of a dossier, as the organisation reads and sends them, and the proof that one of them asks it to read."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fiches.candidatures.dossier_transitions import WrongStateError
from fiches.candidatures.models import Dossier
from fiches.candidatures.privacy_notices import dossier_notice
from fiches.candidatures.question_fields import TypedText, short_text
from fiches.candidatures.team_messages import (
    LONGEST,
    agree_to_proof,
    agreement_to,
    ask_team,
    check_pace,
    latest_proof,
    messages_of,
)
from fiches.candidatures.views.dossier import render_fiche
from fiches.candidatures.views.private_link import with_dossier
from fiches.forms.public_form import SiteForm


class MessageForm(forms.Form):
    """A message of the team. The organisation's has another label."""

    texte = TypedText(
        label=_("Your answer"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write your message.")},
    )


class QuestionForm(MessageForm, SiteForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texte"].label = _("Your message to the team")


class AgreementForm(SiteForm):
    version = forms.CharField(widget=forms.HiddenInput)
    nom = short_text(_("Your name"), required=True, autocomplete="name")


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
@with_dossier
def proof(request: HttpRequest, dossier: Dossier, *, secret: str) -> HttpResponse:
    """Shows the revision that the company is asked to read, and below it the form by which it agrees."""
    asked = latest_proof(dossier)
    if asked is None or asked.epreuve is None or dossier.est_clos:
        return redirect("candidature_dossier", secret)
    form = AgreementForm(request.POST if request.method == "POST" else None, initial={"version": asked.epreuve_id})
    if form.is_valid():
        try:
            agree_to_proof(dossier=dossier, **form.cleaned_data)
        except WrongStateError as error:
            form.add_error("nom", error)
            form.data = {**request.POST.dict(), "version": asked.epreuve_id}
        else:
            return redirect("candidature_bon_a_tirer", secret)
    context = {"secret": secret, "dossier": dossier, "form": form, "accord": agreement_to(asked)}
    context["notice"] = dossier_notice(request)
    return render_fiche(request, asked.epreuve.as_object(), context, template="candidatures/bon_a_tirer.html")
