"""`/signaler/`: the public form of a tip."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fiches.candidatures.models import Signalement
from fiches.candidatures.privacy_notices import TIP_NOTICE
from fiches.candidatures.question_fields import long_text, short_text
from fiches.candidatures.readiness import require_readiness
from fiches.candidatures.text_cleaning import readable
from fiches.forms.public_form import CourrielField, PublicForm
from fiches.link_secrets import fingerprint


class TipForm(PublicForm):
    organisation = short_text(_("The organisation"), _("Its name, and where it is."), limit=200, required=True)
    innovation = long_text(_("What it does that is new"), limit=2000, rows=5, required=True)
    contact = CourrielField(
        label=_("Its e-mail, if you know it"),
        required=False,
        autocomplete="off",
        help_text=_("So that we can invite it to tell its story."),
    )
    de = CourrielField(
        label=_("Your e-mail, if you wish"),
        required=False,
        help_text=_("Only to ask you a question about this tip."),
    )

    def clean_organisation(self) -> str:
        return self._readable("organisation")

    def clean_innovation(self) -> str:
        return self._readable("innovation")

    def _readable(self, name: str) -> str:
        text = readable(self.cleaned_data[name]).strip()
        if not text:
            raise forms.ValidationError(self.fields[name].error_messages["required"], code="required")
        return text


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_readiness
def tip(request: HttpRequest) -> HttpResponse:
    form = TipForm.for_request(request, what="signaler")
    if answer := form.answer(request, store_tip, then="signaler_merci"):
        return answer
    return render(request, "candidatures/signaler.html", {"form": form, "notice": TIP_NOTICE})


def store_tip(cleaned: dict[str, str]) -> None:
    """Stores a tip. The same tip sent twice, even at the same time, is stored once."""
    fields = {name: cleaned[name] for name in ("organisation", "innovation", "contact", "de")}
    Signalement.objects.get_or_create(empreinte=fingerprint("\n".join(fields.values())), defaults=fields)


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "candidatures/signaler_merci.html")
