"""Secrets of the links sent by mail: random, and stored only as SHA-256 digests, so that a stolen database opens no link."""

import hashlib
import secrets

BYTES = 32
# Characters of a secret in an address.
LENGTH = 43


def new_link_secret() -> str:
    """A new secret for a link, safe in an address."""
    return secrets.token_urlsafe(BYTES)


def secret_fingerprint(secret: str) -> str:
    """The SHA-256 digest of a secret, in hexadecimal: what the database holds."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SecretConverter:
    """URL converter for ``<secret:name>``."""

    regex = f"[A-Za-z0-9_-]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
