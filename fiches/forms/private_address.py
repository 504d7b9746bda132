"""URLs that contain a secret token: response headers against caches, referrers and search engines; and a redirect for a URL that
was copied from a mail with the punctuation after it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import re_path
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from fiches.link_secrets import LENGTH

HEADERS = {
    "Cache-Control": "no-store, private",
    # Not "no-referrer": with it browsers send “Origin: null”, and no form would pass the CSRF check. The path stays here.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def keep_private(response: HttpResponse) -> HttpResponse:
    """Adds the headers to ``response`` and returns it."""
    for name, value in HEADERS.items():
        response[name] = value
    return response


# What may follow a URL in a sentence: punctuation, spaces or additional slashes; not the one slash that ends every URL.
# The bracket is escaped for Django, which doesn't read sets when it looks for the end of a group.
TRAILING = r"""(?P<trailing>(?!/?$)[\s/.,;:!?>\)\]»”"'’…]+)$"""


@require_safe
def strip_punctuation(request: HttpRequest, trailing: str) -> HttpResponse:
    """View: redirects to the URL without the punctuation after it."""
    return keep_private(redirect(iri_to_uri(f"{request.path.removesuffix(trailing)}/")))


# A URL whose last segment, or last but one, is a token, followed by punctuation.
copied_link = re_path(
    rf"^(?:[\w-]+/)+[A-Za-z0-9_-]{{{LENGTH},}}(?:/[a-z-]+)?{TRAILING}", strip_punctuation, name="lien_recopie"
)
