"""The messages of a dossier: sent by the organisation from its dossier, with the form by which the team answers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.utils import get_user_display_name

from fiches.candidatures.models import Dossier
from fiches.candidatures.team_messages import (
    LONGEST,
    QUESTION,
    ask_team,
    by_others,
    check_pace,
    is_sent_again,
    messages_of,
)
from fiches.candidatures.text_cleaning import clean_answer_text
from fiches.candidatures.views.private_link import with_dossier
from fiches.forms.older_screen import CONFLICT, STAMP_FIELD, is_from_older_screen
from fiches.forms.public_form import SiteForm
from fiches.forms.submission_key import KeyedForm


class _WithText(KeyedForm):
    """A message. ``lue`` stamps the screen on which it is written: the number of messages of others that it shows."""

    data: Any
    lue = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def clean_texte(self) -> str:
        return clean_answer_text(self.cleaned_data["texte"]).strip()


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


def refuse_unread(form: _WithText, *, dossier: Dossier, message: str, echanges: list[dict[str, Any]], by: Any) -> bool:
    """Refuses a message that was written on a screen without the last one of the others, and shows that one; sent again, the message
    is accepted.

    :param message: what is sent: :data:`QUESTION` or :data:`ANSWER`.
    :param echanges: the result of :func:`~fiches.candidatures.team_messages.messages_of`.
    :param by: the member of the team who writes; None for the organisation.
    """
    others, texte = by_others(echanges, by), form.cleaned_data["texte"]
    stamp = str(len(others))
    if not others or not is_from_older_screen(form.data, stamp):
        return False
    if is_sent_again(dossier=dossier, message=message, texte=texte, by=by, cle=form.submission_key(texte)):
        return False
    newest = others[-1]
    warning = _(
        "%(who)s wrote meanwhile: “%(text)s” Your message is not sent yet. Read it again below, then send it if it still fits."
    )
    form.add_error(
        "texte", ValidationError(warning, code="unread", params={"who": _writer(newest, by), "text": newest["texte"]})
    )
    form.data = form.data.copy()
    form.data[STAMP_FIELD] = stamp
    return True


def _writer(line: dict[str, Any], reader: Any) -> str:
    """Who wrote a message, for its reader. The organisation reads no name of the team."""
    if not line["de_l_equipe"]:
        return _("The organisation")
    return get_user_display_name(line["auteur"]) if reader and line["auteur"] else _("The team")


@require_http_methods(["GET", "HEAD", "POST"])
@with_dossier
def ask(request: HttpRequest, dossier: Dossier, *, secret: str) -> HttpResponse:
    """Shows the messages with a form, and sends one."""
    echanges, status = messages_of(dossier), 422
    initial = {STAMP_FIELD: len(by_others(echanges, None))}
    form = QuestionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and refuse_unread(form, dossier=dossier, message=QUESTION, echanges=echanges, by=None):
        status = CONFLICT
    elif form.is_valid():
        try:
            check_pace(request, dossier)
        except ValidationError as error:
            form.add_error("texte", error)
        else:
            texte = form.cleaned_data["texte"]
            ask_team(dossier=dossier, texte=texte, cle=form.submission_key(texte))
            return redirect(f"{reverse('candidature_messages', args=[secret])}?envoye=1")
    context = {"dossier": dossier, "secret": secret, "form": form, "echanges": echanges}
    context["envoye"] = "envoye" in request.GET and not form.is_bound
    return render(request, "candidatures/messages.html", context, status=status if form.errors else 200)
