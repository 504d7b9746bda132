"""URLs that contain a secret token: response headers against caches, referrers and search engines."""

from django.http import HttpResponse

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
