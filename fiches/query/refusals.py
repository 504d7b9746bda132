"""The response to a query that can't be read, of the files beside the pages: map, calendar."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

# ``read()`` parses the query in the active language and returns ``{parameter: message}``.
Read = Callable[[], dict[str, str]]


def _plain(request: HttpRequest, read: Read) -> HttpResponse:
    return HttpResponseBadRequest(" ".join(read().values()), content_type="text/plain; charset=utf-8")


_answers: list[Callable[[HttpRequest, Read], HttpResponse]] = [_plain]


def register_refusal(answer: Callable[[HttpRequest, Read], HttpResponse]) -> None:
    """Registers ``answer(request, read)``, which replaces the plain text. Called from ``AppConfig.ready()``."""
    _answers.append(answer)


def refuse(request: HttpRequest, read: Read) -> HttpResponse:
    """The 400 response: the API's if `fiches.diffusion` is installed, else plain text."""
    return _answers[-1](request, read)
