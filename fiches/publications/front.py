"""The HTTP cache in front of the site, told that what it keeps is no longer so.

Every response that it may keep bears one key, « site » (Varnish's xkey: see site/deploy/varnish). A **soft** purge lets each
response be shown once more while one request makes it again; after a **hard** one it is gone at once. Both are sent again a
second later, for an answer that was on its way when the change came. A cache that only forgets addresses is served by
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
TIMEOUT = 1
AGAIN = 1.0
# Seconds during which a cache that didn't answer isn't waited for.
SPARED = 10
_silent: dict[str, float] = {}


def addresses() -> list[str]:
    """``RALLYNOV_PURGED``: the caches to tell."""
    return getattr(settings, "RALLYNOV_PURGED", [])


def allow(headers: MutableMapping[str, str], *, seconds: int, most: int) -> None:
    """Lets the caches in front keep a response for ``most`` seconds, and never longer than the ``seconds`` for which it is true:
    a response that ends sooner isn't shown once more. They take these headers off it."""
    if seconds > 0:
        grace = "" if seconds >= most else ", stale-while-revalidate=0"
        headers["Surrogate-Control"] = f"max-age={min(seconds, most)}{grace}"
        headers["xkey"] = KEY


def purge(*, hard: bool) -> None:
    """Tells every cache in front; one that doesn't answer holds up one publication for a second, and is told again."""
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
        logger.warning("front_cache_not_told", extra={"error": type(error).__name__})
        _silent[address] = time.monotonic() + SPARED
        return
    finally:
        connection.close()
    if status >= 300:
        logger.warning("front_cache_refused", extra={"status": status})
