"""A proof of work of our own, asked of a source that insists: its machine computes for a second, no third party is called."""

import hashlib
import secrets

from django.core import signing
from django.core.cache import cache

from fiches.forms.throttle import UNAVAILABLE

SALT = "fiches.preuve"
# Leading zero bits of SHA-256(challenge + ":" + answer): some 65,000 tries.
BITS = 16
MINUTES = 20


def challenge() -> str:
    """A signed text to work on, good for MINUTES and for one answer."""
    return signing.dumps(secrets.token_hex(8), salt=SALT)


def is_proved(defi: str | None, reponse: str | None) -> bool:
    """True when ``reponse`` is the work asked for by a challenge of ours that nobody used yet."""
    try:
        signing.loads(defi or "", salt=SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        return False
    digest = hashlib.sha256(f"{defi}:{reponse}".encode()).digest()
    if int.from_bytes(digest[:4]) >> (32 - BITS):
        return False
    try:
        return cache.add(f"preuve:{digest.hex()}", 1, MINUTES * 60)
    except UNAVAILABLE:
        return True


def work(defi: str) -> str:
    """What the visitor's browser does (static/fiches/preuve.js)."""
    reponse = 0
    while int.from_bytes(hashlib.sha256(f"{defi}:{reponse}".encode()).digest()[:4]) >> (32 - BITS):
        reponse += 1
    return str(reponse)
