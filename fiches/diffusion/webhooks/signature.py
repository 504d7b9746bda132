"""Secrets and signatures of webhooks, as Standard Webhooks defines them (https://www.standardwebhooks.com).

A secret is derived from a random salt (``sel``) in the database and from ``SECRET_KEY``: neither is enough to sign.
"""

import hmac
import secrets
from base64 import b64encode
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings

from fiches.link_secrets import secret_fingerprint

if TYPE_CHECKING:
    from fiches.diffusion.models import Webhook


PREFIX = "whsec_"


class LostSecretError(Exception):
    """``SECRET_KEY`` changed and the old key isn't in ``SECRET_KEY_FALLBACKS``: the webhook needs a new secret."""


def new_signing_secret() -> tuple[str, str, str]:
    """Returns ``(sel, fingerprint, secret)``: the first two are stored, the third is shown once."""
    sel = secrets.token_hex()
    secret = _derive(settings.SECRET_KEY, sel)
    return sel, secret_fingerprint(secret.hex()), encode_secret(secret)


def encode_secret(secret: bytes) -> str:
    """Returns a secret (bytes) in the text form of Standard Webhooks: ``whsec_`` and base64."""
    return PREFIX + b64encode(secret).decode()


def secrets_of(webhook: "Webhook") -> list[bytes]:
    """Returns the secrets (bytes) that sign a webhook's messages now: the current one, and the previous one while it is valid.

    :raises LostSecretError: when none of the site's keys gives the current secret.
    """
    valid = [_recover(webhook.sel, webhook.empreinte)]
    if webhook.a_un_ancien_secret:
        with suppress(LostSecretError):
            valid.append(_recover(webhook.ancien_sel, webhook.ancienne_empreinte))
    return valid


def _recover(sel: str, expected: str) -> bytes:
    """Derives the secret whose fingerprint is ``expected`` from ``SECRET_KEY`` or one of its fallbacks."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        secret = _derive(key, sel)
        if hmac.compare_digest(secret_fingerprint(secret.hex()), expected):
            return secret
    raise LostSecretError


def _derive(key: Any, sel: str) -> bytes:
    return hmac.digest(key.encode(), f"rallynov webhook {sel}".encode(), sha256)


def sign(keys: list[bytes], identifier: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Returns the headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature`` of a message.

    :param keys: secrets (bytes); the header holds one signature for each, of which the receiver checks any.
    :param identifier: the message's id.
    :param timestamp: seconds since the epoch.
    :param body: bytes.
    """
    signed = f"{identifier}.{timestamp}.".encode() + body
    signatures = (b64encode(hmac.digest(secret, signed, sha256)).decode() for secret in keys)
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
