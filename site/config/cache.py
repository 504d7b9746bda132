"""Where what is soon forgotten is kept: what was counted, what was made once.

A Redis or Valkey server may be down, frozen or slow: nothing is found in it, nothing is kept, no page fails. After a failure
it is left alone for a few seconds, so that one that hangs costs one wait and not one for each use.

Without a server it is in each process's own memory, but for what must hold for all the processes of this machine.
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

LEFT_ALONE = 5.0


class Unavailable(Exception):  # noqa: N818 - not an error: what a cache may be
    """The server doesn't answer, or didn't a moment ago."""


def _spared(name: str, otherwise: Any) -> Callable:
    def method(self: "SparingRedisCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return self.ask(name, *args, **kwargs)
        except Unavailable:
            return otherwise

    method.__name__ = name
    return method


class SparingRedisCache(RedisCache):
    # By server, for the whole process: Django has one object a thread.
    _ask_again: dict[str, float] = {}

    add = _spared("add", otherwise=True)  # "true: nobody else had it", so that a lock kept there doesn't block everyone
    set = _spared("set", otherwise=None)
    touch = _spared("touch", otherwise=False)
    delete = _spared("delete", otherwise=False)
    get_many = _spared("get_many", otherwise={})
    set_many = _spared("set_many", otherwise=[])
    delete_many = _spared("delete_many", otherwise=None)
    has_key = _spared("has_key", otherwise=False)
    clear = _spared("clear", otherwise=False)

    def ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """What Django's own method answers; raises :class:`Unavailable`."""
        server = str(self._servers)  # type: ignore[attr-defined]
        if time.monotonic() < self._ask_again.get(server, 0.0):
            raise Unavailable
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except RedisError as error:
            self._ask_again[server] = time.monotonic() + LEFT_ALONE
            logger.warning("cache_unavailable", extra={"operation": name, "error": type(error).__name__})
            raise Unavailable from error

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return self.ask("get", key, default, version)
        except Unavailable:
            return default

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """ValueError for a key that isn't there (as Django's caches do), and when the server isn't."""
        try:
            return self.ask("incr", key, delta, version)
        except Unavailable as error:
            raise ValueError(f"Key {key!r} not found") from error

    def get_or_set(self, key: str, default: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> Any:
        found = self.get(key, self, version)
        if found is self:
            found = default() if callable(default) else default
            self.set(key, found, timeout, version)
        return found


# Entries: whoever makes some by asking must not drive out what counts them.
MOST = 20_000
# Log-ins that failed, faults that were mailed, forms that were sent, proofs that were shown: with one count for each
# process, five tries are five times as many as there are processes.
FOR_ALL = ("allauth:", "avis:", "limites:", "preuve:")
A_DAY = 24 * 3600


def _in_common(name: str) -> Callable:
    def method(self: "MachineCache", key: str, *args: Any, **kwargs: Any) -> Any:
        if self.common is not None and str(key).startswith(FOR_ALL):
            try:
                with self.alone():
                    return getattr(self.common, name)(key, *args, **kwargs)
            except OSError as error:  # no space left: not to count is better than no log-in
                logger.warning("counters_unavailable", extra={"operation": name, "error": type(error).__name__})
                return getattr(self.nothing, name)(key, *args, **kwargs)
        return getattr(LocMemCache, name)(self, key, *args, **kwargs)

    method.__name__ = name
    return method


class MachineCache(LocMemCache):
    """In memory; what is for all in files of the folder that the option ``common`` names, if it does."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        options = dict(params.get("OPTIONS", {}))
        folder = options.pop("common", "")
        super().__init__(name, params | {"OPTIONS": {"MAX_ENTRIES": MOST} | options})
        self.common = (
            FileBasedCache(folder, params | {"TIMEOUT": A_DAY, "OPTIONS": {"MAX_ENTRIES": MOST}}) if folder else None
        )
        self.nothing = DummyCache("", {})
        self.folder = Path(folder)

    add = _in_common("add")
    get = _in_common("get")
    set = _in_common("set")
    touch = _in_common("touch")
    incr = _in_common("incr")
    delete = _in_common("delete")
    has_key = _in_common("has_key")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process reads or writes meanwhile: what is read and then written counts each once."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self.folder / "verrou", "w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
