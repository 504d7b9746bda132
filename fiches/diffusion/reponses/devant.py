"""The HTTP cache in front of the site: told of what changed, by marks, at once and again a second later.

The second time is for an answer that was on its way when the change came. The cache's own configuration is in
site/deploy/varnish; any cache that takes a ``BAN`` request with the header ``X-Ban`` (a regular expression over
``Surrogate-Key``) will do. One that only forgets addresses is served by ``wagtail.contrib.frontend_cache``.
"""

import http.client
import logging
import threading
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

from fiches.diffusion.reponses.changements import ALL

logger = logging.getLogger(__name__)

TIMEOUT = 1
AGAIN = 1.0
SPARED = 10
"""Seconds during which a cache that didn't answer isn't waited for."""
AT_A_TIME = 100
BETWEEN = "[^a-z0-9-]"
"""What stands around a mark: said without a space or a backslash, which Varnish reads in its own way."""
_silent: dict[str, float] = {}


def addresses():
    """``RALLYNOV_PURGED``: the caches to tell."""
    return getattr(settings, "RALLYNOV_PURGED", [])


def allow(kept, seconds):
    """Lets the caches in front keep this response; they take these headers off it."""
    if seconds > 0:
        kept.headers["Surrogate-Control"] = f"max-age={seconds}"
        kept.headers["Surrogate-Key"] = " ".join(sorted(kept.marks))


def ban(marks: Iterable[str]):
    """Tells every cache in front; one that doesn't answer holds up one publication for a second, and is told again."""
    if not addresses():
        return
    for pattern in patterns(sorted(marks)):
        for address in addresses():
            if time.monotonic() > _silent.get(address, 0):
                _send(address, pattern)
            timer = threading.Timer(AGAIN, _send, (address, pattern))
            timer.daemon = True
            timer.start()


def patterns(marks):
    """Regular expressions over ``Surrogate-Key``, a hundred marks each."""
    if ALL in marks:
        return ["."]
    parts = (marks[start : start + AT_A_TIME] for start in range(0, len(marks), AT_A_TIME))
    return [f"(^|{BETWEEN})({'|'.join(part)})({BETWEEN}|$)" for part in parts]


def _send(address, pattern):
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=TIMEOUT)
    try:
        connection.request("BAN", parts.path or "/", headers={"X-Ban": pattern})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        logger.warning("front_cache_not_told", extra={"error": type(error).__name__})
        _silent[address] = time.monotonic() + SPARED
        return
    finally:
        connection.close()
    if status >= 300:
        logger.warning("front_cache_refused", extra={"status": status})
