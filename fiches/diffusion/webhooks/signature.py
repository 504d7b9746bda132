"""Secrets and signatures, as Standard Webhooks has them (https://www.standardwebhooks.com), so that its libraries check ours.

A secret is derived from a random ``sel`` kept in the database and from the site's ``SECRET_KEY``: neither alone signs.
"""

import hmac
import secrets
from base64 import b64encode
from contextlib import suppress
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


def secrets_of(webhook):
    """Those that sign its messages now: its own, and the one before it until the subscriber has had the time to change.

    :raises LostSecretError: nothing that the site knows gives its own.
    """
    found = [_known(webhook.sel, webhook.empreinte)]
    if webhook.a_un_ancien_secret:
        with suppress(LostSecretError):
            found.append(_known(webhook.ancien_sel, webhook.ancienne_empreinte))
    return found


def _known(sel, mark):
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        secret = _derive(key, sel)
        if hmac.compare_digest(fingerprint(secret.hex()), mark):
            return secret
    raise LostSecretError


def _derive(key, sel):
    return hmac.digest(key.encode(), f"rallynov webhook {sel}".encode(), sha256)


def sign(keys, identifier, timestamp, body):
    """The headers that let a receiver check who sent ``body``, which message it is, and when.

    :param keys: the secrets; there is one signature of each, any of which the receiver may check.
    """
    signed = f"{identifier}.{timestamp}.".encode() + body
    signatures = (b64encode(hmac.digest(secret, signed, sha256)).decode() for secret in keys)
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
