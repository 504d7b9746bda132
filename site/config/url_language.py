"""Takes a request's language from its URL prefix only, never from the browser, so that a URL shows everyone the same."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import override

from fiches import content_language


def language_of_path(path: str) -> str:
    """The language of a path: that of its prefix (``/en/…``) if the site offers it, else the site's own."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in content_language.languages()[1:] else content_language.default_language()


class LanguageMiddleware:
    """Activates the language of the URL, and sets ``Content-Language``. Must run before middleware that resolves URLs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code = language_of_path(request.path_info)
        with override(code), content_language.activated(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html") and not response.has_header("Content-Language"):
            response["Content-Language"] = code
        return response
