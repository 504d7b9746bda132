"""Which state of the content an answer shows, so that a client that has it is told so (RFC 9110: 304)."""

from collections.abc import Callable
from datetime import UTC, timedelta
from functools import wraps
from hashlib import blake2s
from typing import NamedTuple

from django.db.models import Count, Exists, Max, Min, QuerySet, Subquery
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.text import compress_string
from wagtail.models import Page

from fiches.compression import reads_gzip
from fiches.diffusion.models import Version
from fiches.models import VersionDeRecherche

MAX_AGE = 60
LEAST_GZIPPED = 500


class Release(NamedTuple):
    """What a room makes public at an instant set before: ``overdue(now)`` are the records whose instant has come and that
    are not settled, ``upcoming(now)`` the instants to come, the next one first; ``settle()`` renews what was kept."""

    overdue: Callable[..., QuerySet]
    upcoming: Callable[..., QuerySet]
    settle: Callable[[], int]


_releases: list[Release] = []


def register_release(overdue, upcoming, settle):
    """Called from ``AppConfig.ready()``. Asked in the query that every answer makes anyway: no scheduler is waited for."""
    _releases.append(Release(overdue, upcoming, settle))


class State(NamedTuple):
    """``token`` changes with whatever the outside may see; ``valid_until`` is when it next changes by itself, if known."""

    token: str
    changed: object
    valid_until: object


def current():
    """``(token, instant of the last change)``. One query; a page that expires changes the token by itself."""
    return state()[:2]


def state():
    """The :class:`State` now. One query, but for the first one after something was released."""
    version = _read(timezone.now())
    if version is None:
        return State("", None, None)
    late = [release for number, release in enumerate(_releases) if getattr(version, f"due_{number}")]
    for release in late:
        release.settle()
    if late:
        version = _read(timezone.now())
    token = f"{version.jeton}-{version.recherche}-{version.expirees or 0}"
    ends = [version.expire_ensuite, *(getattr(version, f"next_{number}") for number in range(len(_releases)))]
    changed = max(filter(None, (version.modifie_le, version.expiree_le)))
    return State(token, changed, min(filter(None, ends), default=None))


def _read(now):
    live = Page.objects.filter(live=True).order_by().values("live")
    expired = live.filter(expire_at__lte=now)
    released = {f"due_{number}": Exists(release.overdue(now)) for number, release in enumerate(_releases)}
    awaited = {f"next_{number}": Subquery(release.upcoming(now)[:1]) for number, release in enumerate(_releases)}
    return Version.objects.annotate(
        expirees=Subquery(expired.annotate(number=Count("pk")).values("number")),
        expiree_le=Subquery(expired.annotate(last=Max("expire_at")).values("last")),
        expire_ensuite=Subquery(live.filter(expire_at__gt=now).annotate(next=Min("expire_at")).values("next")),
        recherche=Subquery(VersionDeRecherche.objects.values("jeton")[:1]),
        **released,
        **awaited,
    ).first()


def versioned(view):
    """Answers 304 to who has this state already; else adds ``ETag``, ``Last-Modified``, caching, and compresses.

    ``view(first, ...)``: the request is the first argument that has ``META`` (a route of a page gets the page before).
    """

    @wraps(view)
    def answer(*args, **kwargs):
        request = next(arg for arg in args if hasattr(arg, "META"))
        token, changed, until = state()
        asked = f"{token} {request.get_full_path()} {request.headers.get('Accept-Language', '')[:200]}"
        etag = quote_etag(blake2s(asked.encode("utf-8", "replace"), digest_size=12).hexdigest())
        modified = _whole_second(changed)
        response = _unchanged(request, etag, modified)
        if response is None:
            response = view(*args, **kwargs)
            if response.status_code != 200:
                return response
            compress(request, response)
        response["ETag"] = f"W/{etag}"
        if modified:
            response["Last-Modified"] = http_date(modified)
        patch_cache_control(response, public=True, max_age=max_age(until))
        return response

    return answer


def max_age(until, most=MAX_AGE):
    """How many seconds an answer may be kept: never past the instant ``until`` at which it stops being true."""
    if until is None:
        return most
    return max(0, min(most, int((until - timezone.now()).total_seconds())))


def _unchanged(request, etag, modified):
    if request.method not in ("GET", "HEAD"):
        return None
    found = get_conditional_response(request, etag=f"W/{etag}", last_modified=modified and int(modified))
    return found if found is not None and found.status_code == 304 else None


def _whole_second(changed):
    """Rounded up once that second has passed, so that two changes within one second never share a date."""
    if changed is None:
        return None
    up = changed.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
    return (up if up <= timezone.now() else up - timedelta(seconds=1)).timestamp()


def compress(request, response):
    """Gzip for those who read it. No secret stands beside what a client chooses: nothing to guess by its length."""
    response["Vary"] = "Accept-Encoding, Accept-Language"
    if response.streaming:
        return
    if reads_gzip(request) and len(response.content) >= LEAST_GZIPPED:
        response.content = compress_string(response.content)
        response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
