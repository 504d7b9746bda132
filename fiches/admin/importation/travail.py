"""The work of an import, by the durable queue: check, make, undo. A worker that dies leaves it to the next, which goes on
where it stopped.

The one writer of Importation and LigneImportee.
"""

import logging
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import default_task_backend, task
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex

from fiches.admin.importation.images import Archive, brought, of_the_site, stored
from fiches.admin.importation.verification import PICTURES, Headings, Known, around, built, checked, links, values_of
from fiches.models import EtatImport, FicheIndexPage, FichePage, Importation, LigneImportee
from fiches.models.importation import UNDOABLE, WORKING, private_storage

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""A worker that says nothing for so long is dead."""
MARGIN = timedelta(seconds=10)
MOST_TRIES = 5


def begin(*, table, name, archive, by):
    """Keeps what was read, and has it checked."""
    importation = Importation.objects.create(
        auteur=by,
        nom=name[:200],
        archive=archive or "",
        lignes={
            "entetes": table.headings,
            "rangs": table.rows,
            "ligne_des_entetes": table.line,
            "sans_nom": table.unnamed,
        },
        total=len(table.rows),
    )
    _queue(importation)
    return importation


@transaction.atomic
def confirm(importation, *, with_doubles):
    """Has the fiches made, once the check found nothing wrong. Twice is once."""
    ready = Importation.objects.filter(pk=importation.pk, etat=EtatImport.VERIFIE, problemes=[])
    if ready.update(etat=EtatImport.EN_COURS, avec_doublons=with_doubles, faites=0, essais=0, tenu_jusqu_a=None):
        _queue(importation)


@transaction.atomic
def undo(importation):
    """Has the fiches that it made taken away, as long as nobody touched them; again, where that failed before."""
    made = Importation.objects.filter(pk=importation.pk, etat__in=UNDOABLE)
    if made.update(etat=EtatImport.ANNULATION, problemes=[], essais=0, tenu_jusqu_a=None):
        _queue(importation)


def _queue(importation):
    """Now; and looked at until it is done, for the worker that dies on the way."""

    def enqueue():
        travailler.enqueue(importation.pk)
        _look_later(importation.pk, after=LEASE)

    transaction.on_commit(enqueue)


def _look_later(pk, *, after):
    if default_task_backend.supports_defer:
        surveiller.using(run_after=timezone.now() + after + MARGIN).enqueue(pk)


@task()
def surveiller(pk):
    """Takes over what a dead worker left; comes back where a living one is at it."""
    travailler.func(pk)
    until = Importation.objects.filter(pk=pk, etat__in=WORKING).values_list("tenu_jusqu_a", flat=True).first()
    if until:
        _look_later(pk, after=max(until - timezone.now(), timedelta()))


@task()
def travailler(pk):
    """Whatever this import waits for, if nobody is at it."""
    importation = _claim(pk)
    if importation is None:
        return
    work = {EtatImport.A_VERIFIER: check, EtatImport.EN_COURS: make, EtatImport.ANNULATION: take_away}
    try:
        work[importation.etat](importation)
    except Exception as error:
        logger.exception("import_failed", extra={"import": pk})
        _fail(importation, _told(error))


def _told(error):
    return " ".join(error.messages) if isinstance(error, ValidationError) else type(error).__name__


def resume_pending():
    """Periodic: what a dead worker left; returns how many."""
    pks = list(_waiting().values_list("pk", flat=True))
    for pk in pks:
        travailler.enqueue(pk)
    return len(pks)


def _waiting():
    free = Q(tenu_jusqu_a__isnull=True) | Q(tenu_jusqu_a__lt=timezone.now())
    return Importation.objects.filter(free, etat__in=WORKING)


def _claim(pk):
    """The import, taken by this worker alone; None when it is done, or in other hands. What killed several workers is
    given up."""
    if not _waiting().filter(pk=pk).update(tenu_jusqu_a=timezone.now() + LEASE, essais=F("essais") + 1):
        return None
    importation = Importation.objects.select_related("auteur").get(pk=pk)
    if importation.essais > MOST_TRIES:
        _fail(importation, _("The work stopped %(number)s times.") % {"number": MOST_TRIES})
        return None
    return importation


def _goes_on(importation, done):
    importation.faites = done
    Importation.objects.filter(pk=importation.pk).update(faites=done, tenu_jusqu_a=timezone.now() + LEASE)


def _end(importation, etat, **fields):
    Importation.objects.filter(pk=importation.pk).update(etat=etat, tenu_jusqu_a=None, **fields)


# Checking


def check(importation):
    """Each row as it would be made; pictures are fetched and kept, so that nothing can fail later for their sake."""
    headings = Headings.of(importation.lignes)
    problems, doubles = list(headings.problems), []
    known, records, archive = Known(), around(), None
    try:
        archive = Archive(importation.archive)
    except ValidationError as error:
        problems.append(["", " ".join(error.messages)])
    for done, (number, row) in enumerate(importation.lignes["rangs"], start=1):
        texts = headings.texts(row)
        values, wrong = values_of(texts, headings, number, records)
        wrong += checked(values, texts, headings, number)
        if archive is not None:
            wrong += _bring_pictures(importation, headings, texts, number, archive)
        problems += dict.fromkeys(wrong)
        _note_double(known, values, number, doubles)
        _goes_on(importation, done)
    _end(importation, EtatImport.VERIFIE, problemes=[list(each) for each in problems], doublons=doubles)


def _note_double(known, values, number, doubles):
    title, organisation = values.get("title") or "", values.get("organisation") or ""
    who = (title, organisation, values.get("siret") or "")
    found = known.double_of(*who)
    if found:
        doubles.append({"rang": number, "titre": title, "de": found})
    else:
        known.add(*who, {"rang": number, "titre": title})


def _bring_pictures(importation, headings, texts, number, archive):
    """``[(cell, text)]`` of those that can't be had; the others wait in the private storage."""
    problems = []
    kept, _created = LigneImportee.objects.get_or_create(importation=importation, rang=number)
    for field in PICTURES:
        if not texts.get(field) or field in kept.fichiers:
            continue
        try:
            if of_the_site(texts[field]) is None:
                picture = brought(texts[field], archive)
                path = f"importations/{importation.pk}/{number}-{field}-{picture.name}"
                kept.fichiers[field] = private_storage().save(path, picture)
                kept.save(update_fields=["fichiers"])
        except ValidationError as error:
            problems.append((headings.cell(field, number), " ".join(error.messages)))
        _goes_on(importation, importation.faites)
    return problems


# Making


def make(importation):
    """All the rows, or none: what one of them refuses undoes the others."""
    headings, records = Headings.of(importation.lignes), around()
    doubles = set() if importation.avec_doublons else {double["rang"] for double in importation.doublons}
    made = set(importation.importees.filter(revision__isnull=False).values_list("rang", flat=True))
    for done, (number, row) in enumerate(importation.lignes["rangs"], start=1):
        if number in doubles or number in made:
            continue
        try:
            _make_one(importation, headings, number, headings.texts(row), records)
        except ValidationError as error:
            raise ValidationError(_("Line %(number)s: %(why)s") % {"number": number, "why": _told(error)}) from error
        _goes_on(importation, done)
    _end(importation, EtatImport.FAIT, faites=importation.total)
    _forget_files(importation)


@transaction.atomic
def _make_one(importation, headings, number, texts, records):
    values, problems = values_of(texts, headings, number, records)
    if problems:
        raise ValidationError([text for _cell, text in problems])
    kept, _created = LigneImportee.objects.get_or_create(importation=importation, rang=number)
    fiche = built(values)
    fiche.live, fiche.has_unpublished_changes, fiche.owner = False, True, importation.auteur
    for field in PICTURES:
        setattr(fiche, field, _picture(kept, field, texts.get(field, ""), fiche, importation.auteur))
    FicheIndexPage.objects.first().add_child(instance=fiche)
    links(fiche, values)
    fiche.save()
    kept.fiche, kept.revision = fiche, fiche.save_revision(user=importation.auteur, log_action=True).pk
    kept.save()


def _picture(kept, field, text, fiche, by):
    if field not in kept.fichiers:
        return of_the_site(text) if text else None
    with private_storage().open(kept.fichiers[field], "rb") as file:
        data = ContentFile(file.read(), name=kept.fichiers[field].rpartition("-")[2])
    image = stored(data, title=f"{fiche.organisation} : {fiche.title}", by=by)
    kept.images.append(image.pk)
    return image


def _fail(importation, why):
    """Nothing of it is kept. What can't be taken away is told, and the undoing is left to be tried again."""
    undoing = importation.etat == EtatImport.ANNULATION
    told, left = ([], True) if undoing else _delete_made(importation)
    etat = EtatImport.ANNULE_EN_PARTIE if left else EtatImport.ECHOUE
    _end(importation, etat, problemes=[["", why], *told])
    _forget_files(importation)


# Undoing


def take_away(importation):
    """What nobody touched goes; what was changed, submitted or published since stays, and is named, as is what could not
    be taken away."""
    told, left = _delete_made(importation)
    _end(importation, EtatImport.ANNULE_EN_PARTIE if left else EtatImport.ANNULE, problemes=told)


def _delete_made(importation):
    """``([("", text)], whether something is left that should have gone)``: one that fails doesn't keep the others."""
    told, left = [], False
    for row in importation.importees.filter(fiche__isnull=False).select_related("fiche").order_by("rang"):
        fiche = row.fiche.specific
        if fiche.live or fiche.latest_revision_id != row.revision or fiche.workflow_in_progress:
            told.append(["", _("“%(title)s” was changed since: it stays.") % {"title": fiche.draft_title}])
            continue
        try:
            _delete_one(row)
        except Exception as error:  # whatever it is: logged, told to who undoes, tried again by them
            logger.exception("import_undo_failed", extra={"import": importation.pk, "fiche": fiche.pk})
            about = {"title": fiche.draft_title, "why": _told(error)}
            told.append(["", _("“%(title)s” could not be taken away (%(why)s).") % about])
            left = True
        _goes_on(importation, max(0, importation.faites - 1))
    return told, left


@transaction.atomic
def _delete_one(row):
    FichePage.objects.filter(pk=row.fiche_id).delete()
    _delete_unused(row.images)


def _delete_unused(pks):
    for image in get_image_model().objects.filter(pk__in=pks):
        if not ReferenceIndex.get_references_to(image).exists():
            image.delete()


def _forget_files(importation):
    """The pictures that waited, and the archive."""
    for row in importation.importees.exclude(fichiers={}):
        for path in row.fichiers.values():
            private_storage().delete(path)
    importation.importees.update(fichiers={})
    if importation.archive:
        importation.archive.delete(save=True)


def forget(importation):
    """What was read and what waits; the fiches made of it stay."""
    if importation.etat not in WORKING:
        _forget_files(importation)
        importation.delete()
