"""Registration forms, and the consent and privacy notice shown with them."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.text_cleaning import clean_answer_text
from fiches.forms.privacy_notice import PrivacyNotice
from fiches.forms.public_form import CourrielField, PublicForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

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


def text(
    label: Any,
    *,
    limit: int,
    required: bool = False,
    help_text: "StrOrPromise" = "",
    autocomplete: str = "",
    rows: int = 0,
) -> Any:
    """A ``CharField``. Its limit is a server-side validator only, without the ``maxlength`` attribute."""
    attrs = {"autocomplete": autocomplete} if autocomplete else {}
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs=attrs)
    field = forms.CharField(label=label, required=required, help_text=help_text, widget=widget)
    field.validators.append(MaxLengthValidator(limit))
    return field


class WithReadableText(forms.Form):
    """Removes invisible characters from the text fields; a required one that is then empty is an error."""

    readable_fields = ("nom", "organisation", "besoins")

    def clean(self) -> Any:
        cleaned: Any = super().clean()
        for name in self.readable_fields:
            if name in cleaned:
                cleaned[name] = clean_answer_text(cleaned[name]).strip()
                if self.fields[name].required and not cleaned[name]:
                    self.add_error(name, self.fields[name].error_messages["required"])
        if cleaned.get("courriel"):
            cleaned["courriel"] = cleaned["courriel"].lower()
        return cleaned


class InscriptionForm(WithReadableText, PublicForm):
    """The public registration form: one person per form."""

    nom = text(_("Your name"), limit=120, required=True, autocomplete="name")
    courriel = CourrielField(
        label=_("Your e-mail"), help_text=_("The confirmation is sent there, with a link to cancel.")
    )
    organisation = text(_("Your organisation"), limit=200, autocomplete="organization")
    besoins = text(
        _("What you need to take part"),
        limit=1000,
        rows=3,
        help_text=_(
            "Sign language, a place for a wheelchair, a diet… Read by the organisers only, deleted the day after."
        ),
    )
    accord = forms.BooleanField(
        label=CONSENT,
        error_messages={"required": _("Without this agreement, no place can be kept for you.")},
    )
    optional = ("organisation", "besoins")


class InscriptionByHandForm(WithReadableText):
    """An organiser registers someone, for instance by phone or at the door."""

    nom = text(_("Name"), limit=120, required=True)
    courriel = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("Without one, this person gets no mail."),
    )
    organisation = text(_("Organisation"), limit=200)
    besoins = text(_("Accessibility needs"), limit=1000)
