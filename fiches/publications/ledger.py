"""The register of what the public may see, and its only writer: one row a page shown outside, withdrawn ones included.

A room registers the pages that it shows (:func:`register_kind`); from then on each publication, change, move, restriction,
withdrawal and deletion is written here, in its own transaction. Rows are written while the version's row is held, so that
``sequence`` grows in the order of the commits.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.dispatch import Signal
from django.utils import timezone, translation

from fiches.ecriture import in_passing
from fiches.models import Publication, Version
from fiches.publications import version
from fiches.publications.kept import incomplete, making
from fiches.publications.release import release

A_BATCH = 200
WRITTEN = ("slug", "changed_at", "expires_at", "withdrawn_at", "sequence", "contents", "release")


class Kind(NamedTuple):
    """Pages of one type: ``build(pks)`` gives ``{pk: contents}`` for those that the public may see; ``None`` where nothing leaves
    the site."""

    name: str
    model: Any
    build: Callable[[Iterable[int]], dict] | None


recorded = Signal()
"""Sent with ``kind``, ``pks``, ``is_direct`` (false for pages that only show those that changed) and ``is_gone`` (true for pages
that are about to be deleted), in the transaction."""

_kinds: dict[str, Kind] = {}
_showing: list[Callable[[str, set[int]], dict[str, Iterable[int]]]] = []


def register_kind(name: str, model: type, build: Callable[[Iterable[int]], dict] | None) -> None:
    """Called from ``AppConfig.ready()``."""
    _kinds[name] = Kind(name, model, build)


def register_showing(find: Callable[[str, set[int]], dict[str, Iterable[int]]]) -> None:
    """Called from ``AppConfig.ready()``. ``find(kind, pks)`` gives ``{other kind: keys of the pages that show these}``, whose contents
    change with them."""
    _showing.append(find)


def kinds() -> list[Kind]:
    return list(_kinds.values())


def kind(name: str) -> Kind:
    return _kinds[name]


def kind_of(model: type) -> str:
    """The name under which ``model`` is registered, or ``""``."""
    return next((each.name for each in _kinds.values() if each.model is model), "")


# --- Writing ------------------------------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def record(name: str, pks: Iterable[int], *, is_direct: bool = True, build: bool = False) -> None:
    """Brings the rows of these pages, and of the pages that show them, in line with what the public may see now.

    :param name: a kind; pages of none that is registered concern nobody.
    :param is_direct: whether the pages themselves changed, and not only what they show.
    :param build: builds their contents at once; a page that reads as before then keeps its date.
    """
    pks = set(pks)
    if not pks or name not in _kinds:
        return
    number = _held()
    rows = _rows(_kinds[name], pks, build=build)
    known = Publication.objects.filter(kind=name, object_id__in=pks, withdrawn_at=None)
    gone = set(known.values_list("object_id", flat=True)) - {row.object_id for row in rows}
    rows = _changed(_kinds[name], rows)
    if not rows and not gone:
        return
    version.touch(gone=bool(gone))
    _write(rows, number + 1)
    _withdraw(name, gone, number + 1)
    recorded.send(sender=None, kind=name, pks=sorted(pks), is_direct=is_direct, is_gone=False)
    if is_direct:
        for find in _showing:
            for other, showing in find(name, pks).items():
                record(other, showing, is_direct=False)


@transaction.atomic(savepoint=False)
def forget(name: str, pks: Iterable[int]) -> None:
    """The same for pages that are about to be deleted: they are public no longer."""
    known = Publication.objects.filter(kind=name, object_id__in=list(pks), withdrawn_at=None)
    gone = set(known.values_list("object_id", flat=True))
    if not gone:
        return
    number = _held()
    version.touch(gone=True)
    _withdraw(name, gone, number + 1)
    recorded.send(sender=None, kind=name, pks=sorted(gone), is_direct=True, is_gone=True)
    for find in _showing:
        for other, showing in find(name, gone).items():
            record(other, showing, is_direct=False)


def rebuild() -> int:
    """Makes the register again, a batch in a transaction; readers keep what there is until then. Returns how many pages are public."""
    for each in kinds():
        pks = set(each.model.objects.values_list("pk", flat=True))
        known = Publication.objects.filter(kind=each.name, withdrawn_at=None)
        forget(each.name, set(known.values_list("object_id", flat=True)) - pks)
        ordered = sorted(pks)
        for start in range(0, len(ordered), A_BATCH):
            record(each.name, ordered[start : start + A_BATCH])
    return Publication.objects.filter(withdrawn_at=None).count()


def _held() -> int:
    """The version's number, its row held until the end of the transaction."""
    return Version.objects.select_for_update().filter(pk=1).values_list("number", flat=True).first() or 0


def _rows(kind: Kind, pks: set[int], *, build: bool) -> list[Publication]:
    """What the public may see of these pages now."""
    if build and kind.build:
        built = _build(kind, pks)
        return [_row(kind, pk, data["slug"], data.pop("expire_le", None), encode(data)) for pk, data in built.items()]
    visible = kind.model.objects.visible().filter(pk__in=pks).order_by().values_list("pk", "slug", "expire_at")
    return [_row(kind, pk, slug, expires) for pk, slug, expires in visible]


def _row(kind: Kind, pk: int, slug: str, expires: Any, contents: str | None = None) -> Publication:
    return Publication(
        kind=kind.name,
        object_id=pk,
        slug=slug,
        expires_at=expires,
        contents=contents,
        release=release() if contents else "",
    )


def _changed(kind: Kind, rows: list[Publication]) -> list[Publication]:
    """Those that don't read as before; of contents that aren't built yet nobody knows."""
    if not any(row.contents for row in rows):
        return rows
    before = Publication.objects.filter(
        kind=kind.name, object_id__in=[row.object_id for row in rows], withdrawn_at=None
    )
    known = {row[0]: row[1:] for row in before.values_list("object_id", "contents", "expires_at")}
    return [row for row in rows if known.get(row.object_id) != (row.contents, row.expires_at)]


def _write(rows: list[Publication], sequence: int) -> None:
    """``published_at`` stays that of the first time."""
    now = timezone.now()
    for row in rows:
        row.sequence, row.changed_at, row.published_at = sequence, now, now
    Publication.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=WRITTEN, batch_size=A_BATCH
    )


def _withdraw(name: str, gone: set[int], sequence: int) -> None:
    if not gone:
        return
    now = timezone.now()
    rows = Publication.objects.filter(kind=name, object_id__in=gone)
    rows.update(withdrawn_at=now, changed_at=now, sequence=sequence, expires_at=None, contents=None, release="")


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
    rows = {pk: _row(kind, pk, data["slug"], data.pop("expire_le", None), encode(data)) for pk, data in built.items()}

    def store() -> None:
        for pk in rows.keys() & seen.keys():
            same = Publication.objects.filter(kind=kind.name, object_id=pk, sequence=seen[pk], withdrawn_at=None)
            same.update(contents=rows[pk].contents, release=rows[pk].release)

    if made.is_incomplete:  # a picture's size could not be made: the next reader tries again
        incomplete()
    else:
        in_passing(Publication, store)
    return {pk: row.contents or "" for pk, row in rows.items()}


def _build(kind: Kind, pks: Iterable[int]) -> dict[int, dict]:
    if kind.build is None:
        return {}
    with translation.override(settings.LANGUAGE_CODE):  # whoever asks first, in whatever language
        return kind.build(list(pks))


def changed_since(instant: Any) -> QuerySet:
    """The keys of the public pages whose contents changed at ``instant`` or later."""
    return Publication.objects.filter(changed_at__gte=instant, withdrawn_at=None).values_list("object_id", flat=True)


def last_change() -> Any:
    """When what is public last changed, or ``None``."""
    return Publication.objects.aggregate(last=Max("changed_at"))["last"]


def encode(data: dict) -> str:
    return orjson.dumps(data).decode()
