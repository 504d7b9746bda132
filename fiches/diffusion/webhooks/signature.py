"""Secrets and signatures, as Standard Webhooks has them (https://www.standardwebhooks.com), so that its libraries check ours.

A secret is derived from a random ``sel`` kept in the database and from the site's ``SECRET_KEY``: neither alone signs.
"""

import hmac
import secrets
from base64 import b64encode
from hashlib import sha256

from django.conf import settings

from fiches.jetons import fingerprint

PREFIX = "whsec_"


class LostSecretError(Exception):
    """The site's key changed and the old one isn't among ``SECRET_KEY_FALLBACKS``: a new secret is to be given."""


def new_secret():
    """``(sel, fingerprint, secret)``; the secret is to be shown once."""
    sel = secrets.token_hex(16)
    secret = _derive(settings.SECRET_KEY, sel)
    return sel, fingerprint(secret.hex()), shown(secret)


def shown(secret):
    return PREFIX + b64encode(secret).decode()


def secret_of(webhook):
    """:raises LostSecretError: nothing that the site knows gives it."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        secret = _derive(key, webhook.sel)
        if hmac.compare_digest(fingerprint(secret.hex()), webhook.empreinte):
            return secret
    raise LostSecretError


def _derive(key, sel):
    return hmac.digest(key.encode(), f"rallynov webhook {sel}".encode(), sha256)


def sign(secret, identifier, timestamp, body):
    """The headers that let a receiver check who sent ``body``, which message it is, and when."""
    signed = f"{identifier}.{timestamp}.".encode() + body
    signature = b64encode(hmac.digest(secret, signed, sha256)).decode()
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
