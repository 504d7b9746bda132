"""The register of what is public, and its only writer: one row per page, tombstones of withdrawn ones included.

Apps register the page types whose contents leave the site (:func:`register_kind`). Rows of those and of all other pages are
written at each publication, change, move, restriction, withdrawal and deletion, in the same transaction, with all that the search
needs. The version's row is locked meanwhile, so that ``sequence`` grows in the order of the commits.

Order of locks: the rows of all the pages that a transaction writes (`fiches.models.querysets.lock_rows`), then the dossier's, then
the version's. Otherwise two transactions can deadlock: one holds the version's row and awaits a page, the other holds that page.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.dispatch import Signal
from django.utils import timezone, translation
from django_tasks import task
from wagtail.models import Page, Site

from fiches.models import FichePage, Publication, PublicationValue, Version
from fiches.models.bulk import delete_rows, write_if_possible
from fiches.models.publications import KINDS, PAGE
from fiches.models.querysets import VisibleQuerySet
from fiches.publications import counts, index_entries, version, words
from fiches.publications.index_entries import IndexEntry
from fiches.publications.version import release

A_BATCH = 200
# The pages that a save records itself. The words of more than these are recorded in a task.
AT_ONCE = 50
FICHE = "fiche"
# The kinds of which a page is shown by no other kind of page but as a list or a link of its text.
NOT_SHARED = {FICHE, "etape"}
# Columns written when a row changes; ``published_at`` keeps the first publication.
_SEARCHED = """
language uid slug url_path expires_at title organisation folded_title folded_organisation text words date commune departement
latitude longitude by_centre sphere statut tranche edition partenaire criteres mots_cles
"""
SEARCHED = _SEARCHED.split()
WRITTEN = (*SEARCHED, "changed_at", "withdrawn_at", "sequence", "contents", "release")
# The columns emptied in a tombstone: the address, language, identifier and dates stay.
ERASED = {
    **dict.fromkeys(("title", "organisation", "folded_title", "folded_organisation", "text", "words"), ""),
    **dict.fromkeys(("commune", "departement", "sphere", "statut", "tranche", "edition", "partenaire"), ""),
    **dict.fromkeys(("expires_at", "latitude", "longitude", "criteres", "mots_cles", "contents")),
    "release": "",
    "by_centre": False,
}


class Kind(NamedTuple):
    """A type of pages in the register. ``build(pks)`` returns ``{pk: contents for the API}`` of the public ones;
    None if their contents don't leave the site. Of fiches, ``build(pks, fiches)`` is given those that :meth:`searched` loaded."""

    name: str
    model: Any
    build: Callable[..., dict] | None

    def keys(self, **condition: Any) -> set[int]:
        """The keys of all objects of this kind, or of those that meet a condition."""
        return set(self._of_this_kind(self.model._default_manager.filter(**condition)).values_list("pk", flat=True))

    def visible(self) -> VisibleQuerySet:
        """The pages of this kind that the public may see."""
        return self._of_this_kind(VisibleQuerySet(self.model).visible())

    def searched(self, pks: Iterable[int]) -> list[IndexEntry]:
        """The index entries of the public ones among ``pks``."""
        if self.model is FichePage:
            return index_entries.entries_of_fiches(pks)
        return index_entries.entries_of_pages(self._of_this_kind(self.model._default_manager.filter(pk__in=list(pks))))

    def _of_this_kind(self, rows: Any) -> Any:
        """``rows`` without those of another kind. The kind PAGE leaves out the page types that have their own, and the pages without a
        type: the root, and the welcome page that Wagtail gives to a new site."""
        if self.name != PAGE:
            return rows
        others = [each.model for each in _kinds.values() if issubclass(each.model, Page) and each.model is not Page]
        return (rows.not_type(*others) if others else rows).not_exact_type(Page)


# Sent inside the transaction, for receivers such as those that record the pages that show these, with ``kind``, ``pks`` and ``is_direct`` (false for pages of which only something that they show changed).
recorded = Signal()

_kinds: dict[str, Kind] = {}
# The sequence number of the rows being written.
_in_progress: ContextVar[int | None] = ContextVar("sequence_in_progress", default=None)


def register_kind(name: str, model: type, build: Callable[..., dict] | None = None) -> None:
    """Registers a kind; see :class:`Kind`. Called from ``AppConfig.ready()``. Several apps may register the same name, in any
    order: the call with ``build`` prevails."""
    if build or name not in _kinds:
        _kinds[name] = Kind(name, model, build)
        KINDS[model] = name


def kinds() -> list[Kind]:
    """The kinds whose contents leave the site."""
    return [each for each in _kinds.values() if each.build]


def page_kinds() -> list[Kind]:
    """All registered kinds."""
    return list(_kinds.values())


def kind(name: str) -> Kind:
    """The registered kind with this name.

    :raises KeyError: none has it.
    """
    return _kinds[name]


# --- Writing ------------------------------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def record(name: str, pks: Iterable[int], *, is_direct: bool = True, build: bool = True, at_once: bool = False) -> bool:
    """Updates the rows of these pages to what is public now. A page of which
    nothing changed keeps its date. More than :data:`AT_ONCE` pages are withdrawn now, and the others follow in a task.

    :param name: a kind; nothing is done for one that isn't registered.
    :param is_direct: false if only something that these pages show changed: those whose contents are the same keep their date, and
        nobody is told.
    :param build: whether their contents are built now; false while what they show is half written, or about to be deleted.
    :param at_once: whether all are written now, however many they are and even if nothing changed.
    :returns: whether the version was incremented.
    """
    pks = set(pks)
    if not pks or name not in _kinds:
        return False
    write = _record if len(pks) <= AT_ONCE or at_once else _record_many
    with _writing(name) as (sequence, touch):
        return write(_kinds[name], pks, sequence, touch, is_direct=is_direct, build=build, at_once=at_once)


def _record(
    kind: Kind, pks: set[int], sequence: int, touch: Callable, *, is_direct: bool, build: bool, at_once: bool
) -> bool:
    known = _known(kind.name, pks)
    with translation.override(settings.LANGUAGE_CODE):  # labels of choices are indexed, and a command has no language
        rows = [row for row in kind.searched(pks) if row.columns["url_path"].startswith(_homes())]
    if not rows and not known:
        return False
    touch()
    loaded = [[row.page for row in rows]] if kind.model is FichePage else []
    contents = _built(kind, pks, *loaded) if build and len(pks) <= AT_ONCE else {}
    gone = known.keys() - {row.object_id for row in rows}
    changed = [row for row in rows if at_once or not _is_as_before(known.get(row.object_id), row, contents)]
    same: set[int] = set()
    if not is_direct and kind.name != PAGE:
        same = {pk for pk in contents if pk in known and known[pk].contents == contents[pk]}
    elif not is_direct and at_once:  # of other pages, the register holds what is searched only
        same = {row.object_id for row in rows if _is_indexed_as_before(known.get(row.object_id), row)}
    _write(kind, changed, contents, known, sequence, same=same)
    _withdraw([known[pk] for pk in gone], sequence)
    told = gone | {row.object_id for row in changed} - same
    if told:
        recorded.send(sender=None, kind=kind.name, pks=sorted(told), is_direct=is_direct)
    return True


def _record_many(kind: Kind, pks: set[int], sequence: int, touch: Callable, *, is_direct: bool, **options: Any) -> bool:
    """Withdraws those that are no longer public. Of the others, the contents are built when they are next asked for, and a task records
    the rest."""
    visible = kind.visible().filter(pk__in=pks).values_list("pk", "url_path")
    public = {pk for pk, path in visible if path.startswith(_homes())}
    known = Publication.objects.filter(kind=kind.name, object_id__in=pks, withdrawn_at=None)
    gone = list(known.exclude(object_id__in=public).defer("text", "contents").prefetch_related("values"))
    if not public and not gone:
        return False
    touch()
    known.filter(object_id__in=public).update(contents=None)
    if gone:
        _withdraw(gone, sequence)
        recorded.send(sender=None, kind=kind.name, pks=[row.object_id for row in gone], is_direct=is_direct)
    transaction.on_commit(lambda: record_the_rest.enqueue(kind.name, sorted(public), is_direct))
    return True


@task()
def record_the_rest(name: str, pks: list[int], is_direct: bool) -> None:
    """Task: records many pages that changed, in batches."""
    for start in range(0, len(pks), AT_ONCE):
        record(name, pks[start : start + AT_ONCE], is_direct=is_direct)


def record_all(kind: Kind, *, is_direct: bool = True) -> None:
    """Records all pages of a kind now, one transaction per batch."""
    pks = sorted(kind.keys())
    for start in range(0, len(pks), AT_ONCE):
        record(kind.name, pks[start : start + AT_ONCE], is_direct=is_direct, at_once=True)


def _homes() -> tuple[str, ...]:
    """The paths of the home pages of the sites: what is below none has no address."""
    return tuple(site.root_path for site in Site.get_site_root_paths())


@transaction.atomic(savepoint=False)
def forget(name: str, pks: Iterable[int]) -> None:
    """Withdraws the rows of pages that are about to be deleted."""
    with _writing(name) as (sequence, touch):  # first: who changes these rows now must have committed
        if known := _known(name, pks):
            touch()
            _withdraw(list(known.values()), sequence)
            recorded.send(sender=None, kind=name, pks=sorted(known), is_direct=True)


def rebuild() -> int:
    """Rebuilds the register, one transaction per batch; readers see the old rows until then. Returns the number of public
    pages."""
    for each in page_kinds():
        pks = each.keys()
        known = Publication.objects.filter(kind=each.name, withdrawn_at=None)
        forget(each.name, set(known.values_list("object_id", flat=True)) - pks)
        record_all(each)
    with transaction.atomic():
        _lock_version()
        words.recount(Publication.objects.filter(withdrawn_at=None).values_list("words", flat=True).iterator())
        fiches = Publication.objects.filter(kind=FICHE, withdrawn_at=None).defer("text", "words", "contents")
        counts.recount(fiches.prefetch_related("values").iterator(A_BATCH))
    return Publication.objects.filter(withdrawn_at=None).count()


@contextmanager
def _writing(name: str) -> Iterator[tuple[int, Callable[[], None]]]:
    """Context manager: locks the version's row until the end of the transaction. Gives the sequence number of the rows to write, and the
    function that increments the version. What receivers of :data:`recorded` record meanwhile has the same lock, number and version."""
    if (sequence := _in_progress.get()) is not None:
        yield sequence, lambda: None
        return
    token = _in_progress.set(sequence := _lock_version() + 1)
    try:
        yield sequence, partial(version.touch, shared=name not in NOT_SHARED)
    finally:
        _in_progress.reset(token)


def _lock_version() -> int:
    """Locks the version's row until the end of the transaction; returns its number."""
    row = Version.objects.select_for_update().filter(pk=1).values_list("number", "shared_at").first()
    number, shared_at = row or (0, None)
    if not (last := version.last_known()) or last.shared_at != shared_at:
        Site.clear_site_root_paths_cache()  # another process may have changed the addresses of the sites
    return number


def _known(name: str, pks: Iterable[int]) -> dict[int, Publication]:
    """``{pk: row}`` of those that the register holds as public."""
    rows = Publication.objects.filter(kind=name, object_id__in=list(pks), withdrawn_at=None)
    return {row.object_id: row for row in rows.prefetch_related("values")}


def _built(kind: Kind, pks: Iterable[int], *loaded: list[FichePage]) -> dict[int, str]:
    if kind.build is None:
        return {}
    with version.read_once(), translation.override(settings.LANGUAGE_CODE):  # not in the language of the first visitor
        return {pk: encode(data) for pk, data in kind.build(list(pks), *loaded).items()}


def _is_as_before(known: Publication | None, row: IndexEntry, contents: dict[int, str]) -> bool:
    """Whether the row, its values and its contents are as before."""
    if known is None or not _is_indexed_as_before(known, row):
        return False
    # The API adds to other pages what the register doesn't hold.
    return known.kind != PAGE and contents.get(row.object_id) == known.contents


def _is_indexed_as_before(known: Publication | None, row: IndexEntry) -> bool:
    if known is None or any(known.__dict__[name] != value for name, value in _stored(row).items()):
        return False
    return counts.values_of(known) == row.values


def _stored(row: IndexEntry) -> dict[str, Any]:
    """The searched columns of an entry, as the database gives them back."""
    fields: Any = Publication._meta.get_field
    return {name: fields(name).to_python(value) for name, value in row.columns.items() if name in SEARCHED}


def _write(
    kind: Kind,
    changed: list[IndexEntry],
    contents: dict[int, str],
    known: dict[int, Publication],
    sequence: int,
    *,
    same: set[int],
) -> None:
    """Writes the rows, their facet values and their words.

    :param same: the keys of those that keep their date, since their contents are the same.
    """
    now, rows = timezone.now(), []
    for one in changed:
        before = known[one.object_id] if one.object_id in same else None
        dated = {"sequence": sequence, "changed_at": now} if before is None else {}
        dated |= {name: getattr(before, name) for name in ("sequence", "changed_at") if before}
        made = {"published_at": now, "release": release(), "contents": contents.get(one.object_id)}
        rows.append(Publication(kind=kind.name, **one.columns, **dated, **made))
    Publication.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=WRITTEN,
        batch_size=A_BATCH,
    )
    words.put([(row.pk, one.tokens) for row, one in zip(rows, changed, strict=True)])
    held = [known[row.object_id] for row in rows if row.object_id in known]
    values = [one.values for one in changed]
    words.count(added=[row.words.split() for row in rows], removed=[row.words.split() for row in held])
    if kind.name == FICHE:
        counts.count(added=zip(rows, values, strict=True), removed=[(row, counts.values_of(row)) for row in held])
    _write_values(held, {row.pk: each for row, each in zip(rows, values, strict=True)})


def _write_values(held: list[Publication], wanted: dict[int, set[tuple[str, str]]]) -> None:
    """Writes the facet values ``{key of a row: {(facet, value)}}`` of rows, of which ``held`` were public before."""
    values = [value for row in held for value in row.values.all()]
    before = {(value.publication_id, value.facet, value.value): value.pk for value in values}
    after = {(row, facet, value) for row, those in wanted.items() for facet, value in those}
    if lost := [before[one] for one in before.keys() - after]:
        delete_rows(PublicationValue.objects.filter(pk__in=lost))
    if new := sorted(after - before.keys()):
        made = [PublicationValue(publication_id=row, facet=facet, value=value) for row, facet, value in new]
        PublicationValue.objects.bulk_create(made, batch_size=A_BATCH)


def _withdraw(gone: list[Publication], sequence: int) -> None:
    """Turns rows into tombstones."""
    if not gone:
        return
    now, pks = timezone.now(), [row.pk for row in gone]
    rows = Publication.objects.filter(pk__in=pks)
    rows.update(withdrawn_at=now, changed_at=now, sequence=sequence, **ERASED)
    words.remove(pks)
    words.count(added=[], removed=[row.words.split() for row in gone])
    counts.count(added=[], removed=[(row, counts.values_of(row)) for row in gone if row.kind == FICHE])
    _write_values(gone, {pk: set() for pk in pks})


# --- Reading ------------------------------------------------------------------------------------------------------------


def contents(name: str, pks: Iterable[int]) -> dict[int, str]:
    """``{pk: JSON text}`` of the public pages among ``pks``, in their order. One query, and those that build and store the
    contents that are missing or of another release of the code."""
    pks = list(pks)
    made = Publication.objects.filter(kind=name, object_id__in=pks, release=release(), contents__isnull=False)
    texts = dict(made.values_list("object_id", "contents"))
    if missing := [pk for pk in pks if pk not in texts]:
        version.look()  # what is made names addresses of sites
        public = Publication.objects.filter(kind=name, object_id__in=missing, withdrawn_at=None)
        rows = list(public.only("object_id", "sequence", "release"))
        new = _built(_kinds[name], missing)
        write_if_possible(Publication, lambda: _store([row for row in rows if row.object_id in new], new))
        texts |= new
    return {pk: text for pk in pks if (text := texts.get(pk))}


def build_missing() -> None:
    """Periodic work: builds the contents that are missing, and after a deployment those of the release before."""
    for each in kinds():
        rows = Publication.objects.visible().filter(kind=each.name)
        pks = list(rows.exclude(release=release(), contents__isnull=False).values_list("object_id", flat=True))
        for start in range(0, len(pks), A_BATCH):
            contents(each.name, pks[start : start + A_BATCH])


@transaction.atomic
def _store(rows: list[Publication], texts: dict[int, str]) -> None:
    """Stores contents in the rows that did not change since they were read."""
    if not rows:
        return
    unchanged = Publication.objects.filter(sequence__lte=max(row.sequence for row in rows), withdrawn_at=None)
    for row in rows:
        row.contents, row.release = texts[row.object_id], release()
    unchanged.bulk_update(rows, ["contents", "release"], batch_size=A_BATCH)


def external_rows() -> QuerySet:
    """The rows of the kinds whose contents leave the site, tombstones included."""
    return Publication.objects.filter(kind__in=[each.name for each in kinds()])


def changed_since(instant: datetime) -> QuerySet:
    """The keys (``object_id``) of the public pages whose contents changed at ``instant`` or later."""
    return external_rows().filter(changed_at__gte=instant, withdrawn_at=None).values_list("object_id", flat=True)


def last_change() -> datetime | None:
    """When contents that leave the site last changed, or None."""
    return external_rows().aggregate(last=Max("changed_at"))["last"]


def encode(data: dict) -> str:
    return orjson.dumps(data).decode()
