"""The HTTP cache in front of the site: told of what changed, by marks, at once and again a second later.

The second time is for an answer that was on its way when the change came. The cache's own configuration is in
site/deploy/varnish; any cache that takes a ``BAN`` request with the header ``X-Ban`` (a regular expression over
``Surrogate-Key``) will do. One that only forgets addresses is served by ``wagtail.contrib.frontend_cache``.
"""

import http.client
import logging
import re
import threading
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

from fiches.diffusion.reponses.changements import ALL

logger = logging.getLogger(__name__)

TIMEOUT = 1
AGAIN = 1.0
AT_A_TIME = 100


def addresses():
    """``RALLYNOV_PURGED``: the caches to tell."""
    return getattr(settings, "RALLYNOV_PURGED", [])


def allow(kept, seconds):
    """Lets the caches in front keep this response; they take these headers off it."""
    if seconds > 0:
        kept.headers["Surrogate-Control"] = f"max-age={seconds}"
        kept.headers["Surrogate-Key"] = " ".join(sorted(kept.marks))


def ban(marks: Iterable[str]):
    """Tells every cache in front; a cache that doesn't answer holds nothing up, and is told again."""
    if not addresses():
        return
    for pattern in patterns(sorted(marks)):
        for address in addresses():
            _send(address, pattern)
            timer = threading.Timer(AGAIN, _send, (address, pattern))
            timer.daemon = True
            timer.start()


def patterns(marks):
    """Regular expressions over ``Surrogate-Key``, a hundred marks each."""
    if ALL in marks:
        return ["."]
    parts = (marks[start : start + AT_A_TIME] for start in range(0, len(marks), AT_A_TIME))
    return [f"(^| )({'|'.join(map(re.escape, part))})( |$)".replace(r"\-", "-") for part in parts]


def _send(address, pattern):
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=TIMEOUT)
    try:
        connection.request("BAN", parts.path or "/", headers={"X-Ban": pattern})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        logger.warning("front_cache_not_told", extra={"error": type(error).__name__})
        return
    finally:
        connection.close()
    if status >= 300:
        logger.warning("front_cache_refused", extra={"status": status})
