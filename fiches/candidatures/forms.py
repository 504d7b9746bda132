"""The steps of a dossier, one form each, and their questions.

Answers are stored as typed, valid or not. A step is complete when its form validates.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fiches.admin.fiche_form import CriteresField
from fiches.candidatures.consentements import CONTACT, FINALITES, PREFIX
from fiches.candidatures.dossier_widgets import PositionInput, SiretInput
from fiches.candidatures.enums import Role
from fiches.candidatures.text_cleaning import readable
from fiches.forms.public_form import CourrielField, SiteForm
from fiches.models import Dimension, FichePage, Partenaire
from fiches.models.champs import champs_asked, champs_with
from fiches.models.coordinates import parse_point
from fiches.models.declaration import Kind, Part
from fiches.models.siret import clean_siret, naf_rev2
from fiches.models.telephone import format_phone
from fiches.moderation.completeness import unanswered
from fiches.territoire.commune_field import CommuneField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from fiches.candidatures.models import Dossier
    from fiches.models.declaration import Champ


# Characters. A longer answer is shown again with an error, and is not stored.
MAX_ANSWER_LENGTH = 20_000
BLANK_CHOICE = [("", _("– choose –"))]


def long_text(label: Any, help_text: Any = "", *, limit: int, rows: int = 6, required: bool = False) -> Any:
    """Makes a text area. More than ``limit`` characters is an error; the browser does not cut the text."""
    widget = forms.Textarea(attrs={"rows": rows, "data-limit": limit})
    field = forms.CharField(label=label, help_text=help_text, required=required, widget=widget)
    field.validators.append(MaxLengthValidator(limit))
    return field


def short_text(
    label: Any,
    help_text: "StrOrPromise" = "",
    *,
    limit: int = 120,
    required: bool = False,
    autocomplete: str = "",
    widget: type = forms.TextInput,
) -> Any:
    """Makes a line of text. More than ``limit`` characters is an error; the browser does not cut the text."""
    attrs = {"autocomplete": autocomplete} if autocomplete else {}
    field = forms.CharField(label=label, help_text=help_text, required=required, widget=widget(attrs=attrs))
    field.validators.append(MaxLengthValidator(limit))
    return field


class StepForm(SiteForm):
    """The form of one step. Its ``essential`` fields are required when the dossier is sent, not when it is saved.

    :param only: names of the fields to keep; None keeps them all.
    :param sending: validates as when the dossier is sent: essential fields are required.
    :param continuing: the applicant goes on to the next step.
    """

    cle = ""
    intitule = ""
    essential: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    do_not_call_in_templates = True

    def __init__(
        self,
        *args: QueryDict | dict[str, Any],
        only: frozenset[str] | None = None,
        sending: bool = False,
        continuing: bool = False,
        dossier: "Dossier | None" = None,
        **kwargs: Any,
    ) -> None:
        self.dossier, self.sending, self.continuing = dossier, sending, continuing
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if only is not None and name not in only:
                del self.fields[name]
        for name, field in self.fields.items():
            field.required = sending and name in self.essential
            field.essential = name in self.essential
            self._set_descriptions(name, field)

    def _set_descriptions(self, name: Any, field: Any) -> None:
        field.reasons = self.dossier.raisons.get(name, []) if self.dossier else []
        if field.reasons:
            control = self.auto_id % name
            described = [f"{control}_raison", f"{control}_error"]
            field.widget.attrs["aria-describedby"] = " ".join(
                [f"{control}_helptext"] * bool(field.help_text) + described
            )

    def raw(self) -> dict[str, Any]:
        """Returns ``{field: answer as typed}``: text without invisible characters, a list of such texts, or a boolean."""
        return {name: clean_raw(self[name].data) for name in self.fields}

    def fieldsets(self) -> list[Any]:
        """Returns ``[(legend, [bound field])]`` of the fields that this form has; a group without any is left out."""
        groups = [(legend, [self[name] for name in names if name in self.fields]) for legend, names in self.groups]
        return [(legend, fields) for legend, fields in groups if fields]


def clean_raw(value: bool | list[str] | str | None) -> bool | list[str] | str:
    if isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple)):
        return [readable(item)[:200] for item in value][:200]
    return readable(value or "").strip()


def number_field(champ: "Champ", **kwargs: Any) -> Any:
    return forms.IntegerField(min_value=0, max_value=1_000_000, **kwargs)


def choice_field(champ: Any, **kwargs: Any) -> Any:
    choices = FichePage._meta.get_field(champ.name).choices
    if champ.question.is_radio:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **kwargs)
    return forms.ChoiceField(choices=BLANK_CHOICE + list(choices), **kwargs)


def link_field(champ: "Champ", **kwargs: Any) -> Any:
    return forms.URLField(
        assume_scheme="https",
        max_length=200,
        error_messages={"invalid": _("Give a web address, such as www.exemple.fr.")},
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
        **kwargs,
    )


def partner_field(champ: "Champ", **kwargs: Any) -> Any:
    return forms.ModelChoiceField(queryset=Partenaire.objects.all(), empty_label=_("none"), **kwargs)


def long_text_field(champ: Any, *, label: Any, help_text: Any, required: bool) -> Any:
    return long_text(label, help_text, limit=champ.question.limit, rows=champ.question.rows)


def short_text_field(champ: "Champ", *, label: Any, help_text: Any, required: bool) -> Any:
    question, widget = champ.question, WIDGETS.get(champ.kind, forms.TextInput)
    return short_text(label, help_text, limit=question.limit, autocomplete=question.autocomplete, widget=widget)


WIDGETS = {Kind.SIRET: SiretInput, Kind.POINT: PositionInput}
# The function that makes the form field of a question, by the kind of its field. Other kinds are a line of text.
FIELD_FACTORIES = {
    Kind.LONG_TEXT: long_text_field,
    Kind.NUMBER: number_field,
    Kind.CHOICE: choice_field,
    Kind.LINK: link_field,
    Kind.PARTNER: partner_field,
    Kind.TRUTH: lambda champ, **kwargs: forms.BooleanField(**kwargs),
    Kind.EMAIL: lambda champ, **kwargs: CourrielField(**kwargs),
    Kind.COMMUNE: lambda champ, **kwargs: CommuneField(**kwargs),
    Kind.CRITERIA: lambda champ, **kwargs: CriteresField(**kwargs),
}


def questions_of(*parts: Part) -> type[StepForm]:
    """Makes a base class for a step: a form with the questions of ``parts`` in `fiches.models.champs`."""
    fields = {}
    for champ in champs_asked(*parts):
        label = champ.question.label or champ.title
        make = FIELD_FACTORIES.get(champ.kind, short_text_field)
        fields[champ.answer_name] = make(champ, label=label, help_text=champ.question.help, required=False)
    return type("QuestionsForm", (StepForm,), {**fields, "essential": required_answers(*parts)})


def answer_names(part: Part) -> tuple[str, ...]:
    """Returns the names of the answers of a part, in the order of the table."""
    return tuple(champ.answer_name for champ in champs_asked(part))


def required_answers(*parts: Part) -> tuple[str, ...]:
    """Returns the names of the answers of ``parts`` without which a dossier can't be sent."""
    return tuple(champ.answer_name for champ in champs_asked(*parts) if champ.question.is_required)


class Organisation(questions_of(Part.WHO, Part.WHERE)):
    cle, intitule = "organisation", _("The organisation")
    groups = ((_("Who you are"), answer_names(Part.WHO)), (_("Where you are"), answer_names(Part.WHERE)))

    def clean_siret(self) -> str:
        value = self.cleaned_data["siret"]
        return clean_siret(value) if value else ""

    def clean_naf(self) -> str:
        value = self.cleaned_data["naf"].upper()
        if value:
            naf_rev2(value)
        return value

    def clean_point(self) -> str:
        value = self.cleaned_data["point"]
        return parse_point(value).wkt if value else ""


class Innovation(questions_of(Part.SHORT)):
    cle, intitule = "innovation", _("The innovation")
    essential = (*required_answers(Part.SHORT), "description")

    besoin = long_text(_("The need"), _("What did not work before, and for whom?"), limit=5000)
    description = long_text(
        _("What you did"),
        _("What is new, how it works, who takes part. 5,000 characters at most."),
        limit=5000,
        rows=10,
    )
    resultats = long_text(_("The results"), _("What it changed, with figures if you have some."), limit=5000)
    citation = long_text(_("A quotation"), _("One sentence, said by someone who lived it."), limit=600, rows=3)
    citation_auteur = short_text(_("Who said it"), limit=150)

    groups = (
        (_("In short"), answer_names(Part.SHORT)),
        (_("The story"), ("besoin", "description", "resultats")),
        (_("In someone’s words"), ("citation", "citation_auteur")),
    )


class Caracterisation(questions_of(Part.GRID, Part.KEYWORDS)):
    cle, intitule = "caracterisation", _("Characterisation")
    groups = ((_("Keywords"), answer_names(Part.KEYWORDS)),)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self._requires_the_grid() and "criteres" not in self.errors:
            self.without_answer = unanswered(cleaned.get("criteres") or ())
            for dimension in self.without_answer:
                self.add_error("criteres", ValidationError(unanswered_message(dimension)))
        return cleaned

    def _requires_the_grid(self) -> bool:
        """Whether each group of the grid must have an answer: when the dossier is sent, or when the applicant goes on to the
        next step.

        A dossier that was sent once needs one only if a correction of the grid is asked for: the grid may have changed.
        """
        if not (self.sending or self.continuing) or "criteres" not in self.fields:
            return False
        first = self.dossier is None or self.dossier.numero is None
        return first or bool({"", "criteres"} & set(self.dossier.raisons))

    def faults_by_group(self) -> dict[Dimension, str]:
        """Returns ``{dimension: message}``, the errors shown beside each group of the grid."""
        return {dimension: unanswered_message(dimension) for dimension in getattr(self, "without_answer", ())}

    def grid(self) -> list[Any]:
        """Returns ``[(dimension, [(criterion, is ticked)])]`` for the dimensions that have criteria."""
        ticked = set(map(str, self["criteres"].value() or ()))
        dimensions = [
            (dimension, dimension.criteres.all()) for dimension in Dimension.objects.prefetch_related("criteres")
        ]
        return [
            (dimension, [(c, str(c.pk) in ticked) for c in criteria]) for dimension, criteria in dimensions if criteria
        ]

    def clean_mots_cles(self) -> str:
        return ", ".join(keywords(self.cleaned_data["mots_cles"]))


def unanswered_message(dimension: Dimension) -> str:
    return _("Tick at least one answer of “%(group)s…”.") % {"group": capfirst(dimension.nom)}


def keywords(text: str) -> list[Any]:
    """Splits a comma-separated text into at most ten keywords, each cut at 50 characters."""
    return [word.strip()[:50] for word in text.split(",") if word.strip()][:10]


class Photo(questions_of(Part.PHOTO)):
    photo_credit = short_text(_("Author of the photo"), limit=200)


class Images(questions_of(Part.LOGO), Photo):
    """The photo's questions, then the logo's: Django puts the fields of the last base class first."""

    cle, intitule = "images", _("Pictures and documents")
    essential = required_answers(Part.PHOTO, Part.LOGO)

    # The answers shown beside each file.
    answers_by_role = {Role.PHOTO: tuple(Photo.base_fields), Role.LOGO: answer_names(Part.LOGO)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        roles = {piece.role for piece in self.dossier.pieces.all()} if self.dossier else set()
        described = cleaned.get("photo_alt") or cleaned.get("photo_decorative")
        if Role.PHOTO in roles and "photo_alt" in self.fields and not described:
            message = _("Describe the picture for those who can't see it, or tick “adds nothing”.")
            self.add_error("photo_alt", ValidationError(message))
        return cleaned


class Contacts(questions_of(Part.CONTACT)):
    cle, intitule = "contacts", _("Contacts and consents")
    essential = (*required_answers(Part.CONTACT), PREFIX + "publication")

    for _finalite, _texte in FINALITES.items():
        locals()[PREFIX + _finalite] = forms.BooleanField(label=_texte.libelle, required=False)
    del _finalite, _texte

    groups = (
        (_("The contact"), answer_names(Part.CONTACT)),
        (_("What you agree to"), (PREFIX + "publication", PREFIX + "droits_photo", PREFIX + "actualites")),
        (_("What may be shown of the contact"), tuple(PREFIX + name for name in CONTACT)),
    )

    def __init__(self, *args: QueryDict | dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        required = PREFIX + "publication"
        if required in self.fields:
            message = _("Without this agreement, the dossier can’t be sent.")
            self.fields[required].error_messages["required"] = message

    def clean_contact_telephone(self) -> str:
        return format_phone(self.cleaned_data["contact_telephone"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        rights = PREFIX + "droits_photo"
        sending = any(field.required for field in self.fields.values())
        if sending and rights in self.fields and not cleaned.get(rights) and self._has_pictures():
            self.add_error(rights, ValidationError(_("Without this agreement, take the pictures out before sending.")))
        return cleaned

    def _has_pictures(self) -> bool:
        return self.dossier is not None and self.dossier.pieces.exclude(role=Role.DOCUMENT).exists()


STEP_FORMS = (Organisation, Innovation, Caracterisation, Images, Contacts)
BY_KEY = {etape.cle: etape for etape in STEP_FORMS}
FIELDS = {name: etape for etape in STEP_FORMS for name in etape.base_fields}
PIECES = {Role.PHOTO: Images, Role.LOGO: Images, Role.DOCUMENT: Images}
CHOICES = {champ.answer_name for champ in champs_with("question") if champ.kind is Kind.CHOICE}


def label_of(champ: str) -> str:
    """Returns the label of an answer or of a kind of file; ``champ`` itself if no form has it any more."""
    if champ in FIELDS:
        return str(FIELDS[champ].base_fields[champ].label)
    return str(Role(champ).label) if champ in Role.values else champ


def reasons_text(items: Any) -> Any:
    """Returns one line “label: reason” for each item of ``dossier.a_corriger``."""
    lines = []
    for item in items:
        label = label_of(item["champ"]) if item["champ"] else gettext("The whole dossier")
        lines.append(gettext("%(field)s: %(reason)s") % {"field": label, "reason": item["raison"]})
    return "\n".join(lines)


def bound_form(dossier: "Dossier", etape: type, *, sending: bool = True) -> forms.BaseForm:
    """Returns the form of a step bound to the stored answers. Call ``is_valid()`` before reading ``cleaned_data``."""
    return etape(dossier.reponses, dossier=dossier, sending=sending)


def display_value(form: forms.BaseForm, name: str) -> Any:
    """Returns an answer of a validated form for display: label of a choice, list joined by commas; if invalid, as typed."""
    value = form.cleaned_data.get(name, form[name].data)
    choices = getattr(form.fields[name], "choices", None)
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if choices and name in CHOICES:
        return dict(choices).get(value, value) if value else ""
    return "" if value is None else value


def valid_answers(dossier: "Dossier") -> dict[str, Any]:
    """Returns ``{field: cleaned value}`` of the valid answers."""
    cleaned = {}
    for etape in STEP_FORMS:
        form = bound_form(dossier, etape, sending=False)
        form.is_valid()
        cleaned.update(form.cleaned_data)
    return cleaned


def sending_errors(dossier: "Dossier") -> dict[str, Any]:
    """Returns ``{key of a step: form.errors}``, the errors that prevent sending; empty if the dossier can be sent."""
    forms_by_step = {etape.cle: bound_form(dossier, etape) for etape in STEP_FORMS}
    return {cle: form.errors for cle, form in forms_by_step.items() if not form.is_valid()}
