"""An import: the dry run, the creation of the drafts and their deletion, each in one task and one transaction.

A task that is run again, since its worker died, does nothing twice: what it changes is stored with the state of the import.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from difflib import SequenceMatcher
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import ReferenceIndex

from fiches.admin.importation.columns import (
    CRITERIA,
    Column,
    SiteRecords,
    by_heading,
    heading_key,
    read_postcode,
    without_markup,
)
from fiches.admin.importation.pictures import fetched_picture, of_the_site, save_picture
from fiches.admin.importation.reader import Sheet, cell
from fiches.admin.review_status import with_status
from fiches.forms.primary_key import read_key
from fiches.models import Commune, EtatImport, FicheIndexPage, FichePage, Importation
from fiches.models.champs import champs_of_kind
from fiches.models.declaration import ValueKind
from fiches.models.derived_fiches import get_fiche_model
from fiches.models.importation import REPEATABLE, WORKING, private_storage
from fiches.models.picture_forms import DESCRIBE
from fiches.territoire.gazetteer import fold, resolve_commune

logger = logging.getLogger(__name__)

# The ratio of similar characters from which two titles of one organisation count as near doubles.
LIKE = 0.88
ADDRESSED = re.compile(r"\b(\d{5})\s+([^,;\d]{2,60})\s*$")
SHEET_ERROR = re.compile(r"#(N/A|REF!|VALUE!|VALEUR!|DIV/0!|NAME\?|NOM\?|NUM!|NOMBRE!|NULL!|NUL!)")
SHORTENED = re.compile(r"\d[.,]?\d*E\+\d{1,3}", re.IGNORECASE)
PICTURES = [champ.name for champ in champs_of_kind(ValueKind.PICTURE)]
# Fields that a fiche takes once it is in the page tree.
RELATIONS = {champ.name for champ in champs_of_kind(ValueKind.KEYWORDS, ValueKind.FUNDERS)}
OF_THE_TREE = ("path", "depth", "slug", "url_path", "content_type", "owner", "locale")


class Problem(NamedTuple):
    """A fault of a file. Attributes:

    - cell: the name of the cell, ``""`` for a fault of no cell;
    - text: the message;
    - number: the number of the row, None for a fault of the whole file;
    - field: the field of the cell;
    - is_optional: the draft may be made without this cell.
    """

    cell: str
    text: str
    number: int | None = None
    field: str = ""
    is_optional: bool = False


class Table:
    """The sheet of an import that the user chose. Attributes: sheets (all of them), sheet, columns (``{field: (index,
    Column)}``), problems (required columns that are missing). Columns that are unknown, repeated or without a heading are left
    out, unless the user said what they are."""

    def __init__(self, importation: Importation) -> None:
        choices = importation.lignes
        self.sheets = [Sheet(*each) for each in choices["feuilles"]]
        self.sheet = self.sheets[choices["feuille"]]
        self.columns: dict[str, tuple[int, Column]] = {}
        known = by_heading()
        self.by_field = {column.field: column for column in known.values()}
        named = choices.get("colonnes", {})
        for index, field in named.items():
            if field in self.by_field:
                self.columns.setdefault(field, (int(index), self.by_field[field]))
        for index, heading in enumerate(self.sheet.headings):
            column = known.get(heading_key(heading))
            if column and str(index) not in named:
                self.columns.setdefault(column.field, (index, column))
        missing = [each for each in self.by_field.values() if each.is_required and each.field not in self.columns]
        message = _("The column “%(name)s” is missing.")
        self.problems = [Problem(cell(0, self.sheet.line), message % {"name": each.name}) for each in missing]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yields the number of each row, and ``{field: text}``."""
        for number, row in self.sheet.rows:
            yield number, {field: row[index] for field, (index, _column) in self.columns.items()}

    def field_at(self, position: int) -> str:
        """The field that a column fills; ``""`` if it is left out."""
        return next((field for field, (index, _column) in self.columns.items() if index == position), "")

    def problem(self, field: str, number: int, text: str) -> Problem:
        index, column = self.columns[field]
        return Problem(cell(index, number), text, number, field, not column.is_required)


def read_row(
    table: Table, texts: dict[str, str], number: int, records: SiteRecords
) -> tuple[dict[str, Any], list[Problem]]:
    """``({field: value}, [Problem])`` of a row, without the values that are wrong."""
    values, wrong = {}, {}
    for field, (_index, column) in table.columns.items():
        try:
            _refuse_error_of_the_sheet(texts[field])
            values[field] = column.read(without_markup(texts[field]), field, records)
        except ValidationError as error:
            if field == "commune" and (commune := _by_postcode(texts)):
                values[field] = commune
            else:
                wrong[field] = " ".join(error.messages)
    if not values.get("commune") and (commune := _by_address(texts)):
        values["commune"] = commune
    for field in PICTURES:
        if values.get(field) and not values.get(f"{field}_alt") and not values.get(f"{field}_decorative"):
            wrong[field] = str(DESCRIBE)
            del values[field]
    # Without a wrong value, another may be wrong in its turn: a postcode without its commune.
    while errors := _errors(values, table, wrong):
        wrong |= errors
        values = {field: value for field, value in values.items() if field not in errors}
    return values, [table.problem(field, number, text) for field, text in wrong.items()]


def _errors(values: dict[str, Any], table: Table, wrong: dict[str, str]) -> dict[str, str]:
    """``{field: message}`` of the values that the form of a fiche refuses. Missing columns are left out: :class:`Table` says
    them."""
    try:
        build_fiche(values).clean_fields(exclude=[*OF_THE_TREE, *PICTURES, *wrong])
    except ValidationError as error:
        messages = error.message_dict.items()
        return {field: " ".join(map(str, texts)) for field, texts in messages if field in table.columns}
    return {}


def _refuse_error_of_the_sheet(text: str) -> None:
    if SHEET_ERROR.fullmatch(text):
        raise ValidationError(_("“%(text)s” is an error of the spreadsheet: mend its formula.") % {"text": text})
    if SHORTENED.fullmatch(text):
        message = _(
            "“%(text)s” is a number that the spreadsheet shortened: write it whole, in a column formatted as text."
        )
        raise ValidationError(message % {"text": text})


def _by_postcode(texts: dict[str, str]) -> Commune | None:
    """The commune by its name and postcode, for names that several communes have; None if that isn't enough."""
    return _resolved(f"{texts['commune']} {read_postcode(texts['code_postal'])}") if texts.get("code_postal") else None


def _by_address(texts: dict[str, str]) -> Commune | None:
    """The commune at the end of an address, « 3 rue du Puits, 39100 Dole », else the only one with the postcode; None if
    unknown."""
    match = ADDRESSED.search(texts.get("adresse", ""))
    if match:
        return _resolved(f"{match[2]} {match[1]}")
    return _resolved(read_postcode(texts["code_postal"])) if texts.get("code_postal") else None


def _resolved(text: str) -> Commune | None:
    try:
        return resolve_commune(text)
    except ValidationError:
        return None


def build_fiche(values: dict[str, Any]) -> FichePage:
    """An unsaved fiche with these values, without its pictures, criteria, keywords and funders."""
    apart = {*PICTURES, *RELATIONS}
    return get_fiche_model()(
        **{field: value for field, value in values.items() if field not in apart and not field.startswith(CRITERIA)}
    )


class DuplicateFinder:
    """Finds near doubles among the fiches of the site and the rows already added: the same or a similar title, and the same
    organisation or SIRET."""

    def __init__(self) -> None:
        self.titles: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        columns = ("pk", "draft_title", "organisation", "siret")
        for pk, title, organisation, siret in FichePage.objects.values_list(*columns).iterator():
            self.add(title, organisation, siret, {"fiche": pk, "titre": title})

    def add(self, title: str, organisation: str, siret: str, whose: dict[str, Any]) -> None:
        """Adds a fiche or row; ``whose`` is what :meth:`duplicate_of` will return for its doubles."""
        for owner in filter(None, (fold(organisation), siret)):
            self.titles.setdefault(owner, []).append((fold(title), whose))

    def duplicate_of(self, title: str, organisation: str, siret: str) -> dict[str, Any] | None:
        known = [*self.titles.get(fold(organisation), ()), *self.titles.get(siret, ())]
        alike = ((SequenceMatcher(None, other, fold(title)).ratio(), whose) for other, whose in known)
        ratio, whose = max(alike, key=lambda each: each[0], default=(0, None))
        return whose if ratio >= LIKE else None


# What the user asks for


def begin(*, sheets: list[Sheet], chosen: int, name: str, index: FicheIndexPage, by: Any) -> Importation:
    """Creates an import, and queues its dry run.

    :param chosen: the index of the sheet that holds the fiches.
    :param index: the list in which the drafts will be made.
    """
    importation = Importation.objects.create(
        auteur=by,
        nom=name[:200],
        lignes={"feuilles": sheets, "feuille": chosen, "liste": index.pk},
        total=len(sheets[chosen].rows),
    )
    queue(importation)
    return importation


def queue(importation: Importation) -> None:
    transaction.on_commit(partial(work_on_import.enqueue, importation.pk))


@transaction.atomic
def proceed(importation: Importation, typed: QueryDict, *, make: bool) -> bool | None:
    """Stores the sheet, the columns, the near doubles and the blank cells that the user chose, and queues a new dry run; or the
    creation, if they asked for it and nothing is to be read otherwise. A second call does nothing.

    :param typed: ``feuille`` an index; ``colonne-<position>`` the field of a column; ``doublon`` the numbers of near doubles to make
        too; ``laisser`` to leave wrong optional cells blank.
    :returns: whether the drafts are being made; None if nothing was to be done.
    """
    locked = Importation.objects.select_for_update().filter(pk=importation.pk, etat__in=REPEATABLE).first()
    if locked is None:
        return None
    choices, table = locked.lignes, Table(locked)
    before = choices["feuille"], choices.get("colonnes", {})
    asked = read_key(typed.get("feuille", ""))
    if asked is not None and asked < len(table.sheets) and table.sheets[asked].rows and asked != choices["feuille"]:
        choices |= {"feuille": asked, "colonnes": {}, "voulus": []}
    else:
        fields = {position: typed.get(f"colonne-{position}") for position in range(len(table.sheet.headings))}
        chosen = {position: field for position, field in fields.items() if field == "" or field in table.by_field}
        named = {str(position): field for position, field in chosen.items() if field != table.field_at(position)}
        choices["colonnes"] = choices.get("colonnes", {}) | named
        if locked.etat == EtatImport.VERIFIE:
            choices["voulus"] = [key for key in map(read_key, typed.getlist("doublon")) if key is not None]
            choices["laisser"] = "laisser" in typed
    makes = make and locked.etat == EtatImport.VERIFIE and before == (choices["feuille"], choices["colonnes"])
    locked.etat, locked.faites = (EtatImport.EN_COURS if makes else EtatImport.A_VERIFIER), 0
    locked.total = len(table.sheets[choices["feuille"]].rows)
    locked.save()
    queue(locked)
    return makes


def undo(importation: Importation) -> None:
    """Queues the deletion of the drafts that nobody changed. A second call does nothing."""
    if Importation.objects.filter(pk=importation.pk, etat=EtatImport.FAIT).update(etat=EtatImport.ANNULATION):
        queue(importation)


def forget(importation: Importation) -> None:
    """Deletes an import and its files, unless it is in progress; its fiches stay."""
    if importation.etat not in WORKING:
        _forget_files(importation)
        importation.delete()


def _forget_files(importation: Importation) -> None:
    folder, storage = f"importations/{importation.pk}", private_storage()
    with suppress(FileNotFoundError):
        for name in storage.listdir(folder)[1]:
            storage.delete(f"{folder}/{name}")


def problems_of(importation: Importation) -> list[Problem]:
    return [Problem(*each) for each in importation.problemes]


def rows_aside(importation: Importation) -> set[int]:
    """The numbers of the rows of which no draft is made: they have a fault, other than an optional cell to leave blank, or look
    like another and are not wanted."""
    leaves_blank = importation.lignes.get("laisser", True)
    doubles = {double["rang"] for double in importation.doublons} - set(importation.lignes.get("voulus", ()))
    wrong = (each.number for each in problems_of(importation) if not (each.is_optional and leaves_blank))
    return doubles | {number for number in wrong if number is not None}


# The work


@task(priority=5)
def work_on_import(pk: int) -> None:
    """Task: does the next work of an import. Somebody looks at its progress: it doesn't wait for the search index and the references
    of the fiches that the import made."""
    work = {EtatImport.A_VERIFIER: check, EtatImport.EN_COURS: make, EtatImport.ANNULATION: take_away}
    importation = Importation.objects.select_related("auteur").filter(pk=pk, etat__in=WORKING).first()
    if importation is None:
        return
    try:
        work[importation.etat](importation)
    except Exception as error:  # any error is logged and reported to the user, who may try again
        logger.exception("import_failed", extra={"import": pk})
        why = error.messages if isinstance(error, ValidationError) else [_stopped_by(error)]
        undoing = importation.etat == EtatImport.ANNULATION  # the drafts are still there
        Importation.objects.filter(pk=pk, etat=importation.etat).update(
            etat=EtatImport.FAIT if undoing else EtatImport.ECHOUE,
            problemes=[*(importation.problemes if undoing else ()), Problem("", " ".join(why))],
        )


def _stopped_by(error: Exception) -> str:
    text = _(
        "An error of the site stopped the work (%(why)s). Try again; if it fails again, tell the administrator of the site."
    )
    return text % {"why": type(error).__name__}


def check(importation: Importation) -> None:
    """The dry run: reads each row, fetches its pictures into the private storage, and notes near doubles."""
    table, records, known = Table(importation), SiteRecords.read(), DuplicateFinder()
    problems, doubles = [*table.problems], []
    images: dict[str, str] = importation.lignes.setdefault("images", {})
    for done, (number, texts) in enumerate(table.rows(), start=1):
        values, wrong = read_row(table, texts, number, records)
        wrong += _bring_pictures(importation, table, values, number, images)
        problems += wrong
        title, organisation, siret = (values.get(field) or "" for field in ("title", "organisation", "siret"))
        if original := known.duplicate_of(title, organisation, siret):
            doubles.append({"rang": number, "titre": title, "de": original})
        else:
            known.add(title, organisation, siret, {"rang": number, "titre": title})
        if done % 10 == 0:
            Importation.objects.filter(pk=importation.pk).update(faites=done)
    checked = Importation.objects.filter(pk=importation.pk, etat=EtatImport.A_VERIFIER)
    checked.update(etat=EtatImport.VERIFIE, problemes=problems, doublons=doubles, lignes=importation.lignes)


def _bring_pictures(
    importation: Importation, table: Table, values: dict[str, Any], number: int, images: dict[str, str]
) -> list[Problem]:
    """Fetches the pictures of a row; ``images`` is ``{address: name in the private storage}``."""
    problems = []
    for field in PICTURES:
        address = values.get(field)
        if not address or address in images:
            continue
        try:
            if of_the_site(address, by=importation.auteur) is None:
                picture = fetched_picture(address)
                path = f"importations/{importation.pk}/{number}-{field}-{picture.name}"
                images[address] = private_storage().save(path, picture)
        except ValidationError as error:
            problems.append(table.problem(field, number, " ".join(error.messages)))
    return problems


def make(importation: Importation) -> None:
    """Creates the drafts of the rows that are not set aside: all of them, or none if one fails."""
    with transaction.atomic():
        locked = Importation.objects.select_for_update().select_related(None).get(pk=importation.pk)
        if locked.etat != EtatImport.EN_COURS:
            return
        table, records, aside = Table(locked), SiteRecords.read(), rows_aside(locked)
        noted = {(problem.number, problem.field): problem for problem in problems_of(locked)}
        made = []
        for number, texts in table.rows():
            if number in aside:
                continue
            values, problems = read_row(table, texts, number, records)
            if new := [each.text for each in problems if (number, each.field) not in noted]:
                raise ValidationError(_("Line %(number)s: %(why)s") % {"number": number, "why": " ".join(new)})
            values = {field: value for field, value in values.items() if (number, field) not in noted}
            made.append(_make_one(locked, values, by=importation.auteur))
        locked.fiches.set(made)  # those that an undoing left aren't of this import any more
        locked.etat, locked.fait_le = EtatImport.FAIT, timezone.now()
        locked.save()
    _forget_files(importation)


def _make_one(importation: Importation, values: dict[str, Any], *, by: Any) -> FichePage:
    fiche = build_fiche(values)
    fiche.live, fiche.has_unpublished_changes, fiche.owner = False, True, by
    for field in PICTURES:
        if values.get(field):
            setattr(fiche, field, _picture(importation, values[field], fiche, by))
    index = FicheIndexPage.objects.filter(pk=importation.lignes["liste"]).first()  # each fiche changes its row
    if index is None:
        raise ValidationError(
            _("the list of fiches that was chosen is deleted. Send the file again, and choose another list")
        )
    index.add_child(instance=fiche)
    if criteria := [each for field, met in values.items() if field.startswith(CRITERIA) for each in met]:
        fiche.criteres.add(*criteria)
    if values.get("mots_cles"):
        fiche.mots_cles.add(*values["mots_cles"])
    fiche.financements = values.get("financements") or []
    fiche.save()
    fiche.save_revision(user=by, log_action=True)
    return fiche


def _picture(importation: Importation, address: str, fiche: FichePage, by: Any) -> AbstractImage | None:
    path = importation.lignes["images"].get(address)
    if path is None:
        return of_the_site(address, by=by)
    with private_storage().open(path, "rb") as file:
        data = ContentFile(file.read(), name=path.rpartition("-")[2])
    return save_picture(data, title=f"{fiche.organisation} : {fiche.title}", by=by)


def untouched(importation: Importation) -> QuerySet[FichePage]:
    """The drafts that an undoing deletes: never online, not in review, and not changed since the import."""
    never_online = importation.fiches.filter(with_status("hors"), first_published_at=None)
    return never_online.filter(latest_revision_created_at__lte=importation.fait_le)


@transaction.atomic
def take_away(importation: Importation) -> None:
    """Deletes the :func:`untouched` drafts, and the pictures that came with them and that nothing else uses."""
    importation.fiches.all().lock()
    fiches = untouched(importation)
    pictures = {key for field in PICTURES for key in fiches.values_list(f"{field}_id", flat=True)}
    FichePage.objects.filter(pk__in=list(fiches.values_list("pk", flat=True))).delete()
    for image in get_image_model().objects.filter(pk__in=pictures, created_at__gte=importation.cree):
        if not ReferenceIndex.get_references_to(image).exists():
            image.delete()
    Importation.objects.filter(pk=importation.pk).update(etat=EtatImport.ANNULE, problemes=[], doublons=[])
