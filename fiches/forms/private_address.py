"""The rules of an address that holds a secret: kept by no cache, told to no other page, indexed by no one."""

from django.http import HttpResponse

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
