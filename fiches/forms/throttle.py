"""Counts the uses of a public form by client, in the cache, under a keyed hash of the address that changes daily. Without a working
cache, the forms are not limited."""

import ipaddress
import time

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

UNAVAILABLE: tuple[type[Exception], ...] = (OSError, ValueError)
try:
    from redis.exceptions import RedisError
except ImportError:
    pass  # the host doesn't use Redis
else:
    UNAVAILABLE += (RedisError,)
HOUR = 3600
SALT = "fiches.throttle"
# Seconds: a form that is sent faster was not filled in by a person.
MINIMUM = 2.0


def source(request: HttpRequest) -> str:
    """Returns the client's network: its IPv4 address, or its IPv6 /64.

    Reads REMOTE_ADDR only, which the site's middleware sets from the proxy header that it trusts.
    """
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
    """Counts one use of ``what`` by the client (or by ``who``).

    :param period: seconds after which the counter restarts.
    :returns: the uses in the current period, this one included; 0 when the cache is unavailable.
    """
    key = _key(request, what, period, who)
    try:
        cache.add(key, 0, period)
        return cache.incr(key)
    except UNAVAILABLE:
        return 0


def _key(request: HttpRequest, what: str, period: int, who: object) -> str:
    name = salted_hmac(SALT, f"{timezone.now():%Y-%m-%d} {who or source(request)}").hexdigest()
    return f"limites:{what}:{name}:{int(time.time()) // period}"


def start_mark() -> str:
    """Returns the current time, signed, for a form's hidden field."""
    return signing.dumps(time.time(), salt=SALT)


def is_hasty(mark: str | None) -> bool:
    """Returns whether a form was sent less than MINIMUM seconds after it was shown, or without a valid ``mark``."""
    try:
        started = signing.loads(mark or "", salt=SALT)
    except signing.BadSignature:
        return True
    return time.time() - started < MINIMUM
