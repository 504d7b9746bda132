"""What the embeds' addresses answer beside their content: framing, reading from other sites, and what is kept of them."""

from functools import wraps
from hashlib import blake2s
from importlib.util import find_spec

from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.text import compress_string
from django.views.decorators.clickjacking import xframe_options_exempt

from fiches.diffusion.version import LEAST_GZIPPED, current


def framed(view):
    """Any site may frame the page: nothing else of ours, ever. Works with Django's X-Frame-Options and django-csp."""
    view = xframe_options_exempt(view)
    if find_spec("csp"):
        from csp.decorators import csp_replace

        view = csp_replace({"frame-ancestors": ["*"]})(view)
    return view


def shared(view):
    """Pages of other sites may read the answer, without any cookie."""

    @wraps(view)
    def answer(*args, **kwargs):
        response = view(*args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer


def checked_each_time(view):
    """No cache in front keeps the answer: each load is seen, and what is withdrawn is gone at the next one.

    Who has it already gets 304, in two queries. Étapes pass by themselves: what is kept is an hour old at most.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        token, _changed = current()
        asked = f"{token} {timezone.now():%Y-%m-%d %H} {request.get_full_path()}"
        etag = f"W/{quote_etag(blake2s(asked.encode('utf-8', 'replace'), digest_size=12).hexdigest())}"
        found = get_conditional_response(request, etag=etag)
        is_unchanged = found is not None and found.status_code == 304
        response = found if is_unchanged else view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        if not is_unchanged:
            compress(request, response)
        return response

    return answer


def compress(request, response):
    """Gzip for those who read it."""
    patch_vary_headers(response, ["Accept-Encoding"])
    if "gzip" in request.headers.get("Accept-Encoding", "") and len(response.content) >= LEAST_GZIPPED:
        response.content = compress_string(response.content)
        response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
