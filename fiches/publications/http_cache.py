"""Purges the HTTP cache in front of the site (Varnish) after a public change.

Every cacheable response has the surrogate key « site » (Varnish's xkey: see site/deploy/varnish). After a **soft** purge the
cache may serve each stale response once more while it fetches a new one; after a **hard** purge it may not. Both are sent
twice, one second apart, for responses that were being made during the change. For a cache that purges by URL only, use
``wagtail.contrib.frontend_cache``.
"""

import http.client
import logging
import threading
import time
from collections.abc import MutableMapping
from urllib.parse import urlsplit

from django.conf import settings

logger = logging.getLogger(__name__)

KEY = "site"
# In seconds: the timeout of a purge, the delay of the second purge, and for how long a cache that didn't answer gets only the
# second one.
TIMEOUT = 1
AGAIN = 1.0
SPARED = 10
_silent: dict[str, float] = {}


def addresses() -> list[str]:
    """The addresses of the caches to purge (``RALLYNOV_PURGED``)."""
    return getattr(settings, "RALLYNOV_PURGED", [])


def allow(headers: MutableMapping[str, str], *, seconds: int, most: int) -> None:
    """Adds the headers that let the HTTP cache store a response; the cache removes them from what it serves.

    :param seconds: how long the response is valid. If it is less than ``most``, it is never served stale.
    :param most: the maximum age.
    """
    if seconds > 0:
        grace = "" if seconds >= most else ", stale-while-revalidate=0"
        headers["Surrogate-Control"] = f"max-age={min(seconds, most)}{grace}"
        headers["xkey"] = KEY


def purge(*, hard: bool) -> None:
    """Sends a purge to every cache, now and again a second later. A cache that doesn't answer delays one publication by a second;
    for the next ten seconds it gets only the second purge, in the background."""
    for address in addresses():
        if time.monotonic() > _silent.get(address, 0):
            _send(address, hard)
        timer = threading.Timer(AGAIN, _send, (address, hard))
        timer.daemon = True
        timer.start()


def _send(address: str, hard: bool) -> None:
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    try:
        connection.request("PURGE", parts.path or "/", headers={"X-Purge": "hard" if hard else "soft"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        logger.warning("front_cache_unreachable", extra={"error": type(error).__name__})
        _silent[address] = time.monotonic() + SPARED
        return
    finally:
        connection.close()
    if status >= 300:
        logger.warning("front_cache_refused", extra={"status": status})
