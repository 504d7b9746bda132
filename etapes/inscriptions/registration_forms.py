"""Registration forms, and the consent and privacy notice shown with them."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from etapes.models import Inscription
from fiches.forms.public_form import CourrielField, PrivacyNotice, PublicForm

if TYPE_CHECKING:
    from etapes.models import EtapePage


CONSENT = _(
    "I agree that the organisers of this étape keep my name, my e-mail and what I write here to welcome me, and to write "
    "to me about this étape only."
)


def privacy_notice(etape: "EtapePage", organisers: str) -> PrivacyNotice:
    """The privacy notice of an étape's form, in the active language. ``organisers``: their names as text, or ``""``."""
    kept_for = ngettext(
        "{days} day after the étape; what you need to take part, until the day after",
        "{days} days after the étape; what you need to take part, until the day after",
        etape.conservation,
    )
    recipients = (
        gettext("the organisers ({organisers}) and the rally’s team")
        if organisers
        else gettext("the organisers and the rally’s team")
    )
    return PrivacyNotice(
        purpose=_("to welcome you to this étape, and to write to you about it"),
        kept_for=kept_for.format(days=etape.conservation),
        recipients=recipients.format(organisers=organisers),
        legal_basis=_("your consent (article 6.1.a of the GDPR), which you take back by cancelling"),
    )


class InscriptionForm(PublicForm):
    """The public registration form: one person per form."""

    nom = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    courriel = CourrielField(
        label=_("Your e-mail"), help_text=_("The confirmation is sent there, with a link to cancel.")
    )
    organisation = forms.CharField(
        label=_("Your organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    besoins = forms.CharField(
        label=_("What you need to take part"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Sign language, a place for a wheelchair, a diet… Read by the organisers only, deleted the day after."
        ),
    )
    accord = forms.BooleanField(
        label=CONSENT,
        error_messages={"required": _("Without this agreement, no place can be kept for you.")},
    )


class InscriptionByHandForm(forms.ModelForm):
    """An organiser registers someone, for instance by phone or at the door."""

    class Meta:
        model = Inscription
        fields = ["nom", "courriel", "organisation", "besoins"]
        help_texts = {"courriel": _("Without one, this person gets no mail.")}
