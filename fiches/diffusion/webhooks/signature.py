"""Secrets and signatures of webhooks, as Standard Webhooks defines them (https://www.standardwebhooks.com).

A secret is derived from a random salt (``sel``) in the database and from ``SECRET_KEY``: neither is enough to sign.
"""

import hmac
import secrets
from base64 import b64encode
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


def secret_of(webhook: "Webhook") -> bytes:
    """Derives the secret that signs a webhook's messages from ``SECRET_KEY`` or one of its fallbacks.

    :raises LostSecretError: when none of these keys gives it.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        secret = _derive(key, webhook.sel)
        if hmac.compare_digest(secret_fingerprint(secret.hex()), webhook.empreinte):
            return secret
    raise LostSecretError


def _derive(key: Any, sel: str) -> bytes:
    return hmac.digest(key.encode(), f"rallynov webhook {sel}".encode(), sha256)


def sign(secret: bytes, identifier: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Returns the headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature`` of a message.

    :param identifier: the message's id.
    :param timestamp: seconds since the epoch.
    :param body: bytes.
    """
    signed = f"{identifier}.{timestamp}.".encode() + body
    signature = b64encode(hmac.digest(secret, signed, sha256)).decode()
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
