"""The columns of imported and exported files, from the table of fields (`fiches.models.champs`): how each is written and read.

A column is recognised by its French heading or by an alternative heading (:func:`heading_key`).
"""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from fiches.models import Critere, Dimension, Edition, FicheFinanceur, FichePage, Partenaire
from fiches.models.champs import champs_with
from fiches.models.declaration import ValueKind
from fiches.models.fiche import get_fiche_model
from fiches.models.fields import clean_siret
from fiches.models.location import POSTCODE, read_point
from fiches.territoire.gazetteer import fold, resolve_commune

if TYPE_CHECKING:
    from fiches.models import Commune

SEVERAL = " | "
CRITERIA = "criteres:"
YES, NO = {"oui", "o", "x", "1", "vrai", "yes", "true"}, {"", "non", "n", "0", "faux", "no", "false"}
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
# The HTML that cells copied from a site hold: « Atelier <Bois> » is no markup.
TAG = re.compile(r"</?(p|div|br|li|ul|ol|h[1-6]|tr|b|strong|i|em|u|a|span)\b[^<>]*>", re.IGNORECASE)
ENDS_A_LINE = re.compile(r"<br\b[^<>]*>|</(p|div|li|h[1-6]|tr)>", re.IGNORECASE)
ENTITY = re.compile(r"&(#\d+|#x[\da-f]+|[a-z]+\d*);", re.IGNORECASE)


class SiteRecords(NamedTuple):
    """The records that a file may name: ``{folded name: record}``."""

    partners: dict[str, Partenaire]
    editions: dict[str, Edition]

    @classmethod
    def read(cls) -> "SiteRecords":
        partners = {
            fold(name): partner for partner in Partenaire.objects.all() for name in (partner.sigle, partner.nom) if name
        }
        editions = {
            name: edition for edition in Edition.objects.all() for name in (fold(str(edition)), str(edition.annee))
        }
        return cls(partners, editions)


@dataclass(frozen=True)
class Column:
    """A column of a file. ``read(text, field, records)`` returns the value of ``field``, or raises ValidationError; ``write(fiche,
    field)`` returns a text. ``also`` are alternative headings."""

    name: str
    field: str
    read: Callable[[str, str, SiteRecords], Any]
    write: Callable[[FichePage, str], str]
    also: tuple[str, ...] = ()
    example: str = ""
    is_required: bool = False


def heading_key(heading: str) -> str:
    """Returns the normalised form by which headings are compared: « Nb. de salarié(e)s » and « nombre salarié » have the same one.
    It ignores case, accents, plurals, punctuation, single letters and small words."""
    words = (word.rstrip("sx") for word in fold(heading).split() if word not in SMALL_WORDS)
    return " ".join(SHORT_FORMS.get(word, word) for word in words if len(word) > 1 or word.isdigit())


# Reading


def without_markup(text: str) -> str:
    """``text`` without the HTML that a cell copied from a site holds."""
    text = TAG.sub("", ENDS_A_LINE.sub("\n\n", text)).strip() if TAG.search(text) else text
    return ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def _as_typed(text: str, field: str, records: SiteRecords) -> str:
    return text


def _number(text: str, field: str, records: SiteRecords) -> int | None:
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


def _truth(text: str, field: str, records: SiteRecords) -> bool:
    answer = fold(text)
    if answer not in YES | NO:
        raise ValidationError(_("“%(text)s” is neither yes nor no: write “oui” or leave it blank.") % {"text": text})
    return answer in YES


def _choice(text: str, field: str, records: SiteRecords) -> str:
    return _chosen(text, FichePage._meta.get_field(field).choices) if text else ""


def _chosen(text: str, choices: Iterable[tuple[Any, Any]]) -> Any:
    """The stored value among ``choices`` that a text names by its label or by the value itself."""
    labels = {key: str(label) for key, label in choices}
    known = {fold(label): key for key, label in labels.items()} | {fold(str(key)): key for key in labels}
    if fold(text) not in known:
        message = _("“%(text)s” is none of: %(words)s.") % {"text": text, "words": ", ".join(labels.values())}
        raise ValidationError(message)
    return known[fold(text)]


def _phone(text: str, field: str, records: SiteRecords) -> str:
    """Restores the leading zero that spreadsheets remove: 381405757 is 03 81 40 57 57."""
    return f"0{text}" if re.fullmatch(r"[1-9]\d{8}", text) else text


def read_postcode(text: str) -> str:
    """A postcode without its spaces, with the leading zero that spreadsheets remove: « 90 000 » is 90000, 1000 is 01000."""
    code = re.sub(r"\s", "", text)
    return f"0{code}" if re.fullmatch(r"[1-9]\d{3}", code) else code


def _postcode(text: str, field: str, records: SiteRecords) -> str:
    code = read_postcode(text)
    if code:
        POSTCODE(code)
    return code


def _link(text: str, field: str, records: SiteRecords) -> str:
    """The address of a site: « www.exemple.fr » and « exemple.fr » are those of https://."""
    return f"https://{text}" if re.fullmatch(r"([\w-]+\.)+[a-z]{2,}(/\S*)?", text, re.IGNORECASE) else text


def _siret(text: str, field: str, records: SiteRecords) -> str:
    return clean_siret(text) if text else ""


def _commune(text: str, field: str, records: SiteRecords) -> "Commune | None":
    return resolve_commune(text) if text else None


def _point(text: str, field: str, records: SiteRecords) -> str:
    return read_point(text).wkt if text else ""


def _record(text: str, known: dict[str, Any]) -> Any:
    if text and fold(text) not in known:
        raise ValidationError(_("“%(text)s” is not known here: add it first, or correct the name.") % {"text": text})
    return known[fold(text)] if text else None


def _edition(text: str, field: str, records: SiteRecords) -> Edition | None:
    return _record(text, records.editions)


def _partner(text: str, field: str, records: SiteRecords) -> Partenaire | None:
    return _record(text, records.partners)


def _funders(text: str, field: str, records: SiteRecords) -> list[FicheFinanceur]:
    """The funders in « Région : Avec le soutien de… | ADEME »."""
    funders = []
    for order, part in enumerate(_several(text)):
        name, _colon, credit = part.partition(" : ")
        partner = records.partners.get(fold(name))
        if partner is None:
            raise ValidationError(_("“%(text)s” is not a partner known here: add it first.") % {"text": name})
        funders.append(FicheFinanceur(partenaire=partner, mention=credit.strip(), sort_order=order))
    return funders


def _several(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split("|")) if part]


def _words(text: str, field: str, records: SiteRecords) -> list[str]:
    return _several(text.replace(";", "|"))


def _paragraphs(text: str, field: str, records: SiteRecords) -> list[dict[str, str]]:
    """One rich text block made from plain text, whose paragraphs are separated by blank lines."""
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    source = "".join("<p>" + escape(part).replace("\n", "<br/>") + "</p>" for part in parts)
    return [{"type": "texte", "value": source}] if source else []


# Writing


def _written(fiche: FichePage, field: str) -> str:
    value = getattr(fiche, field)
    return "" if value is None else str(value)


def plain_body(body: StreamValue) -> str:
    """The plain text of the rich text blocks; other blocks are left out."""
    parts = []
    for child in body:
        if child.block_type == "texte":
            soup = BeautifulSoup(child.value.source, "html.parser")
            for line_end in soup.find_all("br"):
                line_end.replace_with("\n")
            parts += [each.get_text().strip() for each in soup.find_all(["p", "h2", "h3", "h4", "li"])]
    return "\n\n".join(part for part in parts if part)


def _written_point(fiche: FichePage, field: str) -> str:
    point = read_point(getattr(fiche, field)) if getattr(fiche, field) else None
    return f"{point.lat} ; {point.lon}" if point else ""


def _written_picture(fiche: FichePage, field: str) -> str:
    key = getattr(fiche, f"{field}_id")
    return f"image {key}" if key else ""


def _written_funders(fiche: FichePage, field: str) -> str:
    parts = [(each.partenaire.nom, each.mention) for each in fiche.financements.all()]
    return SEVERAL.join(f"{name} : {credit}" if credit else name for name, credit in parts)


READ: dict[ValueKind, Callable[[str, str, SiteRecords], Any]] = {
    ValueKind.NUMBER: _number,
    ValueKind.TRUTH: _truth,
    ValueKind.CHOICE: _choice,
    ValueKind.PHONE: _phone,
    ValueKind.POSTCODE: _postcode,
    ValueKind.LINK: _link,
    ValueKind.SIRET: _siret,
    ValueKind.COMMUNE: _commune,
    ValueKind.POINT: _point,
    ValueKind.BODY: _paragraphs,
    ValueKind.KEYWORDS: _words,
    ValueKind.EDITION: _edition,
    ValueKind.PARTNER: _partner,
    ValueKind.FUNDERS: _funders,
}
WRITE: dict[ValueKind, Callable[[FichePage, str], str]] = {
    ValueKind.TRUTH: lambda fiche, field: "oui" if getattr(fiche, field) else "",
    ValueKind.CHOICE: lambda fiche, field: str(getattr(fiche, f"get_{field}_display")()),
    ValueKind.POINT: _written_point,
    ValueKind.PICTURE: _written_picture,
    ValueKind.BODY: lambda fiche, field: plain_body(getattr(fiche, field)),
    ValueKind.KEYWORDS: lambda fiche, field: SEVERAL.join(
        sorted(link.tag.name for link in fiche.fiche_mots_cles.all())
    ),
    ValueKind.EDITION: lambda fiche, field: str(fiche.edition.annee) if fiche.edition else "",
    ValueKind.FUNDERS: _written_funders,
}


def write(kind: ValueKind, fiche: FichePage, field: str) -> str:
    """The text of a fiche's field in a file."""
    return WRITE.get(kind, _written)(fiche, field)


# Columns


def columns() -> list[Column]:
    """All columns in order: those of the table of fields, with one for each dimension of the grid."""
    result = []
    for champ in champs_with("imported"):
        if champ.kind is ValueKind.CRITERIA:
            result += [_criteria(dimension) for dimension in Dimension.objects.prefetch_related("criteres")]
            continue
        read, facet = READ.get(champ.kind, _as_typed), champ.imported
        write = WRITE.get(champ.kind, _written)
        result.append(Column(facet.name, champ.name, read, write, facet.also, facet.example, facet.is_required))
    return result


def by_heading() -> dict[str, Column]:
    """``{heading key: Column}``. The name of a column goes before the alternative headings of the others."""
    every = columns()
    known = {heading_key(column.name): column for column in reversed(every)}
    for column in every:
        for heading in column.also:
            known.setdefault(heading_key(heading), column)
    return known


def by_tab(every: Iterable[Column]) -> dict[Any, list[Column]]:
    """``{heading of a tab of the fiche's form: its columns}``, each in the order of the French alphabet."""
    fields = {tab.heading: tab.get_form_options() for tab in get_fiche_model().get_edit_handler().children}
    tabs: dict[Any, list[Column]] = {heading: [] for heading in fields}
    tab_of = {name: heading for heading, kinds in fields.items() for names in kinds.values() for name in names}
    for column in sorted(every, key=lambda column: fold(column.name)):
        tabs.setdefault(tab_of.get(column.field.partition(":")[0]), []).append(column)
    return tabs


def _criteria(dimension: Dimension) -> Column:
    """The column of a dimension of the grid: the names of its criteria that the fiche meets."""
    criteria = list(dimension.criteres.all())

    def read(text: str, field: str, records: SiteRecords) -> list[Critere]:
        return [_chosen(part, [(each, each.name) for each in criteria]) for part in _words(text, field, records)]

    def write(fiche: FichePage, field: str) -> str:
        met = {link.tag_id for link in fiche.fiche_criteres.all()}
        return SEVERAL.join(each.name for each in criteria if each.pk in met)

    return Column(dimension.nom, f"{CRITERIA}{dimension.slug}", read, write, (dimension.slug,))
