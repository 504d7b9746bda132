"""Cache backends that never make a page fail.

With a Redis or Valkey server: when it is down or slow, reads find nothing and writes do nothing. After a failure it is not
asked for a few seconds, so that a server that hangs costs one timeout, not one per call.

Without a server: in each process's memory, except counters, which all processes of the machine share in files.
"""

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Seconds without a request to a server that failed.
PAUSE = 5.0


class Unavailable(Exception):  # noqa: N818 - a state, not an error
    """The server doesn't answer, or failed within ``PAUSE``."""


def _with_fallback(name: str, otherwise: Any) -> Callable:
    """Overrides a cache method so that it returns ``otherwise`` when the server is unavailable."""

    def method(self: "SparingRedisCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return self.ask(name, *args, **kwargs)
        except Unavailable:
            return otherwise

    method.__name__ = name
    return method


class SparingRedisCache(RedisCache):
    """Django's Redis cache, as described in the module's docstring."""

    # By server, shared by the whole process: Django creates one cache object per thread.
    _ask_again: dict[str, float] = {}

    add = _with_fallback("add", otherwise=True)  # True means "the key was free", so that a lock does not block everyone
    set = _with_fallback("set", otherwise=None)
    touch = _with_fallback("touch", otherwise=False)
    delete = _with_fallback("delete", otherwise=False)
    get_many = _with_fallback("get_many", otherwise={})
    set_many = _with_fallback("set_many", otherwise=[])
    delete_many = _with_fallback("delete_many", otherwise=None)
    has_key = _with_fallback("has_key", otherwise=False)
    clear = _with_fallback("clear", otherwise=False)

    def ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Calls Django's own method ``name``.

        :raises Unavailable: the server fails, or failed a moment ago.
        """
        server = str(self._servers)  # type: ignore[attr-defined]
        if time.monotonic() < self._ask_again.get(server, 0.0):
            raise Unavailable
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except RedisError as error:
            self._ask_again[server] = time.monotonic() + PAUSE
            logger.warning("cache_unavailable", extra={"operation": name, "error": type(error).__name__})
            raise Unavailable from error

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return self.ask("get", key, default, version)
        except Unavailable:
            return default

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """:raises ValueError: the key does not exist (as in Django's caches), or the server is unavailable."""
        try:
            return self.ask("incr", key, delta, version)
        except Unavailable as error:
            raise ValueError(f"Key {key!r} not found") from error

    def get_or_set(self, key: str, default: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> Any:
        value = self.get(key, self, version)
        if value is self:
            value = default() if callable(default) else default
            self.set(key, value, timeout, version)
        return value


# Maximum number of entries: large, so that requests that create entries can't evict the counters.
MOST = 20_000
# Prefixes of the keys that all processes share: failed log-ins, errors mailed, forms sent, proofs shown. With one count per
# process, a limit of five would be five times the number of processes.
SHARED = ("allauth:", "avis:", "limites:")
A_DAY = 24 * 3600


def _shared(name: str) -> Callable:
    """Overrides a cache method so that keys that begin with ``SHARED`` are read and written in the shared files."""

    def method(self: "MachineCache", key: str, *args: Any, **kwargs: Any) -> Any:
        if self.common is not None and str(key).startswith(SHARED):
            try:
                with self.locked():
                    return getattr(self.common, name)(key, *args, **kwargs)
            except OSError as error:  # for instance no space left: do not count, rather than refuse log-ins
                logger.warning("counters_unavailable", extra={"operation": name, "error": type(error).__name__})
                return getattr(self.nothing, name)(key, *args, **kwargs)
        return getattr(LocMemCache, name)(self, key, *args, **kwargs)

    method.__name__ = name
    return method


class MachineCache(LocMemCache):
    """In-memory cache. With the option ``common`` (a folder), shared keys are in files of that folder."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        options = dict(params.get("OPTIONS", {}))
        folder = options.pop("common", "")
        super().__init__(name, params | {"OPTIONS": {"MAX_ENTRIES": MOST} | options})
        self.common = (
            FileBasedCache(folder, params | {"TIMEOUT": A_DAY, "OPTIONS": {"MAX_ENTRIES": MOST}}) if folder else None
        )
        self.nothing = DummyCache("", {})
        self.folder = Path(folder)

    add = _shared("add")
    get = _shared("get")
    set = _shared("set")
    touch = _shared("touch")
    incr = _shared("incr")
    delete = _shared("delete")
    has_key = _shared("has_key")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds a lock between processes, so that a counter's read and write are one operation."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self.folder / "verrou", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
