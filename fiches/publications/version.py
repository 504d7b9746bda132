"""The version of all that the public may see: one row, moved in the same transaction as what it stands for.

Whatever is kept (a whole response, a value, a file, a client's copy) has the version in its key, so that it is never looked for
again once the version moved. The version also moves by itself at the next date that changes something: see
:func:`register_dates`.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import partial
from threading import Lock
from typing import Any, NamedTuple

from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, InterfaceError, connections, router, transaction
from django.db.models import DateTimeField, F, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from fiches.publications import front

logger = logging.getLogger(__name__)

# Seconds between two looks at the row: how long another process's change stays unseen here, at most.
EVERY = 0.5
AFTER_A_FAILURE = 2.0
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
UNKNOWN = (DatabaseError, InterfaceError)


class Reach(IntEnum):
    """How far a change reaches, and so what it makes untrue."""

    # What one page says. What shows it elsewhere looks at the ``changed_at`` of its row in the register.
    ROW = 1
    # Also what is counted of fiches: one came, went, moved, or is characterised otherwise.
    COUNTS = 2
    # Also what many pages show: a name, a picture, a menu, another page.
    EVERYWHERE = 3


DATES = {Reach.COUNTS: "counted_at", Reach.EVERYWHERE: "shared_at"}


class State(NamedTuple):
    """The version as it was read. ``number`` grows with each change, in the order of the commits; ``changed_at`` tells apart
    two changes that got the same number, one of which was rolled back; nothing is kept past ``valid_until``. ``counted_at``
    and ``shared_at`` say when a change last reached that far."""

    number: int
    changed_at: datetime
    valid_until: datetime
    counted_at: datetime
    shared_at: datetime

    @property
    def token(self) -> str:
        return f"{self.number}-{self.changed_at.timestamp():.6f}"


# --- Moving it --------------------------------------------------------------------------------------------------------


class _Moved:
    """Done once the transaction is committed; Django forgets it with the transaction, or its savepoint."""

    def __init__(self, is_gone: bool) -> None:
        self.is_gone = is_gone

    def __call__(self) -> None:
        _shared.expire()
        front.purge(hard=self.is_gone)


def touch(*, gone: bool = False, reach: Reach = Reach.EVERYWHERE) -> None:
    """Says that what the public may see changes with the transaction in progress, or has just changed.

    :param gone: something is public no longer: the HTTP cache in front must not show it once more.
    :param reach: what it makes untrue of what :func:`memoize` keeps.
    """
    model, now = _model(), timezone.now()
    using = router.db_for_write(model)
    if not _move(using, now, changed_at=now, reach=reach):
        model.objects.using(using).create(pk=1, number=0, changed_at=now, valid_until=_midnight(now))
        _move(using, now, changed_at=now)
    _forget()
    told = (hook[1] for hook in connections[using].run_on_commit if isinstance(hook[1], _Moved))
    if not any(act.is_gone or not gone for act in told):
        transaction.on_commit(_Moved(gone), using=using)


def _move(
    using: str, now: datetime, *, changed_at: datetime, reach: Reach = Reach.EVERYWHERE, **conditions: Any
) -> int:
    rows = _model().objects.using(using).filter(pk=1, **conditions)
    reached = {name: now for least, name in DATES.items() if reach >= least}
    return rows.update(number=F("number") + 1, changed_at=changed_at, valid_until=_next_change(now), **reached)


# --- What changes by itself ---------------------------------------------------------------------------------------------

_coming: list[Callable[[datetime], QuerySet]] = []
_settling: list[Callable[[], Any]] = []


def register_moments(coming: Callable[[datetime], QuerySet], settle: Callable[[], Any] | None = None) -> None:
    """Called from ``AppConfig.ready()``. ``coming(now)`` is a queryset of one column: the instants after ``now`` at which what the
    public may see changes by itself, the next one first. ``settle()`` is called when one has come, before anybody reads."""
    _coming.append(coming)
    if settle:
        _settling.append(settle)


def register_dates(model: type, *names: str) -> None:
    """The same for columns of a model: each date still to come is such an instant."""
    for name in names:
        register_moments(partial(_dates, model, name))


def _dates(model: Any, name: str, now: datetime) -> QuerySet:
    return model._default_manager.filter(**{f"{name}__gt": now}).order_by(name).values(name)


def _next_change(now: datetime) -> Any:
    """The next of these instants, as SQL; midnight at the latest, since days are counted and dates shown as « today »."""
    midnight = Value(_midnight(now), output_field=DateTimeField())
    dates = [Coalesce(Subquery(coming(now)[:1], output_field=DateTimeField()), midnight) for coming in _coming]
    return Least(midnight, midnight, *dates)


def _midnight(now: datetime) -> datetime:
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), tzinfo=timezone.get_current_timezone())


# --- Reading it ---------------------------------------------------------------------------------------------------------

_of_request: ContextVar[list[State] | None] = ContextVar("version_of_request", default=None)


def current(*, fresh: bool = False) -> State:
    """The version, at most half a second late; within a request, as it was when first asked for.

    :param fresh: reads the row now.
    :raises DatabaseError, InterfaceError: when the database can't be asked.
    """
    read = _of_request.get()
    if read and not fresh:
        return read[0]
    using = router.db_for_read(_model())
    is_alone = connections[using].in_atomic_block  # it reads its own writing, which nobody else may be told of yet
    state = _read() if is_alone else _shared.state(0.0 if fresh else EVERY)
    if read is not None:
        read[:] = [state]
    return state


def last_known() -> State | None:
    """The version as this process last read it, for who can do with that when the database is gone."""
    return _shared.last


class _Shared:
    """What the threads of this process know of the version."""

    def __init__(self) -> None:
        self.last: State | None = None
        self.read_at = float("-inf")
        self.retry_at = float("-inf")
        self._lock = Lock()

    def state(self, most: float) -> State:
        with self._lock:
            now = time.monotonic()
            if self.last is None or now - self.read_at >= most or self.last.valid_until <= timezone.now():
                self._look(now)
            assert self.last is not None
            return self.last

    def _look(self, now: float) -> None:
        if now < self.retry_at:
            raise InterfaceError("The database did not answer a moment ago.")
        try:
            self.last = _read()
        except UNKNOWN as error:
            self.retry_at = now + AFTER_A_FAILURE
            logger.warning("version_unknown", extra={"error": type(error).__name__})
            raise
        self.read_at = now

    def expire(self) -> None:
        self.read_at = float("-inf")


_shared = _Shared()


def _read() -> State:
    state = _stored()
    if state is None:
        return State(0, NEVER, _midnight(timezone.now()), NEVER, NEVER)
    return state if state.valid_until > timezone.now() else _renewed(state)


def _stored() -> State | None:
    row = _model().objects.filter(pk=1).values_list(*State._fields).first()
    return State(*row) if row else None


def _renewed(state: State) -> State:
    """The version once the instant until which it was valid has come. Where the row can't be moved (the database is read only,
    or a replica doesn't have it yet), what is made now is kept by nobody."""
    now, came = timezone.now(), state.valid_until
    try:
        for settle in _settling:
            settle()
        if _move(router.db_for_write(_model()), now, changed_at=came, valid_until=came):
            front.purge(hard=True)
        found = _stored()
    except UNKNOWN as error:
        logger.warning("version_not_renewed", extra={"error": type(error).__name__})
        found = None
    return found if found and found.valid_until > now else State(state.number, came, now, came, came)


def _model() -> Any:
    return apps.get_model("fiches", "Version")


# --- What each process keeps under it -------------------------------------------------------------------------------------

_memo: dict[Any, tuple[Any, Any]] = {}


def memoize(name: Any, make: Callable[[], Any], *, reach: Reach = Reach.ROW) -> Any:
    """What ``make()`` returns, made once in this process for a version. Who gets it doesn't change it.

    :param reach: made again only after a change that reaches as far. A value that a change of less reach makes untrue must
        not be kept so.
    """
    state = current()
    key = getattr(state, DATES[reach]) if reach in DATES else (state.number, state.changed_at)
    known = _memo.get(name)
    if known is None or known[0] != key:
        known = _memo[name] = (key, make())
    return known[1]


def memoize_each(name: Any, key: Any, make: Callable[[], Any], *, most: int, reach: Reach = Reach.ROW) -> Any:
    """One such value for each ``key``: those of the ``most`` keys that were asked for last."""
    kept: OrderedDict[Any, Any] = memoize(name, OrderedDict, reach=reach)
    try:
        value = kept[key]
    except KeyError:
        value = kept[key] = make()
    with suppress(KeyError):  # another thread let it go
        kept.move_to_end(key)
        while len(kept) > most:
            kept.popitem(last=False)
    return value


@contextmanager
def read_once() -> Iterator[None]:
    """What is done within reads the version once, as a request does."""
    if _of_request.get() is not None:
        yield
        return
    token = _of_request.set([])
    try:
        yield
    finally:
        _of_request.reset(token)


def begin_request(**kwargs: Any) -> None:
    _of_request.set([])


def end_request(**kwargs: Any) -> None:
    _of_request.set(None)


def _forget() -> None:
    if read := _of_request.get():
        read.clear()


def connect() -> None:
    """Called once, when Django starts."""
    request_started.connect(begin_request, dispatch_uid="version_begin_request")
    request_finished.connect(end_request, dispatch_uid="version_end_request")
