"""Who may try to log in, and how often: by account and address, and without ever keeping out a browser that is known.

A browser is known for an account once someone logged in there, or chose a new password there behind the link of a mail:
a signed cookie says so, until the password changes. What others try against the account is counted apart.
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
# Accounts that one browser is known for.
MOST = 8

# allauth's rates. An account's are the slower ones: some addresses can't use up what is left for another.
FROM_AN_ADDRESS = "10/m/ip,5/5m/key,20/h/key"
FOR_AN_ACCOUNT = "100/h/key"
FROM_A_KNOWN_BROWSER = "10/5m/key"
# A second factor has a million codes, and who tries them has the password: counted over all addresses.
CODES = "10/m/ip,5/5m/key"
REQUESTS, REQUESTS_OF_A_KNOWN_BROWSER = "30/m/ip", "60/m/key"


def remember(request: HttpRequest, response: HttpResponseBase, user: AbstractBaseUser, *, fully: bool) -> None:
    """Makes the browser known for ``user``; ``fully`` when the second factor was shown too, where there is one."""
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
    fingerprint, complete = _known(request).get(str(user.pk), ("", False))
    return fingerprint == _fingerprint(user) and (complete or not fully)


def count_request(request: HttpRequest) -> RateLimitUsage | None:
    """None when this address, or this known browser, sends the form of the log-in too often."""
    if _known(request):
        return _spend(request, "login", REQUESTS_OF_A_KNOWN_BROWSER, _browser(request))
    return _spend(request, "login", REQUESTS)


def count_password(request: HttpRequest, account: str, user: AbstractBaseUser | None) -> RateLimitUsage | None:
    """Counts a try at ``account``; None when it is one too many. What is returned is given back when the password is right."""
    if user and knows(request, user):
        return _spend(request, "login_failed", FROM_A_KNOWN_BROWSER, f"{account}:{_browser(request)}")
    here = _spend(request, "login_failed", FROM_AN_ADDRESS, f"{account}:{ratelimit.get_ip(request)}")
    everywhere = here and _spend(request, "login_failed", FOR_AN_ACCOUNT, account)
    return RateLimitUsage(usage=[*here.usage, *everywhere.usage]) if here and everywhere else None


def count_code(request: HttpRequest, user: AbstractBaseUser) -> RateLimitUsage | None:
    """The same for a code of the second factor of ``user``."""
    if knows(request, user, fully=True):
        return _spend(request, "code", FROM_A_KNOWN_BROWSER, f"{user.pk}:{_browser(request)}")
    return _spend(request, "code", CODES, str(user.pk))


def _spend(request: HttpRequest, action: str, rates: str, key: str | None = None) -> RateLimitUsage | None:
    return ratelimit.consume(request, app="site", action=action, config={action: rates}, key=key)


def _known(request: HttpRequest) -> dict[str, Any]:
    """``{account: [fingerprint of its password, whether the second factor was shown]}``."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return {}


def _browser(request: HttpRequest) -> str:
    return hashlib.sha256(request.COOKIES[COOKIE].encode()).hexdigest()


def _fingerprint(user: AbstractBaseUser) -> str:
    return salted_hmac(SALT, f"{user.pk}:{user.password}", algorithm="sha256").hexdigest()[:32]
