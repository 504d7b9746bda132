"""Validates the headings and rows of an import; each error has the name of its cell."""

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fiches.admin.importation.import_columns import BLOCKS, columns, heading_key, read_postcode
from fiches.admin.importation.table_reader import cell
from fiches.admin.importation.text_cells import without_markup
from fiches.admin.importation.xlsx_reader import NO_RESULT
from fiches.models import Edition, FicheFinanceur, FichePage, Partenaire
from fiches.models.champs import champs_of_kind
from fiches.models.corbeille import in_the_bin
from fiches.models.declaration import ValueKind
from fiches.models.derived_fiches import get_fiche_model
from fiches.models.picture_forms import DESCRIBE
from fiches.territoire.gazetteer import fold, resolve_commune

if TYPE_CHECKING:
    from fiches.admin.importation.import_columns import ImportColumn
    from fiches.models import Commune


# The ratio of similar characters from which two titles of one organisation count as duplicates.
LIKE = 0.88
ADDRESSED = re.compile(r"\b(\d{5})\s+([^,;\d]{2,60})\s*$")
SHEET_ERROR = re.compile(r"#(N/A|REF!|VALUE!|VALEUR!|DIV/0!|NAME\?|NOM\?|NUM!|NOMBRE!|NULL!|NUL!)")
SHORTENED = re.compile(r"\d[.,]?\d*E\+\d{1,3}", re.IGNORECASE)
PICTURES = [champ.name for champ in champs_of_kind(ValueKind.PICTURE)]
# Fields that are not plain columns of the fiche.
APART = {
    champ.name
    for champ in champs_of_kind(
        ValueKind.CRITERIA, ValueKind.KEYWORDS, ValueKind.FUNDERS, ValueKind.BODY, ValueKind.PICTURE
    )
} | {"blocs"}
OF_THE_TREE = ("path", "depth", "slug", "url_path", "content_type", "owner", "locale")


class SiteRecords(NamedTuple):
    """The records that a file may refer to: ``{folded name: record}``."""

    partners: dict
    editions: dict


def read_site_records() -> SiteRecords:
    """Reads the :class:`SiteRecords` of the site."""
    partners = {}
    for partner in Partenaire.objects.all():
        partners |= {fold(name): partner for name in (partner.sigle, partner.nom) if name}
    editions = {}
    for edition in Edition.objects.all():
        editions |= {fold(str(edition)): edition, str(edition.annee): edition}
    return SiteRecords(partners, editions)


class Problem(NamedTuple):
    """An error of an import. Attributes:

    - cell: its name, ``""`` for an error of no cell;
    - text: the message;
    - number: the number of the row, None for an error of the whole file;
    - field: the field of the cell.
    """

    cell: str
    text: str
    number: int | None = None
    field: str = ""


class Headings:
    """The recognised columns of a file. ``columns`` is ``{field: (index, ImportColumn)}``; ``problems`` the :class:`Problem` of each
    required column that is missing. Columns that are unknown, repeated or without a heading are left out, unless the user says what
    they are."""

    @classmethod
    def of(cls, lines: Any) -> Any:
        """The headings of an import, from ``Importation.lignes``."""
        return cls(lines["entetes"], line=lines.get("ligne_des_entetes", 1), chosen=lines.get("colonnes"))

    def __init__(self, headings: list[str], *, line: int = 1, chosen: dict[str, str] | None = None) -> None:
        """:param chosen: ``{index: field}`` of the columns for which the user chose a field; ``""`` leaves the column out."""
        known = by_name()
        by_field = {column.field: column for column in known.values()}
        self.columns, self.blocks, self.line = {}, [], line
        chosen = chosen or {}
        for index, field in chosen.items():
            if field in by_field:
                self.columns.setdefault(field, (int(index), by_field[field]))
        for position, heading in enumerate(headings):
            if str(position) not in chosen:
                self._place(position, heading, known.get(heading_key(heading)))
        missing = [each for each in by_field.values() if each.is_required and each.field not in self.columns]
        message = _("The column “%(name)s” is missing.")
        self.problems = [Problem(cell(0, line), message % {"name": each.name}) for each in missing]

    def _place(self, position: int, heading: str, column: "ImportColumn | None") -> None:
        if re.fullmatch(rf"{BLOCKS} \d+", heading):
            self.blocks.append(position)
        elif column:
            self.columns.setdefault(column.field, (position, column))

    def field_at(self, position: int) -> str:
        """The field that the column fills; ``""`` if it is left out."""
        if position in self.blocks:
            return "blocs"
        return next((field for field, (index, _column) in self.columns.items() if index == position), "")

    def problem(self, field: str, number: int, text: str) -> Problem:
        return Problem(self.cell(field, number), text, number, field)

    def texts(self, row: list[str]) -> dict[str, str]:
        """``{field: text}`` of a row, with the columns of blocks joined."""
        texts = {field: row[position] for field, (position, _column) in self.columns.items()}
        if "blocs" in texts:
            texts["blocs"] += "".join(row[position] for position in self.blocks)
        return texts

    def cell(self, field: str, number: int) -> str:
        """The cell for an error of a field: its own if the file has the column, else the first of the row."""
        position = self.columns[field][0] if field in self.columns else 0
        return cell(position, number)


def by_name() -> "dict[str, ImportColumn]":
    """``{heading key: ImportColumn}`` of the fiches that the site creates. The name of a column goes before the alternative
    headings of the others; an alternative heading that two columns declare belongs to the first of them."""
    every = columns(get_fiche_model())
    known = {heading_key(column.name): column for column in reversed(every)}
    for column in every:
        for heading in column.also:
            known.setdefault(heading_key(heading), column)
    return known


def values_of(
    texts: dict[str, str], headings: Headings, number: int, records: SiteRecords
) -> tuple[dict[str, Any], list[Any]]:
    """``({field: value}, [Problem])`` of one row.

    :param texts: ``{field: text}`` of the row.
    :param number: the line number of the row.
    :param records: an :class:`SiteRecords`.
    """
    values, problems = {}, []
    for field, (_position, column) in headings.columns.items():
        try:
            _refuse_error_of_the_sheet(texts[field])
            text = texts[field] if field == "blocs" else without_markup(texts[field])
            values[field] = column.read(text, records)
        except ValidationError as error:
            if field == "commune" and (commune := _by_postcode(texts)):
                values[field] = commune
                continue
            problems.append(headings.problem(field, number, " ".join(error.messages)))
    if not values.get("commune") and (commune := _by_address(texts)):
        values["commune"] = commune
    return values, problems


def _refuse_error_of_the_sheet(text: str) -> None:
    if text == NO_RESULT:
        raise ValidationError(
            _("This cell holds a formula without a result, or one that calls another program. Write its value instead.")
        )
    if SHEET_ERROR.fullmatch(text):
        raise ValidationError(_("“%(text)s” is an error of the spreadsheet: mend its formula.") % {"text": text})
    if SHORTENED.fullmatch(text):
        message = _(
            "“%(text)s” is a number that the spreadsheet shortened: write it whole, in a column formatted as text."
        )
        raise ValidationError(message % {"text": text})


def _by_postcode(texts: dict[str, str]) -> Any:
    """The commune by its name and postcode, for names that several communes have; None if that isn't enough."""
    return _resolved(f"{texts['commune']} {read_postcode(texts['code_postal'])}") if texts.get("code_postal") else None


def _by_address(texts: dict[str, str]) -> "Commune | None":
    """The commune at the end of an address, « 3 rue du Puits, 39100 Dole », else the only one with the postcode; None if
    unknown."""
    match = ADDRESSED.search(texts.get("adresse", ""))
    if match:
        return _resolved(f"{match[2]} {match[1]}")
    return _resolved(read_postcode(texts["code_postal"])) if texts.get("code_postal") else None


def _resolved(text: str) -> "Commune | None":
    try:
        return resolve_commune(text)
    except ValidationError:
        return None


def build_fiche(values: dict[str, Any]) -> FichePage:
    """An unsaved fiche with these values, without its pictures, criteria, keywords and funders."""
    plain = {field: value for field, value in values.items() if field.partition(":")[0] not in APART}
    body = values.get("blocs") or values.get("corps") or []
    return get_fiche_model()(**plain, corps=body)


def validation_errors(values: dict[str, Any], texts: dict[str, str], headings: Headings, number: int) -> list[Any]:
    """Returns a :class:`Problem` for each value of a row that the form of a fiche refuses. Missing columns are left out:
    :class:`Headings` reports them; so are the texts of which :func:`values_of` says why they give no value."""
    fiche = build_fiche(values)
    unread = [field for field, text in texts.items() if text and field not in values]
    problems = []
    try:
        fiche.clean_fields(exclude=[*OF_THE_TREE, *PICTURES, *unread])
    except ValidationError as error:
        errors = error.message_dict.items()
        there = [(field, " ".join(map(str, messages))) for field, messages in errors if field in headings.columns]
        problems = [headings.problem(field, number, text) for field, text in there]
    for field in PICTURES:
        if texts.get(field) and not texts.get(f"{field}_alt") and not values.get(f"{field}_decorative"):
            where = f"{field}_alt" if f"{field}_alt" in headings.columns else field
            problems.append(headings.problem(where, number, str(DESCRIBE)))
    return problems


class DuplicateFinder:
    """Finds duplicates among the fiches of the site and the rows already added."""

    def __init__(self) -> None:
        self.siret, self.titles, self.names = {}, {}, {}
        columns_ = ("pk", "draft_title", "organisation", "siret")
        for pk, title, organisation, siret in FichePage.objects.exclude(in_the_bin()).values_list(*columns_).iterator():
            self.add(title, organisation, siret, {"fiche": pk, "titre": title})

    def add(self, title: str, organisation: str, siret: str, whose: dict[str, Any]) -> None:
        """Adds a fiche or row; ``whose`` is what :meth:`duplicate_of` will return for its duplicates."""
        if siret:
            self.siret.setdefault((siret, fold(title)), whose)
        self.titles.setdefault((fold(title), fold(organisation)), whose)
        self.names.setdefault(fold(organisation), []).append((fold(title), whose))

    def duplicate_of(self, title: str, organisation: str, siret: str) -> dict[str, Any] | None:
        """The fiche or row with the same title and SIRET, the same title and organisation, or a similar title and the same
        organisation; None if there is none."""
        original = self.siret.get((siret, fold(title))) if siret else None
        original = original or self.titles.get((fold(title), fold(organisation)))
        if original:
            return original
        alike = (
            (SequenceMatcher(None, known, fold(title)).ratio(), number, whose)
            for number, (known, whose) in enumerate(self.names.get(fold(organisation), ()))
        )
        best = max(alike, default=(0, 0, None))
        return best[2] if best[0] >= LIKE else None


def add_relations(fiche: Any, values: Any) -> None:
    """Adds the criteria, keywords and funders to a fiche that is in the page tree."""
    criteria = [each for field, value in values.items() if field.startswith("criteres:") for each in value]
    if criteria:
        fiche.criteres.add(*criteria)
    if values.get("mots_cles"):
        fiche.mots_cles.add(*values["mots_cles"])
    fiche.financements = [
        FicheFinanceur(partenaire=partner, mention=credit, sort_order=order)
        for order, (partner, credit) in enumerate(values.get("financements") or ())
    ]
