"""The secrets of links sent by mail: random, kept as fingerprints only, so that a stolen database opens nothing."""

import hashlib
import secrets

BYTES = 32
LENGTH = 43
"""Characters of a secret in an address."""


def new_secret():
    return secrets.token_urlsafe(BYTES)


def fingerprint(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


class SecretConverter:
    """`<secret:…>` in an address."""

    regex = f"[A-Za-z0-9_-]{{{LENGTH}}}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value
