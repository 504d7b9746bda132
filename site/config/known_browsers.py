"""Rate limits of log-in, by account and IP address, with separate limits for known browsers.

A browser is known for an account once someone has logged in with it, or set a new password with it through a mailed link. A
signed cookie records this until the password changes. So attempts by others never lock the owner out of a known browser.
"""

import hashlib
from typing import Any

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "appareil"
PATH = "/admin/"
SALT = "config.appareils"
YEAR = 365 * 24 * 3600
# How many accounts one browser can be known for.
MOST = 8

# In allauth's syntax. The limit per account is higher than that per address, so that one address can't use it up.
FROM_AN_ADDRESS = "10/m/ip,5/5m/key,20/h/key"
FOR_AN_ACCOUNT = "100/h/key"
FROM_A_KNOWN_BROWSER = "10/5m/key"
# There are a million codes, and whoever tries them has the password: counted over all addresses.
CODES = "10/m/ip,5/5m/key"
REQUESTS, REQUESTS_OF_A_KNOWN_BROWSER = "30/m/ip", "60/m/key"


def remember(request: HttpRequest, response: HttpResponseBase, user: AbstractBaseUser, *, fully: bool) -> None:
    """Sets the cookie that makes the browser known for ``user``. ``fully``: the second factor, if any, was passed too."""
    known = {**_known(request)}
    known.pop(str(user.pk), None)
    known = dict([*known.items(), (str(user.pk), [_fingerprint(user), fully])][-MOST:])
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=SALT),
        max_age=YEAR,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def knows(request: HttpRequest, user: AbstractBaseUser, *, fully: bool = False) -> bool:
    """Whether the browser is known for ``user``, with the second factor if ``fully``."""
    fingerprint, complete = _known(request).get(str(user.pk), ("", False))
    return fingerprint == _fingerprint(user) and (complete or not fully)


def count_request(request: HttpRequest) -> RateLimitUsage | None:
    """Counts a request to the log-in form, per IP address or known browser; returns None when the limit is exceeded."""
    if _known(request):
        return _spend(request, "login", REQUESTS_OF_A_KNOWN_BROWSER, _browser(request))
    return _spend(request, "login", REQUESTS)


def count_password(request: HttpRequest, account: str, user: AbstractBaseUser | None) -> RateLimitUsage | None:
    """Counts an attempt at ``account``; returns None when the limit is exceeded. The caller rolls back the returned usage when
    the password is right."""
    if user and knows(request, user):
        return _spend(request, "login_failed", FROM_A_KNOWN_BROWSER, f"{account}:{_browser(request)}")
    by_address = _spend(request, "login_failed", FROM_AN_ADDRESS, f"{account}:{ratelimit.get_ip(request)}")
    by_account = by_address and _spend(request, "login_failed", FOR_AN_ACCOUNT, account)
    return RateLimitUsage(usage=[*by_address.usage, *by_account.usage]) if by_address and by_account else None


def count_code(request: HttpRequest, user: AbstractBaseUser) -> RateLimitUsage | None:
    """As :func:`count_password`, for a code of the second factor of ``user``."""
    if knows(request, user, fully=True):
        return _spend(request, "code", FROM_A_KNOWN_BROWSER, f"{user.pk}:{_browser(request)}")
    return _spend(request, "code", CODES, str(user.pk))


def _spend(request: HttpRequest, action: str, rates: str, key: str | None = None) -> RateLimitUsage | None:
    return ratelimit.consume(request, app="site", action=action, config={action: rates}, key=key)


def _known(request: HttpRequest) -> dict[str, Any]:
    """The cookie's contents: ``{account pk: [fingerprint of its password, whether the second factor was passed]}``."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return {}


def _browser(request: HttpRequest) -> str:
    return hashlib.sha256(request.COOKIES[COOKIE].encode()).hexdigest()


def _fingerprint(user: AbstractBaseUser) -> str:
    return salted_hmac(SALT, f"{user.pk}:{user.password}", algorithm="sha256").hexdigest()[:32]
