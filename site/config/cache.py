"""A Redis or Valkey cache that may be down: nothing is found in it, nothing is kept, no page fails."""

import logging
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _spared(name: str, otherwise: Any):
    def method(self: "SparingRedisCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except RedisError as error:
            logger.warning("cache_unavailable", extra={"operation": name, "error": type(error).__name__})
            return otherwise

    method.__name__ = name
    return method


class SparingRedisCache(RedisCache):
    add = _spared("add", otherwise=True)  # "true: nobody else had it", so that a lock kept there doesn't block everyone
    set = _spared("set", otherwise=None)
    touch = _spared("touch", otherwise=False)
    delete = _spared("delete", otherwise=False)
    get_many = _spared("get_many", otherwise={})
    set_many = _spared("set_many", otherwise=[])
    delete_many = _spared("delete_many", otherwise=None)
    has_key = _spared("has_key", otherwise=False)
    clear = _spared("clear", otherwise=False)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as error:
            logger.warning("cache_unavailable", extra={"operation": "get", "error": type(error).__name__})
            return default

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """ValueError for a key that isn't there (as Django's caches do), and when the server isn't."""
        try:
            return super().incr(key, delta, version)
        except RedisError as error:
            raise ValueError(f"Key {key!r} not found") from error

    def get_or_set(self, key: str, default: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> Any:
        found = self.get(key, self, version)
        if found is self:
            found = default() if callable(default) else default
            self.set(key, found, timeout, version)
        return found
