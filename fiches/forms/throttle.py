"""How often one source may use a public form. The counters are a help: without their cache, the forms still work."""

import hashlib
import ipaddress
import time

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest

UNAVAILABLE: tuple[type[Exception], ...] = (OSError, ValueError)
try:
    from redis.exceptions import RedisError
except ImportError:
    pass  # a host without Redis has no error of Redis to catch
else:
    UNAVAILABLE += (RedisError,)
HOUR = 3600
SALT = "fiches.depart"
# Seconds below which nobody has read a form and filled it in.
MINIMUM = 2.0


def source(request: HttpRequest) -> str:
    """The visitor's network: an address, or the 64 bits that an IPv6 subscriber has. Which header is believed is the
    site's business (REMOTE_ADDR is set by its middleware)."""
    address = request.META.get("REMOTE_ADDR", "")
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if mapped := getattr(parsed, "ipv4_mapped", None):
        return str(mapped)
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return address


def count(request: HttpRequest, what: str, *, period: int = HOUR, who: object = None) -> int:
    """How many times this source (or ``who``) did ``what`` within ``period`` seconds, this one included; 0 when the
    counters can't be had."""
    name = hashlib.sha256(f"{who or source(request)}".encode()).hexdigest()[:32]
    key = f"limites:{what}:{name}:{int(time.time()) // period}"
    try:
        cache.add(key, 0, period)
        return cache.incr(key)
    except UNAVAILABLE:
        return 0


def start_mark() -> str:
    """A signed time, for a form's hidden field."""
    return signing.dumps(round(time.time(), 2), salt=SALT)


def is_hasty(mark: str | None) -> bool:
    """True for a form sent back faster than a person reads, or without our mark."""
    try:
        started = signing.loads(mark or "", salt=SALT)
    except signing.BadSignature:
        return True
    return time.time() - started < MINIMUM
