"""Addresses of one person: their secrets, random and stored only as SHA-256 digests, so that a stolen database opens no link; the
response headers against caches, referrers and search engines. And the keys that forms and addresses send."""

import hashlib
import secrets
from uuid import NAMESPACE_OID, UUID, uuid5

from django.http import HttpResponse
from django.urls.converters import StringConverter

BYTES = 32
# Characters of a secret in an address.
LENGTH = 43


def new_link_secret() -> str:
    """A new secret for a link, safe in an address."""
    return secrets.token_urlsafe(BYTES)


def secret_fingerprint(secret: str) -> str:
    """The SHA-256 digest of a secret, in hexadecimal: what the database holds."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SecretConverter(StringConverter):
    """URL converter for ``<secret:name>``."""

    regex = f"[A-Za-z0-9_-]{{{LENGTH}}}"


HEADERS = {
    "Cache-Control": "no-store, private",
    # Not "no-referrer": with it browsers send “Origin: null”, and no form would pass the CSRF check. The path stays here.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def keep_private(response: HttpResponse) -> HttpResponse:
    """Adds the headers to ``response`` and returns it."""
    for name, value in HEADERS.items():
        response[name] = value
    return response


def read_key(text: str) -> int | None:
    """The primary key in ``text``, or None: it must be digits that fit any database's column. Longer ones are an error of ``int``,
    of SQLite or of PostgreSQL."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def submission_key(mark: object, *texts: str) -> UUID:
    """Returns the key of these texts, sent from the opening of a form that ``mark`` identifies: other texts sent from it, after
    the back button, have another key."""
    return uuid5(NAMESPACE_OID, repr((str(mark), *texts)))
