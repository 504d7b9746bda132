"""The only writer of what the outside knows: a row a page shown outside, and moves the version.

A room registers the pages that it shows (``register_pages``); from then on each publication, change, move, restriction,
withdrawal and deletion is written down here, and the contents are built once for every reader.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.dispatch import Signal
from django.utils import timezone, translation

from fiches.diffusion.models import Trace
from fiches.ecriture import in_passing, write_rows
from fiches.publications.kept import incomplete, making
from fiches.publications.version import touch


class Pages(NamedTuple):
    """Pages of one type: ``build(pks)`` gives ``{pk: contents}`` for those that the public may see."""

    nature: str
    model: type
    build: Callable[[Iterable[int]], dict]


reviewed = Signal()
"""Sent with ``nature`` and ``pks`` once what the outside knows of pages has changed: others may show them."""

changed = Signal()
"""Sent with ``nature`` and ``pks`` for every such change, those that follow from another's included."""

_registered: dict[str, Pages] = {}


def register_pages(nature, model, build):
    """Called from ``AppConfig.ready()``."""
    _registered[nature] = Pages(nature, model, build)


def registered():
    return list(_registered.values())


def pages(nature):
    return _registered[nature]


def nature_of(model):
    """The type under which ``model`` is registered, or ``None``."""
    return next((pages.nature for pages in _registered.values() if pages.model is model), None)


def last_change():
    """When what the outside knows of pages last changed, or ``None``."""
    return Trace.objects.aggregate(last=Max("modifie_le"))["last"]


@transaction.atomic
def review(nature, pks, *, spread=True):
    """Brings the rows of these pages in line with what the public may see now; contents are built when asked for.

    :param spread: whether the pages that show these are to be told.
    """
    pks = set(pks)
    if not pks:
        return
    visible = _registered[nature].model.objects.visible().filter(pk__in=pks).values_list("pk", "slug", "expire_at")
    rows = [_row(nature, pk, slug, expires) for pk, slug, expires in visible]
    _write(rows)
    if _withdraw(pks - {row["page"] for row in rows}) or rows:
        _changed(nature, pks, spread)


@transaction.atomic
def publish(nature, pks):
    """The same with the contents built at once; what reads as before keeps its date."""
    before = Trace.objects.in_bulk(list(pks))
    contents = _build(nature, pks)
    rows = []
    for pk, data in contents.items():
        row = _row(nature, pk, data["slug"], data.pop("expire_le", None), encode(data))
        known = before.get(pk)
        if not known or known.retiree or (known.donnees, known.expire_le) != (row["donnees"], row["expire_le"]):
            rows.append(row)
    _write(rows)
    if _withdraw(set(pks) - contents.keys()) or rows:
        _changed(nature, pks, spread=True)


def forget(nature, pks):
    """The pages are about to be deleted."""
    if _withdraw(set(pks)):
        _changed(nature, pks, spread=True)


def _changed(nature, pks, spread):
    touch()
    changed.send(sender=None, nature=nature, pks=list(pks))
    if spread:
        reviewed.send(sender=None, nature=nature, pks=list(pks))


def contents(nature, pks):
    """``{pk: JSON text}`` of the visible pages among ``pks``. One query, but for those that changed since last asked."""
    found = dict(Trace.objects.filter(page__in=pks, donnees__isnull=False).values_list("page", "donnees"))
    missing = [pk for pk in pks if pk not in found]
    if missing:
        found.update(_fill(nature, missing))
    return {pk: found[pk] for pk in pks if pk in found}


def _fill(nature, pks):
    """Builds what is missing and keeps it, unless it changed again in the meantime."""
    seen = dict(Trace.objects.filter(page__in=pks).values_list("page", "modifie_le"))
    filled, new = {}, []
    with making() as made:
        built = _build(nature, pks)
    for pk, data in built.items():
        expires = data.pop("expire_le", None)
        filled[pk] = encode(data)
        if pk not in seen:
            new.append(_row(nature, pk, data["slug"], expires, filled[pk]))

    def keep():
        for pk in filled.keys() & seen.keys():
            Trace.objects.filter(page=pk, modifie_le=seen[pk]).update(donnees=filled[pk], retiree=False)
        write_rows(Trace(), new, keeping="page")

    if made.is_incomplete:  # a picture's size could not be made: the next reader tries again
        incomplete()
    else:
        in_passing(Trace, keep)
    return filled


def _build(nature, pks):
    with translation.override(settings.LANGUAGE_CODE):  # whoever asks first, in whatever language
        return _registered[nature].build(list(pks))


def _row(nature, pk, slug, expires, data=None):
    """Columns of a :class:`Trace`."""
    return {
        "page": pk,
        "nature": nature,
        "slug": slug,
        "donnees": data,
        "modifie_le": timezone.now(),
        "expire_le": expires,
    }


def _write(rows):
    write_rows(Trace(), rows, replacing="page")


def _withdraw(pks):
    known = Trace.objects.filter(page__in=pks, retiree=False)
    return known.update(retiree=True, donnees=None, modifie_le=timezone.now(), expire_le=None)


def changed_since(instant):
    """The keys of the pages whose contents changed at ``instant`` or later."""
    return Trace.objects.filter(modifie_le__gte=instant, retiree=False).values_list("page", flat=True)


def encode(data):
    return orjson.dumps(data).decode()
