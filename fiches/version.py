"""The version of all that the public can find, and what each process keeps as long as it stays the same.

The version is one row, whose token changes in the same transaction as what it stands for: what was kept under a token
is the truth for whoever reads that token.
"""

from contextvars import ContextVar
from copy import copy
from uuid import uuid4

from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import connections, router
from django.db.models.signals import post_delete, post_save

_of_request: ContextVar[list | None] = ContextVar("version_of_request", default=None)
_kept: dict = {}


def token():
    """The token, as of now; within a request, as it was when first asked for. At most one query."""
    read = _of_request.get()
    if read is None:
        return _read()
    if not read:
        read.append(_read())
    return read[0]


def _read():
    model = apps.get_model("fiches", "VersionDeRecherche")
    with connections[router.db_for_read(model)].cursor() as cursor:
        cursor.execute(f"SELECT jeton FROM {model._meta.db_table}")  # noqa: S608 - a constant
        row = cursor.fetchone()
    return row[0] if row else ""


def touch():
    """Says that what can be found has changed: every process reads anew what it kept."""
    apps.get_model("fiches", "VersionDeRecherche").objects.update_or_create(pk=1, defaults={"jeton": uuid4().hex})
    _forget()


def touched_by(*models):
    """Called from ``AppConfig.ready()``: saving or deleting one of these touches the version."""
    for model in models:
        for signal in (post_save, post_delete):
            signal.connect(_record_written, sender=model, dispatch_uid=f"version_{model._meta.label}")


def _record_written(raw=False, **kwargs):
    if not raw:
        touch()


def kept(name, make):
    """What ``make()`` returns, made once in this process for a version. Who gets it doesn't change it."""
    current = token()
    found = _kept.get(name)
    if found is None or found[0] != current:
        found = _kept[name] = (current, make())
    return found[1]


def detached(record):
    """A copy of a record that is kept, for a request to hang on it what it likes."""
    found = copy(record)
    found._state = copy(record._state)
    found._state.fields_cache = dict(record._state.fields_cache)
    return found


def begin(**kwargs):
    _of_request.set([])


def end(**kwargs):
    _of_request.set(None)


def _forget():
    read = _of_request.get()
    if read:
        read.clear()


def connect():
    request_started.connect(begin, dispatch_uid="version_begin")
    request_finished.connect(end, dispatch_uid="version_end")
