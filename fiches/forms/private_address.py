"""The rules of an address that holds a secret: kept by no cache, told to no other page, indexed by no one; found again when it
was copied from a mail with the end of its sentence."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import re_path
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from fiches.jetons import LENGTH

HEADERS = {
    "Cache-Control": "no-store, private",
    # Not "no-referrer": with it browsers send “Origin: null”, and no form would pass the CSRF check. The path stays here.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def keep_private(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response[name] = value
    return response


# What stands after an address in a sentence, as a sign or as HTML writes it, or a slash too many.
END = r"""(?:/?(?:[\s.,;:!?>)\]»”"'’…]|&(?:gt|lt|amp|quot|nbsp|\#39);?)+/?|//+)$"""


@require_safe
def without_its_end(request: HttpRequest) -> HttpResponse:
    """Redirects to the address without the punctuation after it."""
    return keep_private(redirect(iri_to_uri(re.sub(END, "/", request.path))))


# An address whose last part, or last but one, is a secret, followed by punctuation.
copied_link = re_path(
    rf"^(?:[\w-]+/)+[A-Za-z0-9_-]{{{LENGTH},}}(?:/[a-z-]+)?{END}", without_its_end, name="lien_recopie"
)
