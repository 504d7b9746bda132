"""Cache backends that never make a page fail: in files that all processes of a machine share, or on a Redis or Valkey server.

When the disk is full, or the server is down or slow, reads find nothing and writes do nothing. After a failure the cache is not used
for a few seconds, so that a server that hangs costs one timeout, not one per call.
"""

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Seconds during which a cache that failed is not used.
PAUSE = 5.0
# When each cache may be used again, for the whole process: Django creates one object per thread.
_ask_again: dict[str, float] = {}


def _sparing(name: str, otherwise: Any) -> Callable:
    """The method ``name`` of Django's cache, which returns ``otherwise`` when the cache is unavailable."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < _ask_again.get(self.place, 0.0):
            return otherwise
        try:
            return getattr(super(SparingCache, self), name)(*args, **kwargs)
        except (OSError, RedisError) as error:
            _ask_again[self.place] = time.monotonic() + PAUSE
            logger.warning("cache_unavailable", extra={"operation": name, "error": type(error).__name__})
            return otherwise

    method.__name__ = name
    return method


class SparingCache:
    """What the two caches have in common. ``place``: the folder, or the servers."""

    place: str
    add = _sparing("add", otherwise=True)  # the key was free: a lock does not block everyone
    set = _sparing("set", otherwise=None)
    touch = _sparing("touch", otherwise=False)
    delete = _sparing("delete", otherwise=False)
    get_many = _sparing("get_many", otherwise={})
    set_many = _sparing("set_many", otherwise=[])
    delete_many = _sparing("delete_many", otherwise=None)
    has_key = _sparing("has_key", otherwise=False)
    clear = _sparing("clear", otherwise=False)
    _read = _sparing("get", otherwise=None)
    _increase = _sparing("incr", otherwise=None)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        value = self._read(key, None, version)
        return default if value is None else value

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """:raises ValueError: the key does not exist (as in Django's caches), or the cache is unavailable."""
        value = self._increase(key, delta, version)
        if value is None:
            raise ValueError(f"Key {key!r} not found")
        return value


class SparingRedisCache(SparingCache, RedisCache):
    """On a Redis or Valkey server, which several machines may share."""

    @property
    def place(self) -> str:  # type: ignore[override]
        return str(self._servers)  # type: ignore[attr-defined]


class MachineCache(SparingCache, FileBasedCache):
    """In files that the processes of a machine share. A counter is read and written under a lock, so that two processes that count at
    once count two."""

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(folder, params)
        self.place = folder

    def add(self, *args: Any, **kwargs: Any) -> bool:
        with self._locked():
            return super().add(*args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        with self._locked():
            return super().incr(*args, **kwargs)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        folder = Path(self.place)
        with ExitStack() as opened:
            with suppress(OSError):  # a full disk: the operation itself says so
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                fcntl.flock(opened.enter_context((folder / "verrou").open("w")), fcntl.LOCK_EX)
            yield
