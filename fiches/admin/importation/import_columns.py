"""The columns of imported and exported files: how the value of each is written and read.

A column is recognised by its French heading or by an alternative heading (:func:`heading_key`).
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.blocks import StreamValue

from fiches.admin.importation.text_cells import blocks_of, from_json, paragraphs, plain_body
from fiches.admin.importation.usual_spellings import USUAL_SPELLINGS
from fiches.models import Dimension, FichePage
from fiches.models.champs import champs_with
from fiches.models.coordinates import read_point
from fiches.models.declaration import Champ, ValueKind
from fiches.models.derived_fiches import one_line_fields
from fiches.models.location import POSTCODE
from fiches.models.siret import clean_siret
from fiches.territoire.gazetteer import fold, resolve_commune

if TYPE_CHECKING:
    from fiches.admin.importation.row_validation import SiteRecords
    from fiches.models import Critere, Edition, Partenaire


SEVERAL = " | "
YES, NO = {"oui", "o", "x", "1", "vrai", "yes", "true"}, {"", "non", "n", "0", "faux", "no", "false"}
BLOCKS = "blocs"
# An XLSX cell holds 32,767 characters at most: longer blocks continue in the column « blocs 2 ».
MOST_IN_A_CELL = 32_000
# Words of a heading that say nothing of what the column holds, and short forms of others.
SMALL_WORDS = frozenset(("au", "aux", "de", "des", "du", "en", "et", "la", "le", "les", "no", "numero", "votre", "vos"))
SHORT_FORMS = {
    "cp": "code postal",
    "email": "courriel",
    "mail": "courriel",
    "mel": "courriel",
    "nb": "nombre",
    "nbr": "nombre",
    "nbre": "nombre",
    "tel": "telephone",
}


def heading_key(heading: str) -> str:
    """Returns the normalised form by which headings are compared: « Nb. de salarié(e)s » and « nombre salarié » have the same one.
    It ignores case, accents, plurals, punctuation, single letters and small words."""
    words = (word.rstrip("sx") for word in fold(heading).split() if word not in SMALL_WORDS)
    return " ".join(SHORT_FORMS.get(word, word) for word in words if len(word) > 1 or word.isdigit())


@dataclass(frozen=True)
class ImportColumn:
    """A column of a file. ``write(fiche)`` returns a text; ``read(text, site_records)`` returns the value of ``field``, or
    raises ValidationError; ``site_records`` is an instance of `fiches.admin.importation.row_validation.SiteRecords`. ``also``
    are alternative headings; ``words(site_records)`` are the only texts that a cell may hold, ``[]`` for any."""

    name: str
    field: str
    write: Callable
    read: Callable
    also: tuple = ()
    example: str = ""
    is_required: bool = False
    words: Callable = lambda site_records: []


def text_column(name: Any, field: str, **more: Any) -> ImportColumn:
    return ImportColumn(name, field, lambda fiche: getattr(fiche, field) or "", lambda text, site_records: text, **more)


def siret_column(name: str, field: str, **more: Any) -> ImportColumn:
    return ImportColumn(
        name,
        field,
        lambda fiche: getattr(fiche, field),
        lambda text, site_records: clean_siret(text) if text else "",
        **more,
    )


def phone_column(name: str, field: str, **more: Any) -> ImportColumn:
    """A phone number. Restores the leading zero that spreadsheets remove: 381405757 is 03 81 40 57 57."""

    def read(text: str, site_records: "SiteRecords") -> str:
        return f"0{text}" if re.fullmatch(r"[1-9]\d{8}", text) else text

    return ImportColumn(name, field, lambda fiche: getattr(fiche, field), read, **more)


def postcode_column(name: str, field: str, **more: Any) -> ImportColumn:
    """A postcode, see :func:`read_postcode`."""

    def read(text: str, site_records: "SiteRecords") -> str:
        code = read_postcode(text)
        if code:
            POSTCODE(code)
        return code

    return ImportColumn(name, field, lambda fiche: getattr(fiche, field), read, **more)


def read_postcode(text: str) -> str:
    """A postcode without its spaces, with the leading zero that spreadsheets remove: « 90 000 » is 90000, 1000 is 01000."""
    code = re.sub(r"\s", "", text)
    return f"0{code}" if re.fullmatch(r"[1-9]\d{3}", code) else code


def link_column(name: str, field: str, **more: Any) -> ImportColumn:
    """The address of a site: « www.exemple.fr » and « exemple.fr » are those of https://."""

    def read(text: str, site_records: "SiteRecords") -> str:
        return f"https://{text}" if re.fullmatch(r"([\w-]+\.)+[a-z]{2,}(/\S*)?", text, re.IGNORECASE) else text

    return ImportColumn(name, field, lambda fiche: getattr(fiche, field), read, **more)


def truth_column(name: str, field: str, **more: Any) -> ImportColumn:
    return ImportColumn(name, field, lambda fiche: "oui" if getattr(fiche, field) else "", read_truth, **more)


def read_truth(text: str, site_records: "SiteRecords | None" = None) -> bool:
    """Whether a text says yes; raises ValidationError if it says neither yes nor no."""
    answer = fold(text)
    if answer not in YES | NO:
        raise ValidationError(_("“%(text)s” is neither yes nor no: write “oui” or leave it blank.") % {"text": text})
    return answer in YES


def choice_column(name: Any, field: Any, **more: Any) -> ImportColumn:
    """A choice: written as its label, read as its label, its stored value or one of its :data:`USUAL_SPELLINGS`."""
    choices = FichePage._meta.get_field(field).choices
    spellings = USUAL_SPELLINGS.get(field, {}).items()
    usual = {fold(each.replace(".", "")): key for key, others in spellings for each in (key, *others)}

    def read(text: str, site_records: "SiteRecords") -> str:
        return chosen(usual.get(fold(text.replace(".", "")), text), choices) if text else ""

    more["words"] = lambda site_records: [str(label) for _key, label in choices]
    return ImportColumn(name, field, lambda fiche: str(dict(choices).get(getattr(fiche, field), "")), read, **more)


def chosen(text: str, choices: Iterable[tuple[Any, Any]]) -> Any:
    """The stored value among ``choices`` that a text names by its label or by the value itself."""
    labels = {key: str(label) for key, label in choices}
    known = {fold(label): key for key, label in labels.items()} | {fold(str(key)): key for key in labels}
    if fold(text) not in known:
        message = _("“%(text)s” is none of: %(words)s.") % {"text": text, "words": ", ".join(labels.values())}
        raise ValidationError(message)
    return known[fold(text)]


def number_column(name: str, field: str, **more: Any) -> ImportColumn:
    def write(fiche: FichePage) -> str:
        value = getattr(fiche, field)
        return "" if value is None else str(value)

    return ImportColumn(name, field, write, _number, **more)


def _number(text: str, site_records: "SiteRecords") -> int | None:
    if not text:
        return None
    # « 12,0 » is a whole number; « 12,000 » may be twelve or twelve thousand.
    digits = re.sub(r"[.,]0{1,2}\Z", "", re.sub(r"\s", "", text))
    if re.fullmatch(r"[-−]\d+", digits):
        raise ValidationError(_("“%(text)s” is negative: write a positive number, or leave it blank.") % {"text": text})
    if not digits.isdecimal():
        raise ValidationError(_("“%(text)s” is not a whole number.") % {"text": text})
    if len(digits) > 7:
        raise ValidationError(_("“%(text)s” is too large a number.") % {"text": text})
    return int(digits)


def commune_column(name: str, field: str, **more: Any) -> ImportColumn:
    def write(fiche: FichePage) -> str:
        place = getattr(fiche, field)
        return str(place) if place else ""

    return ImportColumn(name, field, write, lambda text, site_records: resolve_commune(text) if text else None, **more)


def position_column(name: str, field: str, **more: Any) -> ImportColumn:
    def write(fiche: FichePage) -> str:
        if not getattr(fiche, field):
            return ""
        point = read_point(getattr(fiche, field))
        return f"{point.lat} ; {point.lon}"

    return ImportColumn(name, field, write, lambda text, site_records: read_point(text).wkt if text else "", **more)


def record_column(
    name: str, field: str, *, records: Callable[..., Any], label: Callable[..., Any], **more: Any
) -> ImportColumn:
    """A record of the site, written and read by its name. ``records(site_records)`` returns ``{folded name: record}``;
    ``label(record)`` returns its name."""

    def read(text: str, site_records: "SiteRecords") -> "Edition | Partenaire | None":
        if not text:
            return None
        match = records(site_records).get(fold(text))
        if match is None:
            raise ValidationError(
                _("“%(text)s” is not known here: add it first, or correct the name.") % {"text": text}
            )
        return match

    def write(fiche: FichePage) -> str:
        value = getattr(fiche, field)
        return label(value) if value else ""

    more["words"] = lambda site_records: sorted({label(value) for value in records(site_records).values()})
    return ImportColumn(name, field, write, read, **more)


def edition_column(name: str, field: str, **more: Any) -> Any:
    return record_column(
        name,
        field,
        records=lambda site_records: site_records.editions,
        label=lambda edition: str(edition.annee),
        **more,
    )


def partner_column(name: str, field: str, **more: Any) -> ImportColumn:
    return record_column(
        name, field, records=lambda site_records: site_records.partners, label=lambda partner: partner.nom, **more
    )


def keywords_column(name: str, field: str, **more: Any) -> ImportColumn:
    def write(fiche: FichePage) -> str:
        return SEVERAL.join(sorted(link.tag.name for link in fiche.fiche_mots_cles.all()))

    return ImportColumn(name, field, write, _keywords, **more)


def _keywords(text: str, site_records: "SiteRecords") -> list[str]:
    return [word for word in (word.strip() for word in text.replace(";", "|").split("|")) if word]


def funders_column(name: str, field: str, **more: Any) -> ImportColumn:
    return ImportColumn(name, field, _written_funders, _funders, **more)


def _funders(text: str, site_records: "SiteRecords") -> list[Any]:
    """``[(partner, credit)]`` read from « Région : Avec le soutien de… | ADEME »."""
    credits = []
    for part in filter(None, (part.strip() for part in text.split("|"))):
        name, _colon, credit = part.partition(" : ")
        partner = site_records.partners.get(fold(name))
        if partner is None:
            raise ValidationError(_("“%(text)s” is not a partner known here: add it first.") % {"text": name})
        credits.append((partner, credit.strip()))
    return credits


def _written_funders(fiche: FichePage) -> str:
    parts = [(each.partenaire.nom, each.mention) for each in fiche.financements.all()]
    return SEVERAL.join(f"{name} : {credit}" if credit else name for name, credit in parts)


def criteria_column(dimension: Dimension) -> ImportColumn:
    """The column of a dimension of the grid: the names of its criteria that the fiche meets."""
    names = {fold(criterion.name): criterion for criterion in dimension.criteres.all()}

    def read(text: str, site_records: "SiteRecords") -> "list[Critere]":
        chosen = []
        for part in filter(None, (part.strip() for part in text.replace(";", "|").split("|"))):
            if fold(part) not in names:
                known = ", ".join(criterion.name for criterion in names.values())
                raise ValidationError(_("“%(text)s” is none of: %(words)s.") % {"text": part, "words": known})
            chosen.append(names[fold(part)])
        return chosen

    def write(fiche: FichePage) -> str:
        met = {link.tag_id for link in fiche.fiche_criteres.all()}
        return SEVERAL.join(criterion.name for criterion in names.values() if criterion.pk in met)

    words = [criterion.name for criterion in names.values()]
    return ImportColumn(
        dimension.nom,
        f"criteres:{dimension.slug}",
        write,
        read,
        also=(dimension.slug,),
        words=lambda site_records: words,
    )


def body_column(name: str, field: str, **more: Any) -> ImportColumn:
    """The text of a fiche as plain paragraphs; the column « blocs » holds other blocks and formatting."""
    return ImportColumn(
        name, field, lambda fiche: plain_body(fiche.corps), lambda text, site_records: paragraphs(text), **more
    )


def picture_column(name: str, field: Any, **more: Any) -> ImportColumn:
    """A picture: its address, the name of a file in the archive, or « image 42 » for a picture of the site."""

    def write(fiche: FichePage) -> str:
        return f"image {getattr(fiche, f'{field}_id')}" if getattr(fiche, f"{field}_id") else ""

    return ImportColumn(name, field, write, lambda text, site_records: text, **more)


def own_column(field: models.Field, name: str) -> ImportColumn:
    """A field that a host's model adds to the fiche. The field itself reads and checks the value; an empty cell is its default."""

    def write(fiche: FichePage) -> str:
        value = getattr(fiche, field.name, None)  # the models of other fiches lack it
        if value is None or isinstance(value, bool):
            return "" if value is None else "oui" if value else "non"
        return str(dict(field.flatchoices).get(value) or field.value_to_string(fiche))

    def read(text: str, site_records: "SiteRecords") -> Any:
        return field.clean(_own_value(field, text) if text else _own_default(field), None)

    labels = [str(label) for key, label in field.flatchoices if key not in (None, "")]
    is_required = not field.blank and not field.has_default()
    return ImportColumn(
        name, field.name, write, read, also=(field.name,), is_required=is_required, words=lambda site_records: labels
    )


def _own_value(field: models.Field, text: str) -> Any:
    if field.choices:
        return chosen(text, field.flatchoices)
    if isinstance(field, models.BooleanField):
        return read_truth(text)
    if isinstance(field, models.IntegerField):
        return re.sub(r"\s", "", text)  # a form would read 12.000 as 12
    if isinstance(field, models.DecimalField | models.FloatField):
        text = re.sub(r"\s", "", text).replace(",", ".")
    options = {"assume_scheme": "https"} if isinstance(field, models.URLField) else {}
    return field.formfield(**options).clean(text)


def _own_default(field: models.Field) -> Any:
    is_plain_truth = isinstance(field, models.BooleanField) and not field.null and not field.has_default()
    return False if is_plain_truth else field.get_default()


def _own_columns(model: type[FichePage] | None, taken: list[ImportColumn]) -> list[ImportColumn]:
    """The columns of the fields that a host adds, called by their verbose names in the site's language; by their own names where
    that would be the heading of another column."""
    headings = {heading_key(heading) for column in taken for heading in (column.name, *column.also)}
    result = []
    with override(settings.LANGUAGE_CODE):
        for field in one_line_fields(model):
            called = str(field.verbose_name)
            name = field.name if heading_key(called) in headings else called
            headings.add(heading_key(name))
            result += [own_column(field, name)] if field.editable else []
    return result


# The column factory of each kind of field; any other kind is text.
OF_KINDS: dict[ValueKind, Callable[..., ImportColumn]] = {
    ValueKind.NUMBER: number_column,
    ValueKind.TRUTH: truth_column,
    ValueKind.CHOICE: choice_column,
    ValueKind.PHONE: phone_column,
    ValueKind.POSTCODE: postcode_column,
    ValueKind.LINK: link_column,
    ValueKind.SIRET: siret_column,
    ValueKind.COMMUNE: commune_column,
    ValueKind.POINT: position_column,
    ValueKind.PICTURE: picture_column,
    ValueKind.BODY: body_column,
    ValueKind.KEYWORDS: keywords_column,
    ValueKind.EDITION: edition_column,
    ValueKind.PARTNER: partner_column,
    ValueKind.FUNDERS: funders_column,
}


def columns(model: type[FichePage] | None = None) -> list[ImportColumn]:
    """All columns in order: those of the table of fields, with one for each dimension of the grid, the fields that a host adds, then
    the blocks.

    :param model: gives the fields that this model adds; without it, those of all models of the host.
    """
    result = []
    for champ in champs_with("imported"):
        if champ.kind is ValueKind.CRITERIA:
            result += [criteria_column(dimension) for dimension in Dimension.objects.prefetch_related("criteres")]
        else:
            result.append(_column(champ))
    blocks = ImportColumn(BLOCKS, "blocs", _written_blocks, _blocks)
    return [*result, *_own_columns(model, [*result, blocks]), blocks]


def _column(champ: Champ) -> ImportColumn:
    facet = champ.imported
    make = OF_KINDS.get(champ.kind, text_column)
    return make(facet.name, champ.name, also=facet.also, example=facet.example, is_required=facet.is_required)


def _written_blocks(fiche: FichePage) -> str:
    """The blocks as JSON; ``""`` if the plain text of the column « texte » is equivalent."""
    return (
        ""
        if paragraphs(plain_body(fiche.corps)) == blocks_of(fiche.corps)
        else json.dumps(fiche.corps.get_prep_value(), ensure_ascii=False)
    )


def _blocks(text: str, site_records: "SiteRecords") -> StreamValue | None:
    return from_json(text) if text else None
