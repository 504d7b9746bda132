"""The steps of a dossier, one form each, and their questions.

Answers are stored as typed, valid or not. A step is complete when its form validates.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fiches import content_language
from fiches.candidatures.consentements import CONTACT, FINALITES, PREFIX
from fiches.candidatures.enums import RoleDePiece
from fiches.candidatures.question_fields import long_text, question_field, short_text
from fiches.candidatures.text_cleaning import clean_answer_text, typeset
from fiches.forms.public_form import SiteForm
from fiches.models import Dimension
from fiches.models.champs import champs_asked, champs_with
from fiches.models.declaration import Part, ValueKind
from fiches.models.fields import clean_siret, format_phone, naf_rev2
from fiches.models.location import check_postcode
from fiches.models.page_forms import credit_name
from fiches.moderation.completeness import unanswered_dimensions
from fiches.territoire.gazetteer import resolve_commune

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


# Characters. A longer answer is shown again with an error, and is not stored.
MAX_ANSWER_LENGTH = 20_000


# Answers that are set as French prints them. The others are names of persons, addresses, numbers.
PROSE = {"organisation", "activite", "titre", "chapo", "besoin", "description", "resultats", "citation", "photo_alt"}


@dataclass(frozen=True)
class FieldGroup:
    """Questions of a step under one legend. ``folded``: the optional ones, in a box that ``is_open`` opens: one of them has
    an answer, an error or a correction to make."""

    legend: Any
    shown: list[forms.BoundField]
    folded: list[forms.BoundField]
    is_open: bool

    @classmethod
    def of(cls, legend: Any, fields: list[forms.BoundField]) -> Self:
        folded = [field for field in fields if getattr(field.field, "is_folded", False)]
        shown = [field for field in fields if field not in folded]
        is_open = any(field.value() or field.errors or field.field.reasons for field in folded)
        return cls(legend, shown, folded, is_open)


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
        super().__init__(*args, field_order=self._names_in_order(), **kwargs)
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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return cleaned | {name: typeset(cleaned[name]) for name in PROSE & set(cleaned)}

    def raw(self) -> dict[str, Any]:
        """Returns ``{field: answer as typed}``: text without invisible characters, a list of such texts, or a boolean."""
        return {name: clean_raw(self[name].data) for name in self.fields}

    def _names_in_order(self) -> list[str]:
        """The names of the fields in the order in which the step shows them: error summaries follow it."""
        names = [name for _legend, group in self.groups for name in folded_last(group, self.base_fields)]
        return [name for name in self.base_fields if name not in names] + names

    def fieldsets(self) -> list[FieldGroup]:
        """Returns the groups of the fields that this form has; a group without any is left out."""
        groups = [(legend, [self[name] for name in names if name in self.fields]) for legend, names in self.groups]
        return [FieldGroup.of(legend, fields) for legend, fields in groups if fields]


def folded_last(names: Iterable[str], fields: dict[str, forms.Field]) -> list[str]:
    return sorted(names, key=lambda name: getattr(fields[name], "is_folded", False))


def clean_raw(value: bool | list[str] | str | None) -> bool | list[str] | str:
    if isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple)):
        return [clean_answer_text(item)[:200] for item in value][:200]
    return clean_answer_text(value or "").strip()


def questions_of(*parts: Part) -> type[StepForm]:
    """Makes a base class for a step: a form with the questions of ``parts`` in `fiches.models.champs`."""
    fields = {champ.answer_name: question_field(champ) for champ in champs_asked(*parts)}
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

    def clean(self) -> dict[str, Any]:
        """Uses the postcode to choose between communes with the same name. Refuses a postcode of another commune."""
        cleaned = super().clean()
        code = cleaned.get("code_postal")
        if code and self.has_error("commune", "ambiguous"):
            with suppress(ValidationError):
                cleaned["commune"] = resolve_commune(f"{self['commune'].data} {code}")
                del self.errors["commune"]
        if code and cleaned.get("commune"):
            try:
                check_postcode(code, address=cleaned.get("adresse", ""), commune=cleaned["commune"])
            except ValidationError as error:
                self.add_error("code_postal", error)
        return cleaned


class Innovation(questions_of(Part.SHORT)):
    cle, intitule = "innovation", _("The innovation")
    essential = (*required_answers(Part.SHORT), "description")

    besoin = long_text(
        _("The need"),
        _("Tell what you saw: who was concerned, and since when."),
        asked=_("What did not work before, and for whom?"),
        limit=5000,
    )
    description = long_text(
        _("What you did"),
        _("What is new, how it works, who takes part. 5,000 characters at most."),
        asked=_("What did you do?"),
        limit=5000,
        rows=10,
    )
    resultats = long_text(
        _("The results"), _("Give one or two figures if you have some."), asked=_("What has it changed?"), limit=5000
    )
    citation = long_text(
        _("A quotation"),
        _("One sentence, said by someone who lived it."),
        asked=_("What does a person who lived it say?"),
        limit=600,
        rows=3,
        is_folded=True,
    )
    citation_auteur = short_text(
        _("Who said it"), asked=_("What is the name of this person?"), limit=150, is_folded=True
    )

    groups = (
        (_("The story"), ("titre", "besoin", "description", "resultats")),
        (_("In short"), tuple(name for name in answer_names(Part.SHORT) if name != "titre")),
        (_("In someone’s words"), ("citation", "citation_auteur")),
    )


class Caracterisation(questions_of(Part.GRID, Part.KEYWORDS)):
    cle, intitule = "caracterisation", _("Characterisation")
    groups = ((_("Keywords"), answer_names(Part.KEYWORDS)),)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self._requires_the_grid() and "criteres" not in self.errors:
            self.without_answer = unanswered_dimensions(cleaned.get("criteres") or ())
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
    return _("Tick at least one answer of “%(group)s…”.") % {
        "group": capfirst(content_language.in_active_language(dimension.nom))
    }


def keywords(text: str) -> list[Any]:
    """Splits a comma-separated text into at most ten keywords, each cut at 50 characters."""
    return [word.strip()[:50] for word in text.split(",") if word.strip()][:10]


class Photo(questions_of(Part.PHOTO)):
    photo_credit = short_text(_("Author of the photo"), asked=_("Who took the photo?"), limit=200)

    def clean_photo_credit(self) -> str:
        return credit_name(self.cleaned_data["photo_credit"])


class Images(questions_of(Part.LOGO), Photo):
    """The photo's questions, then the logo's: Django puts the fields of the last base class first."""

    cle, intitule = "images", _("Pictures and documents")
    essential = required_answers(Part.PHOTO, Part.LOGO)

    # The answers shown beside each file.
    answers_by_role = {RoleDePiece.PHOTO: tuple(Photo.base_fields), RoleDePiece.LOGO: answer_names(Part.LOGO)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        roles = {piece.role for piece in self.dossier.pieces.all()} if self.dossier else set()
        described = cleaned.get("photo_alt") or cleaned.get("photo_decorative")
        if RoleDePiece.PHOTO in roles and "photo_alt" in self.fields and not described:
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
        return self.dossier is not None and self.dossier.pieces.exclude(role=RoleDePiece.DOCUMENT).exists()


STEP_FORMS = (Organisation, Innovation, Caracterisation, Images, Contacts)
BY_KEY = {etape.cle: etape for etape in STEP_FORMS}
FIELDS = {name: etape for etape in STEP_FORMS for name in etape.base_fields}
PIECES = {RoleDePiece.PHOTO: Images, RoleDePiece.LOGO: Images, RoleDePiece.DOCUMENT: Images}
CHOICES = {champ.answer_name for champ in champs_with("question") if champ.kind is ValueKind.CHOICE}


def label_of_answer(champ: str) -> str:
    """Returns the label of an answer or of a kind of file; ``champ`` itself if no form has it any more."""
    if champ in FIELDS:
        return str(FIELDS[champ].base_fields[champ].label)
    return str(RoleDePiece(champ).label) if champ in RoleDePiece.values else champ


def reasons_text(items: Any) -> Any:
    """Returns one line “label: reason” for each item of ``dossier.a_corriger``."""
    lines = []
    for item in items:
        label = label_of_answer(item["champ"]) if item["champ"] else gettext("The whole dossier")
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
        return ", ".join(content_language.in_active_language(str(item)) for item in value)
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
