"""Makes the form field of each question of the dossier, by the kind of the fiche's field."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from fiches.admin.fiche_form import CriteresField
from fiches.candidatures.text_cleaning import clean_answer_text
from fiches.forms.company_directory import directory_url
from fiches.forms.public_form import CourrielField
from fiches.models import FichePage, Partenaire
from fiches.models.declaration import ValueKind
from fiches.models.location import POSTCODE
from fiches.territoire.commune_field import CommuneField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BLANK_CHOICE = [("", _("– choose –"))]


class TypedText(forms.CharField):
    """A text that the public or the staff type, without invisible characters or space around it."""

    def to_python(self, value: Any) -> str:
        return clean_answer_text(super().to_python(value)).strip()


class SiretInput(forms.TextInput):
    """A text input with a button that fills the form in from the company directory, if the operator configured one."""

    template_name = "candidatures/widgets/siret.html"

    def get_context(self, name: Any, value: Any, attrs: Any) -> Any:
        context = super().get_context(name, value, {"inputmode": "numeric", **(attrs or {})})
        context["widget"]["annuaire"] = bool(directory_url())
        return context


def as_question(field: forms.Field, *, asked: Any, is_folded: bool) -> forms.Field:
    """Says how a field is asked, and returns it.

    :param asked: the question shown above the field instead of its label; ``""`` for the label.
    :param is_folded: whether the field stands among the optional questions of its group, which are folded.
    """
    field.asked, field.is_folded = asked, is_folded  # type: ignore[attr-defined]  # templates read them; Django has no such fields
    return field


def long_text(
    label: Any,
    help_text: Any = "",
    *,
    limit: int,
    rows: int = 6,
    required: bool = False,
    asked: Any = "",
    is_folded: bool = False,
) -> Any:
    """Makes a text area. More than ``limit`` characters is an error; the browser does not cut the text.

    :param asked, is_folded: see :func:`as_question`.
    """
    widget = forms.Textarea(attrs={"rows": rows, "data-limit": limit})
    field = TypedText(label=label, help_text=help_text, required=required, widget=widget)
    field.validators.append(MaxLengthValidator(limit))
    return as_question(field, asked=asked, is_folded=is_folded)


def short_text(
    label: Any,
    help_text: "StrOrPromise" = "",
    *,
    limit: int = 120,
    required: bool = False,
    autocomplete: str = "",
    widget: type = forms.TextInput,
    asked: Any = "",
    is_folded: bool = False,
) -> Any:
    """Makes a line of text. More than ``limit`` characters is an error; the browser does not cut the text.

    :param asked, is_folded: see :func:`as_question`.
    """
    attrs = {"autocomplete": autocomplete} if autocomplete else {}
    field = TypedText(label=label, help_text=help_text, required=required, widget=widget(attrs=attrs))
    field.validators.append(MaxLengthValidator(limit))
    return as_question(field, asked=asked, is_folded=is_folded)


def number_field(champ: Any, **kwargs: Any) -> Any:
    return forms.IntegerField(min_value=0, max_value=1_000_000, **kwargs)


def choice_field(champ: Any, **kwargs: Any) -> Any:
    field: Any = FichePage._meta.get_field(champ.name)
    choices = field.choices
    if champ.question.is_radio:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **kwargs)
    return forms.ChoiceField(choices=BLANK_CHOICE + list(choices), **kwargs)


def link_field(champ: Any, **kwargs: Any) -> Any:
    return forms.URLField(
        assume_scheme="https",
        max_length=200,
        error_messages={"invalid": _("Give a web address, such as www.exemple.fr.")},
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
        **kwargs,
    )


class PostcodeField(forms.CharField):
    """A postcode; spaces between its digits are removed."""

    def to_python(self, value: Any) -> Any:
        return "".join((super().to_python(value) or "").split())


def postcode_field(champ: Any, **kwargs: Any) -> Any:
    attrs = {"autocomplete": champ.question.autocomplete, "inputmode": "numeric"}
    return PostcodeField(validators=[POSTCODE], widget=forms.TextInput(attrs=attrs), **kwargs)


def partner_field(champ: Any, **kwargs: Any) -> Any:
    return forms.ModelChoiceField(queryset=Partenaire.objects.all(), empty_label=_("none"), **kwargs)


def long_text_field(champ: Any, *, label: Any, help_text: Any, required: bool) -> Any:
    return long_text(label, help_text, limit=champ.question.limit, rows=champ.question.rows)


def short_text_field(champ: Any, *, label: Any, help_text: Any, required: bool) -> Any:
    question, widget = champ.question, WIDGETS.get(champ.kind, forms.TextInput)
    return short_text(label, help_text, limit=question.limit, autocomplete=question.autocomplete, widget=widget)


WIDGETS = {ValueKind.SIRET: SiretInput}
# The function that makes the form field of a question, by the kind of its field. Other kinds are a line of text.
FIELD_FACTORIES = {
    ValueKind.LONG_TEXT: long_text_field,
    ValueKind.NUMBER: number_field,
    ValueKind.CHOICE: choice_field,
    ValueKind.LINK: link_field,
    ValueKind.PARTNER: partner_field,
    ValueKind.POSTCODE: postcode_field,
    ValueKind.TRUTH: lambda champ, **kwargs: forms.BooleanField(**kwargs),
    ValueKind.EMAIL: lambda champ, **kwargs: CourrielField(**kwargs),
    ValueKind.COMMUNE: lambda champ, **kwargs: CommuneField(**kwargs),
    ValueKind.CRITERIA: lambda champ, **kwargs: CriteresField(**kwargs),
}


def question_field(champ: Any) -> forms.Field:
    """Makes the form field of the question of a fiche's field. It is never required: what is essential is checked on sending."""
    make, question = FIELD_FACTORIES.get(champ.kind, short_text_field), champ.question
    field = make(champ, label=question.label or champ.title, help_text=question.help, required=False)
    return as_question(field, asked=question.asked, is_folded=question.is_folded)
