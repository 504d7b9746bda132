"""`/signaler/`: the public form of a tip, which is stored once."""

from typing import Any

from django import forms
from django.core.files import File
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fiches.candidatures.models import Signalement
from fiches.candidatures.privacy_notices import TIP_NOTICE
from fiches.candidatures.question_fields import as_question, long_text, short_text
from fiches.candidatures.readiness import require_readiness
from fiches.forms.private_address import secret_fingerprint
from fiches.forms.public_form import CourrielField, PublicForm
from fiches.media.images import accepted, sanitise_image

TEXTS = ("organisation", "lieu", "innovation", "contact", "de")


class TipForm(PublicForm):
    organisation = short_text(
        _("The organisation"), asked=_("Which organisation do you want to report?"), limit=200, required=True
    )
    lieu = short_text(
        _("Its place"), _("The name of the town or village, if you know it."), asked=_("Where is it?"), limit=200
    )
    innovation = long_text(
        _("What it does that is new"), asked=_("What does it do that is new?"), limit=2000, rows=5, required=True
    )
    photo = as_question(
        forms.FileField(
            label=_("Photo"),
            required=False,
            help_text=_("Only the rally’s team sees it. It is not published."),
            widget=forms.FileInput,
        ),
        asked=_("Do you have a photo of it?"),
        is_folded=False,
    )
    contact = as_question(
        CourrielField(
            label=_("Its e-mail, if you know it"),
            required=False,
            autocomplete="off",
            help_text=_("So that we can invite it to tell its story."),
        ),
        asked=_("What is its e-mail, if you know it?"),
        is_folded=False,
    )
    de = CourrielField(
        label=_("Your e-mail, if you wish"),
        required=False,
        help_text=_("Only to ask you a question about this tip."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].widget.attrs["accept"] = accepted()

    def clean_photo(self) -> File | None:
        photo = self.cleaned_data["photo"]
        return sanitise_image(photo) if photo else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors and cleaned.get("photo"):
            self.add_error("photo", forms.ValidationError(_("Choose the photo again: the browser does not keep it.")))
        return cleaned


@transaction.atomic
def store_tip(cleaned: dict[str, Any]) -> None:
    """Stores a tip once: a second request with the same texts, even at the same moment, stores nothing.

    Unlike `fiches.forms.private_address`, the key is made of the texts only: two people who send the same texts send one tip.

    :param cleaned: the texts of the tip; ``photo``: a picture cleaned by `fiches.media.images`, or nothing.
    """
    texts = {name: cleaned[name] for name in TEXTS}
    tip, _made = Signalement.objects.get_or_create(
        empreinte=secret_fingerprint("\n".join(texts.values())), defaults=texts
    )
    photo = cleaned.get("photo")
    if photo:
        tip = Signalement.objects.select_for_update().get(pk=tip.pk)
    if photo and not tip.photo:
        tip.photo.save(photo.name, photo, save=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_readiness
def tip(request: HttpRequest) -> HttpResponse:
    form = TipForm.for_request(request, what="signaler")
    if answer := form.answer(request, store_tip, then="signaler_merci"):
        return answer
    return render(request, "candidatures/signaler.html", {"form": form, "notice": TIP_NOTICE})
