"""What the user mends on the screen of an import: columns, cells, duplicates. Identical errors of a column are mended at once."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from django.http import QueryDict

from fiches.admin.importation.import_columns import BLOCKS, ImportColumn
from fiches.admin.importation.row_validation import Headings, Problem, SiteRecords, by_name
from fiches.admin.importation.table_reader import cell, tidy
from fiches.admin.importation.text_cells import TAG, without_markup
from fiches.forms.primary_key import read_key
from fiches.models import Importation

# Records of one kind that the screen lists, at most.
MOST_SHOWN = 200
MOST_EXAMPLES = 3
ALL_OF_THEM, NONE_OF_THEM = "tous", "aucun"
# The column whose blank cells are corrected one by one: no two fiches have the same title.
TITLE = "title"
# Length of a text that a line of the form holds; a longer one, or one of several lines, has a box.
LINE = 120


class Sheet:
    """The columns and rows of an import. Attributes: headings (:class:`Headings`), rows (``{number: [text]}``), made (numbers of the
    rows whose fiche was made)."""

    def __init__(self, importation: Importation) -> None:
        self.lines = importation.lignes
        self.headings = Headings.of(self.lines)
        self.rows: dict[int, list[str]] = dict(self.lines["rangs"])
        self.made = made_rows(importation)

    def text(self, field: str, number: int) -> str:
        return self.rows[number][self.headings.columns[field][0]] if field in self.headings.columns else ""


def made_rows(importation: Importation) -> set[int]:
    """The numbers of the rows whose fiche was made."""
    return set(importation.importees.filter(revision__isnull=False).values_list("rang", flat=True))


def problems_of(importation: Importation) -> list[Problem]:
    return [Problem(*each) for each in importation.problemes]


def rows_aside(importation: Importation) -> set[int]:
    """The numbers of the rows that have an error, or look like another and are not wanted."""
    wanted = set(importation.lignes.get("voulus", ()))
    doubles = {double["rang"] for double in importation.doublons} - wanted
    return doubles | {problem.number for problem in problems_of(importation) if problem.number is not None}


def wanted_duplicates(importation: Importation, typed: QueryDict) -> set[int]:
    """The numbers of the rows that look like another and are to be made too.

    :param typed: ``doublons`` decides on all of them (:data:`ALL_OF_THEM` or :data:`NONE_OF_THEM`); otherwise, ``doublon`` on each of
        those that the screen lists, and the others stay as they were decided.
    """
    numbers = [double["rang"] for double in importation.doublons]
    choice = typed.get("doublons")
    if choice in (ALL_OF_THEM, NONE_OF_THEM):
        return set(numbers) if choice == ALL_OF_THEM else set()
    ticked = {number for text in typed.getlist("doublon") if (number := read_key(text)) is not None}
    return ticked | set(importation.lignes.get("voulus", ())) & set(numbers[MOST_SHOWN:])


class ColumnChoice(NamedTuple):
    """A column of the file, as the screen offers it. Attributes: position, heading, examples (texts of its first cells), field (what
    it fills, ``""`` if it is left out)."""

    position: int
    heading: str
    examples: str
    field: str


def column_choices(sheet: Sheet) -> list[ColumnChoice]:
    """The columns that hold something, except those of blocks; those that are left out come first."""
    choices = []
    for position, heading in enumerate(sheet.lines["entetes"]):
        texts = [row[position] for row in sheet.rows.values() if row[position]]
        if texts and position not in sheet.headings.blocks:
            examples = " · ".join(text[:40] for text in list(dict.fromkeys(texts))[:MOST_EXAMPLES])
            choices.append(ColumnChoice(position, heading, examples, sheet.headings.field_at(position)))
    return sorted(choices, key=lambda choice: bool(choice.field))


def field_choices() -> list[tuple[str, str]]:
    """``[(field, name)]`` of what a column may fill, by name."""
    return sorted({column.field: column.name for column in by_name().values()}.items(), key=lambda each: each[1])


class Mend(NamedTuple):
    """The cells of one column that one form field corrects: those with an equal text and equal errors, or one cell without a
    title. A postcode that isn't the commune's has an error for each commune. Attributes:

    - key: the name of the form field;
    - typed: the text of the cells;
    - text: the error message;
    - cells: the names of the cells;
    - numbers: the numbers of their rows;
    - words: the only texts that the column accepts, ``[]`` for any;
    - row_name: of a blank title, the organisation and the commune of its row.
    """

    key: str
    typed: str
    text: str
    cells: list[str]
    numbers: list[int]
    words: list[str]
    row_name: str

    @property
    def is_long(self) -> bool:
        return len(self.typed) > LINE or "\n" in self.typed


class ColumnOfErrors(NamedTuple):
    """The errors of a column. Attributes: column, position, mends, number (of cells), may_be_blank."""

    column: ImportColumn
    position: int
    mends: list[Mend]
    number: int
    may_be_blank: bool


def wrong_cells(importation: Importation, sheet: Sheet) -> dict[tuple[str, int], list[Problem]]:
    """``{(field, number of the row): [Problem]}`` of the cells that have an error."""
    cells: dict[tuple[str, int], list[Problem]] = {}
    for problem in problems_of(importation):
        if problem.number is not None and problem.field in sheet.headings.columns:
            cells.setdefault((problem.field, problem.number), []).append(problem)
    return cells


def key_of(sheet: Sheet, field: str, number: int, problems: list[Problem]) -> str:
    """Returns the name of the form field that corrects a cell. Cells of a column with equal texts and errors share it; blank titles
    don't."""
    position, typed = sheet.headings.columns[field][0], sheet.text(field, number)
    if field == TITLE and not typed:
        return f"{position}-{number}"
    alike = "\n".join([typed, *(problem.text for problem in problems)])
    return f"{position}-{sha256(alike.encode()).hexdigest()[:12]}"


def row_name(sheet: Sheet, number: int) -> str:
    """The organisation and the commune of a row, by which the user knows it."""
    return ", ".join(filter(None, (sheet.text("organisation", number), sheet.text("commune", number))))


def errors_by_column(importation: Importation, sheet: Sheet, records: SiteRecords) -> list[ColumnOfErrors]:
    """Returns the errors of cells, grouped by column. See :class:`Mend`."""
    groups: dict[str, dict[str, list[Problem]]] = {}
    for (field, number), problems in wrong_cells(importation, sheet).items():
        key = key_of(sheet, field, number, problems)
        groups.setdefault(field, {}).setdefault(key, []).extend(problems)
    result = []
    for field, by_key in groups.items():
        position, column = sheet.headings.columns[field]
        mends = [_mend(key, column, sheet, found, records) for key, found in by_key.items()]
        cells = sum(len(mend.numbers) for mend in mends)
        blank = not column.is_required and any(mend.typed for mend in mends)
        result.append(ColumnOfErrors(column, position, mends, cells, blank))
    return result


def _mend(key: str, column: ImportColumn, sheet: Sheet, problems: list[Problem], records: SiteRecords) -> Mend:
    texts = " ".join(dict.fromkeys(problem.text for problem in problems))
    cells = list(dict.fromkeys(problem.cell for problem in problems))
    numbers = sorted({problem.number for problem in problems if problem.number is not None})
    typed = sheet.text(column.field, numbers[0])
    name = row_name(sheet, numbers[0]) if column.field == TITLE and not typed else ""
    return Mend(key, typed, texts, cells, numbers, column.words(records), name)


def other_errors(importation: Importation, sheet: Sheet) -> Iterator[Problem]:
    """Yields the errors that have no cell in the file."""
    for problem in problems_of(importation):
        if problem.number is None or problem.field not in sheet.headings.columns:
            yield problem


class Stripped(NamedTuple):
    """The cells of a column from which HTML tags are removed. Attributes: name (of the column), cells (their names), before and after
    (the text of the first one)."""

    name: str
    cells: list[str]
    before: str
    after: str


def stripped_cells(sheet: Sheet) -> list[Stripped]:
    """Returns the cells that lose HTML tags, by column."""
    result = []
    for field, (position, column) in sheet.headings.columns.items():
        tagged = [(number, row[position]) for number, row in sheet.rows.items() if TAG.search(row[position])]
        if tagged and field != BLOCKS:
            before = tagged[0][1]
            cells = [cell(position, number) for number, _text in tagged]
            result.append(Stripped(column.name, cells, before, without_markup(before)))
    return result


def apply(importation: Importation, typed: Mapping[str, str]) -> bool:
    """Writes in ``importation.lignes`` what the form of the screen holds; the caller stores it.

    :param typed: ``colonne-<position>`` the field of a column; ``cellule-<key>`` the text that replaces the wrong one;
        ``vider-<position>`` empties all wrong cells of a column.
    :returns: whether columns or cells changed.
    """
    sheet = Sheet(importation)
    changed = _mend_cells(importation, sheet, typed)
    current = {choice.position: choice.field for choice in column_choices(sheet)}
    asked = {position: typed.get(f"colonne-{position}", field) for position, field in current.items()}
    if asked != current:
        known = {field for field, _name in field_choices()} | {""}
        chosen = {str(position): field for position, field in asked.items() if field in known}
        importation.lignes["colonnes"] = importation.lignes.get("colonnes", {}) | chosen
        changed = True
    return changed


def _mend_cells(importation: Importation, sheet: Sheet, typed: Mapping[str, str]) -> bool:
    changed = False
    for (field, number), problems in wrong_cells(importation, sheet).items():
        if number in sheet.made:
            continue
        position, row = sheet.headings.columns[field][0], sheet.rows[number]
        text = tidy(typed.get(f"cellule-{key_of(sheet, field, number, problems)}", row[position]))
        if f"vider-{position}" in typed:
            text = ""
        changed |= text != row[position]
        row[position] = text
    return changed
