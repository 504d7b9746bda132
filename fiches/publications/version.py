"""The version of everything that is public: one row, incremented in the same transaction as the change.

Every cache (responses, values, files, clients' copies) has the version in its key, so that nothing needs to be invalidated one by
one. The version also changes at the next date that changes something by itself: see :func:`register_dates`. :func:`memoize` is the only in-process cache of public content;
:func:`release` is part of the keys of what outlives a process, so that nothing cached outlives a deployment.
"""

import logging
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from hashlib import blake2s
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import Error, connection, transaction
from django.db.models import DateTimeField, F, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least
from django.dispatch import receiver
from django.template import engines
from django.utils import timezone
from wagtail.models import Site

from fiches import content_site

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

# Extensions of the files whose change may change a response.
HASHED_SUFFIXES = {".css", ".html", ".js", ".json", ".mo", ".py", ".svg", ".txt", ".xml"}
LEFT_OUT = {"__pycache__", "node_modules", "tests", "migrations"}
INSTALLED = {"site-packages", "dist-packages"}
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class State(NamedTuple):
    """The version as it was read. ``number`` grows with each change, in the order of the commits; ``changed_at`` distinguishes
    two changes with the same number, one of which was rolled back; nothing may be cached past ``valid_until``; ``shared_at`` is when
    something last changed but fiches and étapes."""

    number: int
    changed_at: datetime
    valid_until: datetime
    shared_at: datetime

    @property
    def token(self) -> str:
        return f"{self.number}-{self.changed_at.timestamp():.6f}"


def touch(*, shared: bool = True) -> None:
    """Increments the version in the current transaction, because something public changes with it or just changed.

    :param shared: false if only a fiche or an étape changes: what all pages share is the same.
    """
    now = timezone.now()
    dates = {"changed_at": now, "shared_at": now} if shared else {"changed_at": now}
    if not _move(now, **dates):
        _model().objects.create(pk=1, number=0, changed_at=now, shared_at=now, valid_until=_midnight(now))
        _move(now, **dates)
    if read := _of_request.get():
        read.clear()


def _move(now: datetime, rows: Any = None, **dates: datetime) -> int:
    rows = _model().objects.filter(pk=1) if rows is None else rows
    return rows.update(number=F("number") + 1, valid_until=_next_change(now), **dates)


# --- Changes at a date --------------------------------------------------------------------------------------------------

_coming: list[Callable[[datetime], QuerySet]] = []
_settling: list[Callable[[], Any]] = []


def register_moments(coming: Callable[[datetime], QuerySet], settle: Callable[[], Any] | None = None) -> None:
    """Declares instants at which what is public changes without a write. Called from ``AppConfig.ready()``.

    :param coming: ``coming(now)`` returns a queryset of one column: these instants after ``now``, the next one first.
    :param settle: called when one has passed, before the new version is read; writes in an atomic block of its own.
    """
    _coming.append(coming)
    if settle:
        _settling.append(settle)


def register_dates(model: type, *names: str) -> None:
    """Declares date columns of a model as instants of change; see :func:`register_moments`."""
    for name in names:
        register_moments(partial(_dates, model, name))


def _dates(model: Any, name: str, now: datetime) -> QuerySet:
    return model._default_manager.filter(**{f"{name}__gt": now}).order_by(name).values(name)


def _next_change(now: datetime) -> Any:
    """The next declared instant, as an SQL expression; midnight at the latest, since pages show « today » and count days."""
    midnight = Value(_midnight(now), output_field=DateTimeField())
    dates = [Coalesce(Subquery(coming(now)[:1], output_field=DateTimeField()), midnight) for coming in _coming]
    return Least(midnight, midnight, *dates)


def _midnight(now: datetime) -> datetime:
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), tzinfo=timezone.get_current_timezone())


# --- Reading it ---------------------------------------------------------------------------------------------------------

_of_request: ContextVar[list[State] | None] = ContextVar("version_of_request", default=None)
_last: State | None = None


def current() -> State:
    """The version. It is read once a request, and stays the same unless the request changes it.

    :raises django.db.Error: the database doesn't answer.
    """
    read = _of_request.get()
    if read:
        return read[0]
    state = look()
    if state.valid_until <= timezone.now():
        state = _renewed(state)
    if read is not None:
        read[:] = [state]
    return state


def last_known() -> State | None:
    """The version as this process last read it, for callers that can use an old one while the database doesn't answer."""
    return _last


def look() -> State:
    """Reads the row now, and clears Wagtail’s cached root paths if it changed. Doesn't change the request's version."""
    global _last
    row = _model().objects.filter(pk=1).values_list(*State._fields).first()
    state = State(*row) if row else State(0, NEVER, _midnight(timezone.now()), NEVER)
    if not connection.in_atomic_block:  # else it may be rolled back
        if _last and _last.shared_at != state.shared_at:
            Site.clear_site_root_paths_cache()  # Django's cache, in which Wagtail keeps them, may be a process's own
        _last = state
    return state


def _renewed(state: State) -> State:
    """The version after ``valid_until`` has passed. What runs meanwhile, and all if the row can't be changed, get a version that is valid
    until now, so that nothing is cached."""
    now, came = timezone.now(), state.valid_until
    passed = State(state.number, came, now, came)
    token = _of_request.set([passed])
    try:
        for settle in _settling:
            settle()
        with transaction.atomic():  # an error leaves the caller's transaction usable
            _move(now, _model().objects.filter(pk=1, valid_until=came), changed_at=came, shared_at=came)
        renewed = look()
    except Error as error:
        logger.warning("version_not_renewed", extra={"error": type(error).__name__})
        return passed
    finally:
        _of_request.reset(token)
    return renewed if renewed.valid_until > now else passed


def _model() -> Any:
    return apps.get_model("rallynov_fiches", "Version")


@contextmanager
def read_once() -> Iterator[None]:
    """Context manager: the version is read once inside, as in a request."""
    if _of_request.get() is not None:
        yield
        return
    token = _of_request.set([])
    try:
        yield
    finally:
        _of_request.reset(token)


@receiver(request_started, dispatch_uid="version_begin_request")
def begin_request(**kwargs: Any) -> None:
    _of_request.set([])


@receiver(request_finished, dispatch_uid="version_end_request")
def end_request(**kwargs: Any) -> None:
    _of_request.set(None)


# --- What the version keeps ---------------------------------------------------------------------------------------------

# What was made, and when: of one version, and of what all pages share. Another dictionary after a change: what is still being made for
# the version before stays in its own.
_memos: dict[bool, tuple[Any, dict[Any, Any]]] = {False: (None, {}), True: (None, {})}


def memoize(name: Hashable, make: Callable[[], Result], *, shared: bool = False) -> Result:
    """The result of ``make()``, cached in this process under ``name`` for the site of the request, until the version
    changes. Callers must not change it.

    :param shared: whether it is the same until something else than a fiche or an étape changes, or a date passes.
    """
    state = current()
    made_at = (state.shared_at,) if shared else state[:2]
    if _memos[shared][0] != made_at:
        _memos[shared] = (made_at, {})
    values = _memos[shared][1]
    name = (name, content_site.homes())
    if name not in values:
        values[name] = make()
    return values[name]


@cache
def release() -> str:
    """A digest of the project's code, templates and translations, and of the versions of the installed packages: the same on
    every server that runs the same code. Computed once per process."""
    digest = blake2s(
        " ".join(sorted({f"{each.name}=={each.version}" for each in distributions()})).encode(), digest_size=8
    )
    folders = {Path(config.path) for config in apps.get_app_configs() if INSTALLED.isdisjoint(Path(config.path).parts)}
    folders |= {Path(folder) for engine in engines.all() for folder in engine.dirs}
    files = {
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in HASHED_SUFFIXES and LEFT_OUT.isdisjoint(path.relative_to(folder).parts)
    }
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
