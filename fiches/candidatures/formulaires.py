"""The steps of a dossier, each a form. What is typed is kept whatever its faults; a step is right when its form is."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fiches.admin.fiche_form import CriteresField
from fiches.candidatures.champs import PositionInput, SiretInput
from fiches.candidatures.consentements import CONTACT, FINALITES, PREFIX
from fiches.candidatures.enums import Role
from fiches.candidatures.texte import readable
from fiches.forms.public_form import CourrielField, SiteForm
from fiches.models import Dimension, FichePage, Partenaire
from fiches.models.champs import champs_asked, champs_with
from fiches.models.coordonnees import parse_point
from fiches.models.declaration import Kind, Part
from fiches.models.siret import clean_siret, naf_rev2
from fiches.models.telephone import format_phone
from fiches.moderation.completeness import unanswered
from fiches.territoire.commune_field import CommuneField

KEPT = 20_000
"""Characters of one answer that are kept; a longer one is shown again, with a message, and isn't stored."""
UNKNOWN = [("", _("– choose –"))]


def long_text(label, help_text="", *, limit, rows=6, required=False):
    widget = forms.Textarea(attrs={"rows": rows, "data-limit": limit})
    field = forms.CharField(label=label, help_text=help_text, required=required, widget=widget)
    field.validators.append(MaxLengthValidator(limit))
    return field


def short_text(label, help_text="", *, limit=120, required=False, autocomplete="", widget=forms.TextInput):
    attrs = {"autocomplete": autocomplete} if autocomplete else {}
    field = forms.CharField(label=label, help_text=help_text, required=required, widget=widget(attrs=attrs))
    field.validators.append(MaxLengthValidator(limit))
    return field


class Etape(SiteForm):
    """A step. ``essential`` fields are asked for when sending, never when saving.

    :param going_on: the applicant leaves this step for the next one.
    """

    cle = ""
    intitule = ""
    essential: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    do_not_call_in_templates = True

    def __init__(self, *args, only=None, sending=False, going_on=False, dossier=None, **kwargs):
        self.dossier, self.sending, self.going_on = dossier, sending, going_on
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if only is not None and name not in only:
                del self.fields[name]
        for name, field in self.fields.items():
            field.required = sending and name in self.essential
            field.essential = name in self.essential
            self._describe(name, field)

    def _describe(self, name, field):
        field.reasons = self.dossier.raisons.get(name, []) if self.dossier else []
        if field.reasons:
            control = self.auto_id % name
            described = [f"{control}_raison", f"{control}_error"]
            field.widget.attrs["aria-describedby"] = " ".join(
                [f"{control}_helptext"] * bool(field.help_text) + described
            )

    def raw(self):
        """``{field: answer as typed}``: text cleaned of what no one can type, lists of text, booleans."""
        return {name: clean_raw(self[name].data) for name in self.fields}

    def fieldsets(self):
        """``[(legend, [bound field])]``: what is open of each group."""
        found = [(legend, [self[name] for name in names if name in self.fields]) for legend, names in self.groups]
        return [(legend, fields) for legend, fields in found if fields]


def clean_raw(value):
    if isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple)):
        return [readable(item)[:200] for item in value][:200]
    return readable(value or "").strip()


def number_field(champ, **told):
    return forms.IntegerField(min_value=0, max_value=1_000_000, **told)


def choice_field(champ, **told):
    choices = FichePage._meta.get_field(champ.name).choices
    if champ.question.is_radio:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **told)
    return forms.ChoiceField(choices=UNKNOWN + list(choices), **told)


def link_field(champ, **told):
    return forms.URLField(
        assume_scheme="https",
        max_length=200,
        error_messages={"invalid": _("Give a web address, such as www.exemple.fr.")},
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
        **told,
    )


def partner_field(champ, **told):
    return forms.ModelChoiceField(queryset=Partenaire.objects.all(), empty_label=_("none"), **told)


def long_text_field(champ, *, label, help_text, required):
    return long_text(label, help_text, limit=champ.question.limit, rows=champ.question.rows)


def short_text_field(champ, *, label, help_text, required):
    question, widget = champ.question, WIDGETS.get(champ.kind, forms.TextInput)
    return short_text(label, help_text, limit=question.limit, autocomplete=question.autocomplete, widget=widget)


WIDGETS = {Kind.SIRET: SiretInput, Kind.POINT: PositionInput}
OF_KINDS = {
    Kind.LONG_TEXT: long_text_field,
    Kind.NUMBER: number_field,
    Kind.CHOICE: choice_field,
    Kind.LINK: link_field,
    Kind.PARTNER: partner_field,
    Kind.TRUTH: lambda champ, **told: forms.BooleanField(**told),
    Kind.EMAIL: lambda champ, **told: CourrielField(**told),
    Kind.COMMUNE: lambda champ, **told: CommuneField(**told),
    Kind.CRITERIA: lambda champ, **told: CriteresField(**told),
}
"""The control of a question, by the kind of its field; any other kind is a line of text."""


def asking(*parts: Part) -> type[Etape]:
    """A step with the questions of the table that stand in ``parts``; what a step asks besides follows them."""
    fields = {}
    for champ in champs_asked(*parts):
        label = champ.question.label or champ.title
        make = OF_KINDS.get(champ.kind, short_text_field)
        fields[champ.answer_name] = make(champ, label=label, help_text=champ.question.help, required=False)
    return type("Asking", (Etape,), {**fields, "essential": required(*parts)})


def names(part: Part) -> tuple[str, ...]:
    """The answers of a part, in their order."""
    return tuple(champ.answer_name for champ in champs_asked(part))


def required(*parts: Part) -> tuple[str, ...]:
    """Those without which a dossier can't be sent."""
    return tuple(champ.answer_name for champ in champs_asked(*parts) if champ.question.is_required)


class Organisation(asking(Part.WHO, Part.WHERE)):
    cle, intitule = "organisation", _("The organisation")
    groups = ((_("Who you are"), names(Part.WHO)), (_("Where you are"), names(Part.WHERE)))

    def clean_siret(self):
        value = self.cleaned_data["siret"]
        return clean_siret(value) if value else ""

    def clean_naf(self):
        value = self.cleaned_data["naf"].upper()
        if value:
            naf_rev2(value)
        return value

    def clean_point(self):
        value = self.cleaned_data["point"]
        return parse_point(value).wkt if value else ""


class Innovation(asking(Part.SHORT)):
    cle, intitule = "innovation", _("The innovation")
    essential = (*required(Part.SHORT), "description")

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
        (_("In short"), names(Part.SHORT)),
        (_("The story"), ("besoin", "description", "resultats")),
        (_("In someone’s words"), ("citation", "citation_auteur")),
    )


class Caracterisation(asking(Part.GRID, Part.KEYWORDS)):
    cle, intitule = "caracterisation", _("Characterisation")
    groups = ((_("Keywords"), names(Part.KEYWORDS)),)

    def clean(self):
        cleaned = super().clean()
        if self._asks_for_the_grid() and "criteres" not in self.errors:
            self.without_answer = unanswered(cleaned.get("criteres") or ())
            for dimension in self.without_answer:
                self.add_error("criteres", ValidationError(answer_of(dimension)))
        return cleaned

    def _asks_for_the_grid(self):
        """When sending, or going on to the next step. A dossier that was sent before a group was added to the grid isn't held up by it: its applicant
        answers when asked to."""
        if not (self.sending or self.going_on) or "criteres" not in self.fields:
            return False
        first = self.dossier is None or self.dossier.numero is None
        return first or bool({"", "criteres"} & set(self.dossier.raisons))

    def faults_by_group(self):
        """``{dimension: message}``: what stands beside each group of the grid."""
        return {dimension: answer_of(dimension) for dimension in getattr(self, "without_answer", ())}

    def grid(self):
        """``[(dimension, [(criterion, ticked)])]``: one group of ticks per dimension that has criteria."""
        ticked = set(map(str, self["criteres"].value() or ()))
        dimensions = [
            (dimension, dimension.criteres.all()) for dimension in Dimension.objects.prefetch_related("criteres")
        ]
        return [
            (dimension, [(c, str(c.pk) in ticked) for c in criteria]) for dimension, criteria in dimensions if criteria
        ]

    def clean_mots_cles(self):
        return ", ".join(keywords(self.cleaned_data["mots_cles"]))


def answer_of(dimension):
    return _("Tick at least one answer of “%(group)s…”.") % {"group": capfirst(dimension.nom)}


def keywords(text):
    """The keywords of a comma-separated text: at most ten, of 50 characters at most."""
    return [word.strip()[:50] for word in text.split(",") if word.strip()][:10]


class Photo(asking(Part.PHOTO)):
    photo_credit = short_text(_("Author of the photo"), limit=200)


class Images(asking(Part.LOGO), Photo):
    """The photo's answers, then the logo's: a form begins with the fields of its last base."""

    cle, intitule = "images", _("Pictures and documents")
    essential = required(Part.PHOTO, Part.LOGO)

    of_role = {Role.PHOTO: tuple(Photo.base_fields), Role.LOGO: names(Part.LOGO)}
    """The answers that stand beside each file."""

    def clean(self):
        cleaned = super().clean()
        roles = {piece.role for piece in self.dossier.pieces.all()} if self.dossier else set()
        described = cleaned.get("photo_alt") or cleaned.get("photo_decorative")
        if Role.PHOTO in roles and "photo_alt" in self.fields and not described:
            message = _("Describe the picture for those who can't see it, or tick “adds nothing”.")
            self.add_error("photo_alt", ValidationError(message))
        return cleaned


class Contacts(asking(Part.CONTACT)):
    cle, intitule = "contacts", _("Contacts and consents")
    essential = (*required(Part.CONTACT), PREFIX + "publication")

    for _finalite, _texte in FINALITES.items():
        locals()[PREFIX + _finalite] = forms.BooleanField(label=_texte.libelle, required=False)
    del _finalite, _texte

    groups = (
        (_("The contact"), names(Part.CONTACT)),
        (_("What you agree to"), (PREFIX + "publication", PREFIX + "droits_photo", PREFIX + "actualites")),
        (_("What may be shown of the contact"), tuple(PREFIX + name for name in CONTACT)),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        required = PREFIX + "publication"
        if required in self.fields:
            message = _("Without this agreement, the dossier can’t be sent.")
            self.fields[required].error_messages["required"] = message

    def clean_contact_telephone(self):
        return format_phone(self.cleaned_data["contact_telephone"])

    def clean(self):
        cleaned = super().clean()
        rights = PREFIX + "droits_photo"
        sending = any(field.required for field in self.fields.values())
        if sending and rights in self.fields and not cleaned.get(rights) and self._has_pictures():
            self.add_error(rights, ValidationError(_("Without this agreement, take the pictures out before sending.")))
        return cleaned

    def _has_pictures(self):
        return self.dossier is not None and self.dossier.pieces.exclude(role=Role.DOCUMENT).exists()


ETAPES = (Organisation, Innovation, Caracterisation, Images, Contacts)
BY_KEY = {etape.cle: etape for etape in ETAPES}
FIELDS = {name: etape for etape in ETAPES for name in etape.base_fields}
PIECES = {Role.PHOTO: Images, Role.LOGO: Images, Role.DOCUMENT: Images}
EMPTY = {"criteres": []}
CHOICES = {champ.answer_name for champ in champs_with("question") if champ.kind is Kind.CHOICE}


def label_of(champ):
    """The label of a field, for people; the field's own name when the form has changed since."""
    if champ in FIELDS:
        return str(FIELDS[champ].base_fields[champ].label)
    return str(Role(champ).label) if champ in Role.values else champ


def checked(dossier, etape, *, sending=True):
    """The step's form, filled with the stored answers and judged."""
    return etape(dossier.reponses, dossier=dossier, sending=sending)


def shown(form, name):
    """An answer as a person reads it: labels instead of keys; what is wrong as it was typed."""
    value = form.cleaned_data.get(name, form[name].data)
    choices = getattr(form.fields[name], "choices", None)
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if choices and name in CHOICES:
        return dict(choices).get(value, value) if value else ""
    return "" if value is None else value


def answers(dossier):
    """``{field: cleaned value}`` of every answer that is right."""
    cleaned = {}
    for etape in ETAPES:
        form = checked(dossier, etape, sending=False)
        form.is_valid()
        cleaned.update(form.cleaned_data)
    return cleaned


def missing(dossier):
    """``{step: {field: [message]}}``: what stands in the way of sending; empty when nothing does."""
    forms_by_step = {etape.cle: checked(dossier, etape) for etape in ETAPES}
    return {cle: form.errors for cle, form in forms_by_step.items() if not form.is_valid()}
