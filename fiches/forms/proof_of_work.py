"""Proof of work for clients that send many forms: the browser computes for about a second; no third party is involved."""

import hashlib
import secrets

from django.core import signing
from django.core.cache import cache

from fiches.forms.throttle import UNAVAILABLE

SALT = "fiches.preuve"
# Leading zero bits required of SHA-256(challenge + ":" + answer): about 65,000 tries.
BITS = 16
MINUTES = 20


def challenge() -> str:
    """Returns a signed challenge, valid for MINUTES and for one answer, whichever it is."""
    return signing.dumps(secrets.token_hex(8), salt=SALT)


def is_proved(defi: str | None, reponse: str | None) -> bool:
    """Returns whether ``reponse`` solves ``defi``, a valid challenge that was not answered before."""
    try:
        drawn = signing.loads(defi or "", salt=SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        return False
    digest = hashlib.sha256(f"{defi}:{reponse}".encode()).digest()
    if int.from_bytes(digest[:4]) >> (32 - BITS):
        return False
    try:
        return cache.add(f"preuve:{drawn}", 1, MINUTES * 60)
    except UNAVAILABLE:
        return True


def work(defi: str, reponse: int = 0) -> str:
    """Returns the smallest number from ``reponse`` on that solves a challenge, as text. static/fiches/preuve.js computes the same in
    the browser."""
    while int.from_bytes(hashlib.sha256(f"{defi}:{reponse}".encode()).digest()[:4]) >> (32 - BITS):
        reponse += 1
    return str(reponse)
