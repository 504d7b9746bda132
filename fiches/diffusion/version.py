"""Which state of the content an answer shows, so that a client that has it is told so (RFC 9110: 304)."""

from datetime import UTC, timedelta
from functools import wraps
from hashlib import blake2s

from django.db.models import Count, Max, Subquery
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.text import compress_string
from wagtail.models import Page

from fiches.diffusion.models import Version
from fiches.models import VersionDeRecherche

MAX_AGE = 60
LEAST_GZIPPED = 500


def current():
    """``(token, instant of the last change)``. One query; a page that expires changes the token by itself."""
    expired = Page.objects.filter(live=True, expire_at__lte=timezone.now()).order_by()
    version = Version.objects.annotate(
        expirees=Subquery(expired.values("live").annotate(number=Count("pk")).values("number")),
        expiree_le=Subquery(expired.values("live").annotate(last=Max("expire_at")).values("last")),
        recherche=Subquery(VersionDeRecherche.objects.values("jeton")[:1]),
    ).first()
    if version is None:
        return "", None
    token = f"{version.jeton}-{version.recherche}-{version.expirees or 0}"
    return token, max(filter(None, (version.modifie_le, version.expiree_le)))


def versioned(view):
    """Answers 304 to who has this state already; else adds ``ETag``, ``Last-Modified``, caching, and compresses.

    ``view(first, ...)``: the request is the first argument that has ``META`` (a route of a page gets the page before).
    """

    @wraps(view)
    def answer(*args, **kwargs):
        request = next(arg for arg in args if hasattr(arg, "META"))
        token, changed = current()
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
        patch_cache_control(response, public=True, max_age=MAX_AGE)
        return response

    return answer


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
    if "gzip" in request.headers.get("Accept-Encoding", "") and len(response.content) >= LEAST_GZIPPED:
        response.content = compress_string(response.content)
        response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
