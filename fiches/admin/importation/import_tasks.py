"""The background tasks of an import: check, create the fiches, undo. If a worker dies, another one continues where it stopped.

Only this module writes Importation and LigneImportee.
"""

import logging
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Model, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex

from fiches.admin.importation.import_corrections import apply, made_rows, rows_aside, wanted_duplicates
from fiches.admin.importation.import_pictures import Archive, fetched_picture, of_the_site, save_picture
from fiches.admin.importation.row_validation import (
    PICTURES,
    DuplicateFinder,
    Headings,
    Problem,
    add_relations,
    build_fiche,
    read_site_records,
    validation_errors,
    values_of,
)
from fiches.models import EtatImport, FicheIndexPage, FichePage, Importation, LigneImportee
from fiches.models.importation import CORRECTABLE, REPEATABLE, UNDOABLE, WORKING, private_storage
from fiches.upkeep.lease import LEASE, Heartbeat, clock

if TYPE_CHECKING:
    from fiches.admin.importation.row_validation import SiteRecords


logger = logging.getLogger(__name__)

MOST_TRIES = 5
# Fiches that an undoing deletes in one transaction.
AT_ONCE = 25


def begin(*, table: Any, name: Any, archive: Any, index: FicheIndexPage, by: Any) -> Importation:
    """Creates an import from a :class:`~fiches.admin.importation.table_reader.Table`, and queues its check.

    :param archive: a ZIP of pictures, or None.
    :param index: the list in which the fiches will be made.
    """
    importation = Importation.objects.create(
        auteur=by,
        nom=name[:200],
        archive=archive or "",
        lignes={
            "entetes": table.headings,
            "rangs": table.rows,
            "ligne_des_entetes": table.line,
            "liste": index.pk,
        },
        total=len(table.rows),
    )
    _queue(importation)
    return importation


@transaction.atomic
def correct(importation: Importation, typed: QueryDict) -> bool:
    """Stores what the user mended on the screen (`fiches.admin.importation.import_corrections.apply`) and the duplicates that they
    want, and queues a new check if columns or cells changed.

    :returns: whether it did.
    """
    locked = Importation.objects.select_for_update().filter(pk=importation.pk, etat__in=CORRECTABLE).first()
    if locked is None:
        return False
    locked.lignes["voulus"] = sorted(wanted_duplicates(locked, typed))
    changed = apply(locked, typed)
    if changed:
        locked.etat, locked.faites, locked.essais, locked.tenu_jusqu_a = EtatImport.A_VERIFIER, 0, 0, None
        _queue(locked)
    locked.save()
    return changed


@transaction.atomic
def confirm(importation: Importation) -> None:
    """Queues the creation of the fiches of the rows that have no error, and of the duplicates that are wanted; the fiches made before
    stay if it fails. A second call does nothing."""
    ready = Importation.objects.filter(pk=importation.pk, etat__in=CORRECTABLE)
    if ready.update(etat=EtatImport.EN_COURS, faites=0, essais=0, tenu_jusqu_a=None):
        importation.importees.update(acquise=Q(fiche__isnull=False))
        _queue(importation)


@transaction.atomic
def undo_importation(importation: Importation) -> None:
    """Queues the deletion of the imported fiches that nobody changed. May be called again if that failed."""
    made = Importation.objects.filter(pk=importation.pk, etat__in=UNDOABLE)
    if made.update(etat=EtatImport.ANNULATION, problemes=[], essais=0, tenu_jusqu_a=None):
        _queue(importation)


@transaction.atomic
def take_again(importation: Importation) -> None:
    """Queues a new check of an import that was undone or failed: its rows that have no fiche, as they were mended, may be made."""
    stopped = Importation.objects.filter(pk=importation.pk, etat__in=REPEATABLE)
    if stopped.update(etat=EtatImport.A_VERIFIER, problemes=[], faites=0, essais=0, tenu_jusqu_a=None):
        _queue(importation)


def _queue(importation: Importation) -> None:
    transaction.on_commit(partial(work_on_import.enqueue, importation.pk))


@task(priority=5)
def work_on_import(pk: int) -> None:
    """Task: does the next work of an import, unless another worker has it. Somebody looks at its progress: it does not wait for the
    search index and the references of the fiches that the import made."""
    importation = _claim(pk)
    if importation is None:
        return
    work = {EtatImport.A_VERIFIER: check, EtatImport.EN_COURS: make, EtatImport.ANNULATION: take_away}
    with Heartbeat(partial(_hold, pk)):
        try:
            work[importation.etat](importation)
        except Exception as error:  # any error is logged and reported to the user, who may try again
            logger.exception("import_failed", extra={"import": pk})
            _fail(importation, _sentence(error))


def _sentence(error: Exception) -> str:
    """The reason of a failed work, for the user."""
    if isinstance(error, ValidationError):
        return _reason(error)
    text = _(
        "An error of the site stopped the work (%(why)s). Try again; if it fails again, tell the administrator of the site."
    )
    return text % {"why": _reason(error)}


def _reason(error: Any) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else type(error).__name__


def resume_pending() -> int:
    """Periodic work: queues the imports that no worker has. Returns their number."""
    pks = list(_waiting().values_list("pk", flat=True))
    for pk in pks:
        work_on_import.enqueue(pk)
    return len(pks)


def _waiting() -> QuerySet:
    free = Q(tenu_jusqu_a__isnull=True) | Q(tenu_jusqu_a__lt=clock())
    return Importation.objects.filter(free, etat__in=WORKING)


def _claim(pk: int) -> Importation | None:
    """Takes the lease of an import and returns it; None if it is done, or another worker has it. After ``MOST_TRIES`` attempts
    the import fails."""
    if not _waiting().filter(pk=pk).update(tenu_jusqu_a=clock() + LEASE, essais=F("essais") + 1):
        return None
    importation = Importation.objects.select_related("auteur").get(pk=pk)
    if importation.essais > MOST_TRIES:
        _fail(importation, _("The work stopped %(number)s times.") % {"number": MOST_TRIES})
        return None
    return importation


def _hold(pk: int) -> None:
    """Renews the lease of an import, unless its work ended."""
    Importation.objects.filter(pk=pk, tenu_jusqu_a__isnull=False).update(tenu_jusqu_a=clock() + LEASE)


def _note_progress(importation: Importation, done: int) -> None:
    """Stores the number of rows done, which the screen of the import shows."""
    importation.faites = done
    Importation.objects.filter(pk=importation.pk).update(faites=done)


def _end(importation: Importation, etat: str, **fields: Any) -> None:
    importation.etat = etat
    Importation.objects.filter(pk=importation.pk).update(etat=etat, tenu_jusqu_a=None, **fields)


# Checking


def check(importation: Importation) -> None:
    """Validates each row that has no fiche yet, fetches its pictures into the private storage, and notes duplicates."""
    headings = Headings.of(importation.lignes)
    problems, doubles = list(headings.problems), []
    known, records, archive = DuplicateFinder(), read_site_records(), None
    made = made_rows(importation)
    try:
        archive = Archive(importation.archive)
    except ValidationError as error:
        problems.append(Problem("", " ".join(error.messages)))
    for done, (number, row) in enumerate(importation.lignes["rangs"], start=1):
        if number in made:
            continue
        texts = headings.texts(row)
        values, wrong = values_of(texts, headings, number, records)
        wrong += validation_errors(values, texts, headings, number)
        if archive is not None:
            wrong += _bring_pictures(importation, headings, texts, number, archive)
        problems += dict.fromkeys(wrong)
        _note_double(known, values, number, doubles)
        _note_progress(importation, done)
    _end(importation, EtatImport.VERIFIE, problemes=[list(each) for each in problems], doublons=doubles)


def _note_double(known: DuplicateFinder, values: dict[str, Any], number: int, doubles: list[Any]) -> None:
    title, organisation = values.get("title") or "", values.get("organisation") or ""
    who = (title, organisation, values.get("siret") or "")
    original = known.duplicate_of(*who)
    if original:
        doubles.append({"rang": number, "titre": title, "de": original})
    else:
        known.add(*who, {"rang": number, "titre": title})


def _bring_pictures(
    importation: Importation, headings: Headings, texts: dict[str, str], number: int, archive: Archive
) -> list[Any]:
    """Fetches the pictures of a row into the private storage; returns the :class:`Problem` of each error."""
    problems = []
    row, _created = LigneImportee.objects.get_or_create(importation=importation, rang=number)
    for field in PICTURES:
        if not texts.get(field) or field in row.fichiers:
            continue
        try:
            if of_the_site(texts[field], by=importation.auteur) is None:
                picture = fetched_picture(texts[field], archive)
                path = f"importations/{importation.pk}/{number}-{field}-{picture.name}"
                row.fichiers[field] = private_storage().save(path, picture)
                row.save(update_fields=["fichiers"])
        except ValidationError as error:
            problems.append(headings.problem(field, number, " ".join(error.messages)))
    return problems


# Making


def make(importation: Importation) -> None:
    """Creates the fiches of the rows that are not set aside. If one row fails, those that this run created are deleted
    (:func:`_fail`)."""
    headings, records = Headings.of(importation.lignes), read_site_records()
    aside, made = rows_aside(importation), made_rows(importation)
    for done, (number, row) in enumerate(importation.lignes["rangs"], start=1):
        if number in aside or number in made:
            continue
        try:
            _make_one(importation, headings, number, headings.texts(row), records)
        except ValidationError as error:
            raise ValidationError(_("Line %(number)s: %(why)s") % {"number": number, "why": _reason(error)}) from error
        _note_progress(importation, done)
    _end(importation, EtatImport.FAIT, faites=importation.total - len(aside - made))
    if not aside - made:
        _forget_files(importation)


@transaction.atomic
def _make_one(
    importation: Importation, headings: Headings, number: int, texts: dict[str, str], records: "SiteRecords"
) -> None:
    values, problems = values_of(texts, headings, number, records)
    if problems:
        raise ValidationError([problem.text for problem in problems])
    row, _created = LigneImportee.objects.get_or_create(importation=importation, rang=number)
    fiche = build_fiche(values)
    fiche.live, fiche.has_unpublished_changes, fiche.owner = False, True, importation.auteur
    for field in PICTURES:
        setattr(fiche, field, _picture(row, field, texts.get(field, ""), fiche, importation.auteur))
    _index_of(importation).add_child(instance=fiche)
    add_relations(fiche, values)
    fiche.save()
    row.fiche, row.revision = fiche, fiche.save_revision(user=importation.auteur, log_action=True).pk
    row.save()


def _index_of(importation: Importation) -> FicheIndexPage:
    """Reloads the index page under which the import creates fiches, since adding a fiche changes its row.

    :raises ValidationError: if the page was deleted.
    """
    index = FicheIndexPage.objects.filter(pk=importation.lignes["liste"]).first()
    if index is None:
        raise ValidationError(
            _("the list of fiches that was chosen is deleted. Send the file again, and choose another list")
        )
    return index


def _picture(row: LigneImportee, field: str, text: str, fiche: FichePage, by: Any) -> Model | None:
    if field not in row.fichiers:
        return of_the_site(text, by=by) if text else None
    with private_storage().open(row.fichiers[field], "rb") as file:
        data = ContentFile(file.read(), name=row.fichiers[field].rpartition("-")[2])
    image = save_picture(data, title=f"{fiche.organisation} : {fiche.title}", by=by)
    row.images.append(image.pk)
    return image


def _fail(importation: Importation, why: str) -> None:
    """Ends a work that failed, unless it ended. Deletes the fiches that it created; those of an earlier run, the rows and their files
    stay: the user may take the file again, or the undoing."""
    if importation.etat not in WORKING:
        return
    messages: list[Any] = []
    if importation.etat == EtatImport.EN_COURS:
        messages, _left = _delete_made(importation, importation.importees.filter(acquise=False))
    undoing = importation.etat == EtatImport.ANNULATION
    _end(importation, EtatImport.ANNULE_EN_PARTIE if undoing else EtatImport.ECHOUE, problemes=[["", why], *messages])


# Undoing


def take_away(importation: Importation) -> None:
    """Deletes the imported fiches, except those changed, submitted or published since, which are reported, like failures."""
    messages, left = _delete_made(importation, importation.importees.all())
    _end(importation, EtatImport.ANNULE_EN_PARTIE if left else EtatImport.ANNULE, problemes=messages)


def _delete_made(importation: Importation, made: QuerySet[LigneImportee]) -> tuple[list[Any], bool]:
    """Deletes the unchanged fiches of rows, :data:`AT_ONCE` in a transaction; one by one where that fails. Returns ``([["",
    message]], whether one that should have been deleted remains)``."""
    messages, left = [], False
    for rows in _in_parts(list(made.filter(fiche__isnull=False).order_by("rang"))):
        try:
            messages += _delete(rows)
        except Exception:  # _delete_alone tries each row again, logs and reports its error
            for row in rows:
                problems, failed = _delete_alone(importation, row)
                messages += problems
                left = left or failed
        _note_progress(importation, max(0, importation.faites - len(rows)))
    return messages, left


def _in_parts(rows: list[LigneImportee]) -> Iterator[list[LigneImportee]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def _delete_alone(importation: Importation, row: LigneImportee) -> tuple[list[Any], bool]:
    """Deletes the fiche of a row. Returns the messages, and whether it failed, which is logged."""
    try:
        return _delete([row]), False
    except Exception as error:  # any error is logged and reported to the user, who may try again
        logger.exception("import_undo_failed", extra={"import": importation.pk, "fiche": row.fiche_id})
        params = {"title": row.fiche.draft_title, "why": _reason(error)}
        return [["", _("“%(title)s” could not be taken away (%(why)s).") % params]], True


def is_spared(row: LigneImportee, fiche: FichePage) -> bool:
    """Whether the undoing leaves the fiche of a row: somebody changed, submitted or published it since."""
    return fiche.live or fiche.latest_revision_id != row.revision or fiche.workflow_in_progress


@transaction.atomic
def _delete(rows: list[LigneImportee]) -> list[Any]:
    """Deletes the fiches of rows, read again once they are locked. Returns the messages of those that are spared."""
    made = FichePage.objects.filter(pk__in=[row.fiche_id for row in rows])
    made.lock()
    fiches = made.prefetch_workflow_states().in_bulk()
    spared = [row for row in rows if row.fiche_id in fiches and is_spared(row, fiches[row.fiche_id])]
    gone = [row for row in rows if row not in spared]
    FichePage.objects.filter(pk__in=[row.fiche_id for row in gone]).delete()
    _delete_unused([pk for row in gone for pk in row.images])
    LigneImportee.objects.filter(pk__in=[row.pk for row in gone]).update(revision=None, images=[])
    message = _("“%(title)s” was changed since: it stays.")
    return [["", message % {"title": fiches[row.fiche_id].draft_title}] for row in spared]


def _delete_unused(pks: list[int]) -> None:
    for image in get_image_model().objects.filter(pk__in=pks):
        if not ReferenceIndex.get_references_to(image).exists():
            image.delete()


def _forget_files(importation: Importation) -> None:
    """Deletes the fetched pictures and the archive."""
    for row in importation.importees.exclude(fichiers={}):
        for path in row.fichiers.values():
            private_storage().delete(path)
    importation.importees.update(fichiers={})
    if importation.archive:
        importation.archive.delete(save=True)


def forget_importation(importation: Importation) -> None:
    """Deletes an import and its files, unless it is in progress; its fiches stay."""
    if importation.etat not in WORKING:
        _forget_files(importation)
        importation.delete()
