"""The language of a request is the one that its address begins with: nothing is guessed from the browser, so that an
address shows everyone the same."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import override

from fiches import langues


def language_of(path: str) -> str:
    """« /en/… » is English where the operator offers it; an address without a prefix is in the site's own language."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in langues.languages()[1:] else langues.default_language()


class LanguageMiddleware:
    """Stands before whatever resolves the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code = language_of(request.path_info)
        with override(code), langues.activated(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html") and not response.has_header("Content-Language"):
            response["Content-Language"] = code
        return response
