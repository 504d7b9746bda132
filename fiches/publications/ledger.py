"""The register of what the public may see, and its only writer: one row a page or document, withdrawn ones included.

A room registers the pages that it shows outside (:func:`register_kind`); those and all others are written here at each
publication, change, move, restriction, withdrawal and deletion, in its own transaction, with all that finding needs of them. Rows are written while the version's row is held, so that
``sequence`` grows in the order of the commits.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import router, transaction
from django.db.models import Max, QuerySet
from django.dispatch import Signal
from django.utils import timezone, translation
from wagtail.models import Page

from fiches.models import FichePage, Publication, PublicationValue, Version
from fiches.models.bulk import in_passing
from fiches.models.publications import KINDS, PAGE
from fiches.publications import documents, searched, version, words
from fiches.publications.kept import incomplete, making
from fiches.publications.release import release
from fiches.publications.searched import Searched
from fiches.publications.version import Reach

A_BATCH = 200
DOCUMENT, FICHE = "document", "fiche"
# What is written of a row that changed; ``published_at`` stays that of the first time.
_SEARCHED = """
language uid slug url_path expires_at title organisation folded_title folded_organisation text words date commune departement
latitude longitude by_centre sphere statut tranche edition partenaire criteres mots_cles
"""
SEARCHED = _SEARCHED.split()
WRITTEN = (*SEARCHED, "changed_at", "withdrawn_at", "sequence", "contents", "release")
# What is counted of a fiche, or shown of it on a map: the rest of its row are its words.
WORDS = {"title", "organisation", "folded_title", "folded_organisation", "text", "words", "date"}
COUNTED = sorted({*SEARCHED} - WORDS)
# Of what was withdrawn only the address, the language, the identifier and the dates stay.
ERASED = {
    **dict.fromkeys(("title", "organisation", "folded_title", "folded_organisation", "text", "words"), ""),
    **dict.fromkeys(("commune", "departement", "sphere", "statut", "tranche", "edition", "partenaire"), ""),
    **dict.fromkeys(("expires_at", "latitude", "longitude", "criteres", "mots_cles", "contents")),
    "release": "",
    "by_centre": False,
}


class Kind(NamedTuple):
    """Pages of one type: ``build(pks)`` gives ``{pk: contents}`` for those that the public may see; ``None`` where nothing leaves
    the site."""

    name: str
    model: Any
    build: Callable[[Iterable[int]], dict] | None

    def keys(self, **condition: Any) -> set[int]:
        """Those of all, or of those that meet a condition on their columns."""
        return set(self._of_this_kind(self.model._default_manager.filter(**condition)).values_list("pk", flat=True))

    def searched(self, pks: Iterable[int]) -> list[Searched]:
        """What finding needs of those that the public may see."""
        if self.name == DOCUMENT:
            return searched.of_documents(pks)
        if self.model is FichePage:
            return searched.of_fiches(pks)
        return searched.of_pages(self._of_this_kind(self.model._default_manager.filter(pk__in=list(pks))))

    def _of_this_kind(self, rows: Any) -> Any:
        """The kind of all pages is that of no other kind; the root of the tree is no page."""
        if self.name != PAGE:
            return rows
        others = [each.model for each in _kinds.values() if issubclass(each.model, Page) and each.model is not Page]
        return rows.not_type(*others).filter(depth__gt=1) if others else rows.filter(depth__gt=1)


recorded = Signal()
"""Sent with ``kind``, ``pks``, ``is_direct`` (false for pages that only show those that changed) and ``is_gone`` (true for pages
that are about to be deleted), in the transaction."""

_kinds: dict[str, Kind] = {}
_showing: list[Callable[[str, set[int]], dict[str, Iterable[int]]]] = []


def register_kind(name: str, model: type, build: Callable[[Iterable[int]], dict] | None = None) -> None:
    """Called from ``AppConfig.ready()``, in any order: the room that says what leaves the site may be another."""
    if build or name not in _kinds:
        _kinds[name] = Kind(name, model, build)
        KINDS[model] = name


def register_showing(find: Callable[[str, set[int]], dict[str, Iterable[int]]]) -> None:
    """Called from ``AppConfig.ready()``. ``find(kind, pks)`` gives ``{other kind: keys of the pages that show these}``, whose contents
    change with them."""
    _showing.append(find)


def kinds() -> list[Kind]:
    """Those whose contents leave the site."""
    return [each for each in _kinds.values() if each.build]


def page_kinds() -> list[Kind]:
    return [each for each in _kinds.values() if each.name != DOCUMENT]


def kind(name: str) -> Kind:
    return _kinds[name]


# --- Writing ------------------------------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def record(
    name: str, pks: Iterable[int], *, is_direct: bool = True, build: bool = False, words_only: bool = False
) -> bool:
    """Brings the rows of these pages, and of the pages that show them, in line with what the public may see now.

    :param name: a kind; pages of none that is registered concern nobody.
    :param is_direct: whether the pages themselves changed, and not only what they show.
    :param build: builds their contents at once; a page that reads as before then keeps its date.
    :param words_only: what is found by their words changed, and nothing that they show: they keep their dates.
    :returns: whether anything was written.
    """
    pks = set(pks)
    if not pks or name not in _kinds:
        return False
    number = _held()
    kind, known = _kinds[name], _known(name, pks)
    with translation.override(settings.LANGUAGE_CODE):  # names of choices are words too, and a command has no language
        rows = kind.searched(pks)
    contents = _built(kind, pks) if build else {}
    gone = known.keys() - {row.object_id for row in rows}
    changed = [row for row in rows if not _reads_as_before(known.get(row.object_id), row, contents.get(row.object_id))]
    if not changed and not gone:
        return False
    version.touch(gone=bool(gone), reach=_reach(name, known, changed, gone) if is_direct else Reach.ROW)
    offered = _write(kind, changed, contents, known, number + 1, words_only=words_only)
    offered |= _withdraw(name, [known[pk] for pk in gone], number + 1)
    _record_documents(offered)
    if not words_only:
        recorded.send(sender=None, kind=name, pks=sorted(pks), is_direct=is_direct, is_gone=False)
    if is_direct and not words_only:
        _record_showing(name, pks)
    return True


@transaction.atomic(savepoint=False)
def forget(name: str, pks: Iterable[int]) -> None:
    """The same for pages that are about to be deleted: they are public no longer."""
    known = _known(name, pks)
    if not known:
        return
    number, gone = _held(), set(known)
    version.touch(gone=True)
    _record_documents(_withdraw(name, list(known.values()), number + 1))
    recorded.send(sender=None, kind=name, pks=sorted(gone), is_direct=True, is_gone=True)
    _record_showing(name, gone)


def rebuild() -> int:
    """Makes the register again, a batch in a transaction; readers keep what there is until then. Returns how many pages are public."""
    for each in sorted(_kinds.values(), key=lambda each: each.name == DOCUMENT):  # which pages offer
        pks = each.keys()
        known = Publication.objects.filter(kind=each.name, withdrawn_at=None)
        forget(each.name, set(known.values_list("object_id", flat=True)) - pks)
        ordered = sorted(pks)
        for start in range(0, len(ordered), A_BATCH):
            record(each.name, ordered[start : start + A_BATCH])
    with transaction.atomic():
        _held()
        words.recount(Publication.objects.filter(withdrawn_at=None).values_list("words", flat=True).iterator())
    return Publication.objects.filter(withdrawn_at=None).exclude(kind=DOCUMENT).count()


def _held() -> int:
    """The version's number, its row held until the end of the transaction."""
    return Version.objects.select_for_update().filter(pk=1).values_list("number", flat=True).first() or 0


def _known(name: str, pks: Iterable[int]) -> dict[int, Publication]:
    """``{key: row}`` of those that were public until now."""
    rows = Publication.objects.filter(kind=name, object_id__in=list(pks), withdrawn_at=None)
    return {row.object_id: row for row in rows.defer("text")}


def _built(kind: Kind, pks: Iterable[int]) -> dict[int, str]:
    return {pk: encode(data) for pk, data in _build(kind, pks).items()}


def _reads_as_before(known: Publication | None, row: Searched, contents: str | None) -> bool:
    """Of contents that aren't built yet nobody knows."""
    if known is None or contents is None:
        return False
    return (known.contents, known.expires_at, known.words) == (
        contents,
        row.columns["expires_at"],
        row.columns["words"],
    )


def _reach(name: str, known: dict[int, Publication], changed: list[Searched], gone: set[int]) -> Reach:
    """A page may be named anywhere; a fiche and a document are shown by what looks at their rows."""
    if name == DOCUMENT:
        return Reach.ROW
    if name != FICHE:
        return Reach.EVERYWHERE
    if gone or any(row.object_id not in known for row in changed):
        return Reach.COUNTS
    counted = any(getattr(known[row.object_id], column) != row.columns[column] for row in changed for column in COUNTED)
    return Reach.COUNTS if counted else Reach.ROW


def _write(
    kind: Kind,
    changed: list[Searched],
    contents: dict[int, str],
    known: dict[int, Publication],
    sequence: int,
    *,
    words_only: bool,
) -> set[int]:
    """Writes the rows, their values and their words; returns the keys of the documents that they offer, or offered."""
    if words_only:
        changed = [row for row in changed if row.object_id in known]
    now, rows = timezone.now(), []
    for one in changed:
        text = contents.get(one.object_id)
        dated = {"sequence": sequence, "changed_at": now, "published_at": now, "contents": text}
        dated["release"] = release() if text else ""
        rows.append(Publication(kind=kind.name, **one.columns, **dated))
    Publication.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=SEARCHED if words_only else WRITTEN,
        batch_size=A_BATCH,
    )
    words.put([(row.pk, one.tokens) for row, one in zip(rows, changed, strict=True)])
    before = [known[row.object_id].words for row in rows if row.object_id in known]
    words.count(added=[row.words.split() for row in rows], removed=[said.split() for said in before])
    return _write_values({row.pk: one.values for row, one in zip(rows, changed, strict=True)})


def _write_values(wanted: dict[int, set[tuple[str, str]]]) -> set[int]:
    """Writes the values of these rows of the register; returns the keys of the documents that come or go with them."""
    held = PublicationValue.objects.filter(publication__in=wanted)
    before = {
        (row, facet, value): pk for pk, row, facet, value in held.values_list("pk", "publication", "facet", "value")
    }
    after = {(row, facet, value) for row, values in wanted.items() for facet, value in values}
    if lost := [before[one] for one in before.keys() - after]:
        held.filter(pk__in=lost)._raw_delete(router.db_for_write(PublicationValue))
    if new := sorted(after - before.keys()):
        made = [PublicationValue(publication_id=row, facet=facet, value=value) for row, facet, value in new]
        PublicationValue.objects.bulk_create(made, batch_size=A_BATCH)
    return {int(value) for _row, facet, value in before.keys() | after if facet == documents.OFFERED}


def _withdraw(name: str, gone: list[Publication], sequence: int) -> set[int]:
    """Returns the keys of the documents that these pages offered."""
    if not gone:
        return set()
    now, pks = timezone.now(), [row.pk for row in gone]
    rows = Publication.objects.filter(pk__in=pks)
    rows.update(withdrawn_at=now, changed_at=now, sequence=sequence, **ERASED)
    words.remove(pks)
    words.count(added=[], removed=[row.words.split() for row in gone])
    return _write_values({pk: set() for pk in pks})


def _record_documents(pks: set[int]) -> None:
    """Those that pages offer, or no longer offer."""
    record(DOCUMENT, pks)


def _record_showing(name: str, pks: set[int]) -> None:
    for find in _showing:
        for other, showing in find(name, pks).items():
            record(other, showing, is_direct=False)


# --- Reading ------------------------------------------------------------------------------------------------------------


def contents(name: str, pks: Iterable[int]) -> dict[int, str]:
    """``{pk: JSON text}`` of the visible pages among ``pks``, in their order, as this release of the code writes them. One query,
    but for those that changed since they were last asked for."""
    pks = list(pks)
    rows = Publication.objects.filter(kind=name, object_id__in=pks, contents__isnull=False, release=release())
    found = dict(rows.values_list("object_id", "contents"))
    if missing := [pk for pk in pks if pk not in found]:
        found.update(_fill(_kinds[name], missing))
    return {pk: text for pk in pks if (text := found.get(pk))}


def _fill(kind: Kind, pks: list[int]) -> dict[int, str]:
    """Builds what is missing and stores it, unless it changed again in the meantime."""
    seen = dict(Publication.objects.filter(kind=kind.name, object_id__in=pks).values_list("object_id", "sequence"))
    with making() as made:
        built = _build(kind, pks)
    texts = {pk: encode(data) for pk, data in built.items()}

    def store() -> None:
        for pk in texts.keys() & seen.keys():
            same = Publication.objects.filter(kind=kind.name, object_id=pk, sequence=seen[pk], withdrawn_at=None)
            same.update(contents=texts[pk], release=release())

    if made.is_incomplete:  # a picture's size could not be made: the next reader tries again
        incomplete()
    else:
        in_passing(Publication, store)
    return texts


def _build(kind: Kind, pks: Iterable[int]) -> dict[int, dict]:
    if kind.build is None:
        return {}
    with version.read_once(), translation.override(settings.LANGUAGE_CODE):  # whoever asks first, in whatever language
        return kind.build(list(pks))


def shown_outside() -> QuerySet:
    """The rows of what leaves the site, withdrawn ones included."""
    return Publication.objects.filter(kind__in=[each.name for each in kinds()])


def changed_since(instant: Any) -> QuerySet:
    """The keys of the public pages whose contents changed at ``instant`` or later."""
    return shown_outside().filter(changed_at__gte=instant, withdrawn_at=None).values_list("object_id", flat=True)


def last_change() -> Any:
    """When what is public outside last changed, or ``None``."""
    return shown_outside().aggregate(last=Max("changed_at"))["last"]


def encode(data: dict) -> str:
    data.pop("expire_le", None)
    return orjson.dumps(data).decode()
