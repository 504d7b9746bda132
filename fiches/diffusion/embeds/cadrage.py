"""What the embeds' addresses answer beside their content: framing, reading from other sites, and what is kept of them."""

from functools import wraps
from hashlib import blake2s
from importlib.util import find_spec

from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.views.decorators.clickjacking import xframe_options_exempt

from fiches.publications.conditional import compress, shared

__all__ = ["checked_each_time", "framed", "shared"]


def framed(view):
    """Any site may frame the page: nothing else of ours, ever. Works with Django's X-Frame-Options and django-csp."""
    view = xframe_options_exempt(view)
    if find_spec("csp"):
        from csp.decorators import csp_replace

        view = csp_replace({"frame-ancestors": ["*"]})(view)
    return view


def checked_each_time(view):
    """No cache in front keeps the answer, so that each load is counted and what is withdrawn is gone at the next one.

    A browser that has the same already gets 304, and no body.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            digest = blake2s(response.content, digest_size=12).hexdigest()
            etag = f"W/{quote_etag(digest)}"
            response["ETag"] = etag
            compress(request, response)
            response = get_conditional_response(request, etag=etag, response=response)
        patch_vary_headers(response, ["Accept-Encoding"])
        response["Cache-Control"] = "private, no-cache"
        return response

    return answer
