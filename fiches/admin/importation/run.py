"""An import: the dry run; the creation of the drafts and their deletion, each in one task and one transaction; the pictures, each in a
task after the creation.

A task that is run again, since its worker died, does nothing twice: what it changes is stored with the state of the import.
"""

import logging
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.images import get_image_model
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
from fiches.forms.private_address import read_key
from fiches.models import Commune, EtatImport, FicheIndexPage, FichePage, Importation
from fiches.models.champs import champs_of_kind
from fiches.models.declaration import ValueKind
from fiches.models.fiche import get_fiche_model
from fiches.models.importation import WORKING
from fiches.models.page_forms import DESCRIBE
from fiches.models.querysets import lock_row
from fiches.territoire.gazetteer import fold, resolve_commune

logger = logging.getLogger(__name__)

# The ratio of similar characters from which two titles of one organisation count as near doubles.
LIKE = 0.88
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
    table: Table, texts: dict[str, str], number: int, records: SiteRecords, by: Any
) -> tuple[dict[str, Any], list[Problem]]:
    """``({field: value}, [Problem])`` of a row, without the values that are wrong."""
    values, wrong = {}, {}
    for field, (_index, column) in table.columns.items():
        try:
            values[field] = column.read(without_markup(texts[field]), field, records)
        except ValidationError as error:
            wrong[field] = " ".join(error.messages)
    if not values.get("commune") and (commune := _by_postcode(texts)):
        values["commune"] = commune
        wrong.pop("commune", None)
    for field in PICTURES:
        if not values.get(field) or field in wrong:
            continue
        try:
            if not values.get(f"{field}_alt") and not values.get(f"{field}_decorative"):
                raise ValidationError(DESCRIBE)
            values[field] = of_the_site(values[field], by=by) or values[field]
        except ValidationError as error:
            wrong[field] = " ".join(error.messages)
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


def _by_postcode(texts: dict[str, str]) -> Commune | None:
    """The commune by its postcode, with its name if several have that postcode; None if that isn't enough."""
    if not texts.get("code_postal"):
        return None
    try:
        return resolve_commune(f"{texts.get('commune', '')} {read_postcode(texts['code_postal'])}".strip())
    except ValidationError:
        return None


def build_fiche(values: dict[str, Any]) -> FichePage:
    """An unsaved fiche with these values, without pictures still to be fetched, criteria, keywords and funders."""
    apart = {*RELATIONS, *(field for field in PICTURES if isinstance(values.get(field), str))}
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
    """Creates an import, and checks it.

    :param chosen: the index of the sheet that holds the fiches.
    :param index: the list in which the drafts will be made.
    """
    lines = {"feuilles": sheets, "feuille": chosen, "liste": index.pk}
    importation = Importation.objects.create(auteur=by, nom=name[:200], lignes=lines)
    check(importation)
    return importation


@transaction.atomic
def proceed(importation: Importation, typed: QueryDict, *, make: bool) -> bool | None:
    """Stores the sheet, the columns and the near doubles that the user chose, and checks the file again; or queues the creation, if
    they asked for it and nothing is to be read otherwise.

    :param typed: ``feuille`` an index; ``colonne-<position>`` the field of a column; ``doublon`` the numbers of near doubles to make
        too.
    :returns: whether the drafts are being made; None if nothing was to be done.
    """
    locked = Importation.objects.select_for_update().filter(pk=importation.pk, etat=EtatImport.VERIFIE).first()
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
        choices["voulus"] = [key for key in map(read_key, typed.getlist("doublon")) if key is not None]
    if not make or before != (choices["feuille"], choices["colonnes"]):
        check(locked)
        return False
    locked.etat = EtatImport.EN_COURS
    locked.save()
    queue(locked)
    return True


def undo(importation: Importation) -> None:
    """Queues the deletion of the drafts that nobody changed. A second call does nothing."""
    if Importation.objects.filter(pk=importation.pk, etat=EtatImport.FAIT).update(etat=EtatImport.ANNULATION):
        queue(importation)


def queue(importation: Importation) -> None:
    transaction.on_commit(partial(work_on_import.enqueue, importation.pk))


def problems_of(importation: Importation) -> list[Problem]:
    return [Problem(*each) for each in importation.problemes]


def rows_aside(importation: Importation) -> set[int]:
    """The numbers of the rows of which no draft is made: a cell that a draft needs is wrong, or they look like another and are not
    wanted."""
    doubles = {double["rang"] for double in importation.doublons} - set(importation.lignes.get("voulus", ()))
    wrong = (each.number for each in problems_of(importation) if not each.is_optional)
    return doubles | {number for number in wrong if number is not None}


# The work


def check(importation: Importation) -> None:
    """The dry run: reads each row, and notes its faults and near doubles."""
    table, records, known = Table(importation), SiteRecords.read(), DuplicateFinder()
    problems, doubles = [*table.problems], []
    for number, texts in table.rows():
        values, wrong = read_row(table, texts, number, records, importation.auteur)
        problems += wrong
        title, organisation, siret = (values.get(field) or "" for field in ("title", "organisation", "siret"))
        if original := known.duplicate_of(title, organisation, siret):
            doubles.append({"rang": number, "titre": title, "de": original})
        else:
            known.add(title, organisation, siret, {"rang": number, "titre": title})
    importation.etat, importation.total = EtatImport.VERIFIE, len(table.sheet.rows)
    importation.problemes, importation.doublons = problems, doubles
    importation.save()


@task(priority=5)
def work_on_import(pk: int) -> None:
    """Task: makes the drafts of an import, or deletes them. Somebody waits for it: it goes before the search index."""
    importation = Importation.objects.select_related("auteur").filter(pk=pk, etat__in=WORKING).first()
    if importation is None:
        return
    undoing = importation.etat == EtatImport.ANNULATION
    try:
        take_away(importation) if undoing else make(importation)
    except Exception as error:  # any error is logged and reported to the user, who may try again
        logger.exception("import_failed", extra={"import": pk})
        stopped = _(
            "An error of the site stopped the work (%(why)s). Try again; if it fails again, tell the administrator of the site."
        )
        why = error.messages if isinstance(error, ValidationError) else [stopped % {"why": type(error).__name__}]
        Importation.objects.filter(pk=pk, etat=importation.etat).update(
            etat=EtatImport.FAIT if undoing else EtatImport.VERIFIE,
            problemes=[*importation.problemes, Problem("", " ".join(why))],
        )


@transaction.atomic
def make(importation: Importation) -> None:
    """Creates the drafts of the rows that are not set aside: all of them, or none if one fails. Their pictures follow."""
    locked = Importation.objects.select_for_update().select_related(None).get(pk=importation.pk)
    if locked.etat != EtatImport.EN_COURS:
        return
    table, records, aside = Table(locked), SiteRecords.read(), rows_aside(locked)
    noted = {(problem.number, problem.field) for problem in problems_of(locked)}
    made = []
    for number, texts in table.rows():
        if number in aside:
            continue
        values, problems = read_row(table, texts, number, records, importation.auteur)
        if new := [each.text for each in problems if (number, each.field) not in noted]:
            raise ValidationError(_("Line %(number)s: %(why)s") % {"number": number, "why": " ".join(new)})
        addresses = {field: values.pop(field) for field in PICTURES if isinstance(values.get(field), str)}
        fiche = _make_one(locked, values, by=importation.auteur)
        made.append(fiche)
        for field, address in addresses.items():
            where = table.problem(field, number, "")
            transaction.on_commit(partial(bring_picture.enqueue, locked.pk, fiche.pk, address, list(where)))
    locked.fiches.set(made)  # those that an undoing left aren't of this import any more
    locked.etat, locked.fait_le = EtatImport.FAIT, timezone.now()
    locked.save()


def _make_one(importation: Importation, values: dict[str, Any], *, by: Any) -> FichePage:
    fiche = build_fiche(values)
    fiche.live, fiche.has_unpublished_changes, fiche.owner = False, True, by
    index = FicheIndexPage.objects.get(pk=importation.lignes["liste"])  # each fiche changes its row
    index.add_child(instance=fiche)
    if criteria := [each for field, met in values.items() if field.startswith(CRITERIA) for each in met]:
        fiche.criteres.add(*criteria)
    if values.get("mots_cles"):
        fiche.mots_cles.add(*values["mots_cles"])
    fiche.financements = values.get("financements") or []
    fiche.save()
    fiche.save_revision(user=by, log_action=True)
    return fiche


@task
def bring_picture(pk: int, fiche: int, address: str, where: list[Any]) -> None:
    """Task: fetches a picture and sets it on a draft, without a new revision, so that the import can still be undone. A picture that
    can't be had, or that comes too late, is noted with its cell ``where`` (a :class:`Problem`)."""
    problem = Problem(*where)
    if not FichePage.objects.filter(pk=fiche, **{problem.field: None}).exists():
        return
    try:
        _set_picture(fiche, problem.field, fetched_picture(address))
    except ValidationError as error:
        with transaction.atomic():
            locked = Importation.objects.select_for_update().filter(pk=pk).first()
            if locked:
                locked.problemes.append(problem._replace(text=" ".join(error.messages)))
                locked.save(update_fields=["problemes"])


@transaction.atomic
def _set_picture(pk: int, field: str, picture: File) -> None:
    """Sets a picture on a draft as it is now, unless it has one, or was deleted.

    :raises ValidationError: somebody else changed it, or it was submitted or published: nobody would read the picture.
    """
    lock_row(pk)
    draft = FichePage.objects.filter(pk=pk, **{field: None}).select_related("latest_revision", "owner").first()
    if draft is None or draft.latest_revision.content.get(field):
        return
    is_apart = FichePage.objects.filter(with_status("hors"), pk=pk).exists()
    if not is_apart or draft.latest_revision.user_id != draft.owner_id:
        raise ValidationError(
            _("The fiche was changed by somebody else, submitted or published since: add the picture by hand.")
        )
    image = save_picture(picture, title=f"{draft.organisation} : {draft.title}", by=draft.owner)
    FichePage.objects.filter(pk=pk).update(**{field: image})
    draft.latest_revision.content[field] = image.pk
    draft.latest_revision.save(update_fields=["content"])


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
    check(importation)
