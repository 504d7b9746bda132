"""View decorators of the embeds: framing by other sites, and caching."""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2s
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.clickjacking import xframe_options_exempt


def framed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Lets any site frame the view (X-Frame-Options, and CSP if django-csp is installed). Only the embeds use it."""
    view = xframe_options_exempt(view)
    if find_spec("csp"):
        from csp.decorators import csp_replace

        view = csp_replace({"frame-ancestors": ["*"]})(view)
    return view


def checked_each_time(view: Callable[..., Any]) -> Callable[..., Any]:
    """Forbids shared caches to store the response, so that each load is counted and withdrawn content disappears at once.

    Adds an ETag: a browser that has the current version gets 304 without body.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            digest = blake2s(response.content, digest_size=12).hexdigest()
            etag = f"W/{quote_etag(digest)}"
            response["ETag"] = etag
            response = get_conditional_response(request, etag=etag, response=response)
        response["Cache-Control"] = "private, no-cache"
        return response

    return answer
