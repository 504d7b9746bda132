"""Error responses as problem details (RFC 9457), in the language of the request (``Accept-Language``)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fiches.publications.responses import language
from fiches.query.parsers import choices

CONTENT_TYPE = "application/problem+json"
# ``{status: (name in addresses, meaning)}``: each ``type`` is the address of the documentation's paragraph on it.
KINDS = {
    400: ("requete-illisible", gettext_lazy("A parameter can’t be read: “parametres” says which one, and why.")),
    404: ("introuvable", gettext_lazy("Nothing is at this address, or what is there isn’t public, or no longer.")),
    405: ("lecture-seule", gettext_lazy("Only GET, HEAD and OPTIONS are possible.")),
    429: ("trop-de-demandes", gettext_lazy("Wait as many seconds as “Retry-After” says.")),
    501: ("format-inconnu", gettext_lazy("oEmbed answers in JSON only.")),
}


class QueryError(Exception):
    """The query string is invalid; ``parameters`` is ``{parameter: message}``."""

    def __init__(self, parameters: dict[str, str]) -> None:
        super().__init__(", ".join(parameters))
        self.parameters = parameters


def problem(status: int, title: str, detail: str, parameters: dict[str, str] | None = None) -> HttpResponse:
    """Returns a problem response; ``parameters`` is ``{parameter: message}``."""
    body = {"type": address_of(status), "title": str(title), "status": status, "detail": str(detail)}
    if parameters:
        body["parametres"] = {name: str(message) for name, message in parameters.items()}
    return HttpResponse(orjson.dumps(body), status=status, content_type=CONTENT_TYPE)


def address_of(status: int) -> str:
    """Returns the ``type`` of a problem: the address of the paragraph of the documentation on it, as a path."""
    return f"{reverse('api_partenaires:docs')}#probleme-{KINDS[status][0]}"


def refused(error: QueryError) -> HttpResponse:
    """Returns the 400 response of a QueryError."""
    detail = " ".join(f"{name}: {message}" for name, message in error.parameters.items())
    return problem(400, _("This query can’t be read."), detail, error.parameters)


def not_found() -> HttpResponse:
    return problem(404, _("Nothing here."), _("There is no such address, or it is not public."))


def not_allowed(method: str) -> HttpResponse:
    """The problem response (RFC 9457) to a method other than GET."""
    return problem(405, _("Reading only."), _("%(method)s is not possible here: only GET is.") % {"method": method})


def too_many(seconds: int) -> HttpResponse:
    detail = ngettext(
        "Ask again in %(seconds)s second, or less often.", "Ask again in %(seconds)s seconds, or less often.", seconds
    )
    return problem(429, _("Too many requests."), detail % {"seconds": seconds})


def example(status: int) -> Any:
    """Returns the body of a response of this status, as the API answers: 400, 404 or 429."""
    _known, unknown = choices(["99"], {})
    response = {400: refused(QueryError({"departement": unknown})), 404: not_found(), 429: too_many(60)}[status]
    return orjson.loads(response.content)


def in_language_of(request: HttpRequest) -> AbstractContextManager:
    """Context manager: activates the language of the request."""
    return translation.override(language(request))


def refused_in_language_of(request: HttpRequest, error: QueryError) -> HttpResponse:
    """Returns the 400 response of a QueryError, in the language of the request."""
    with in_language_of(request):
        return refused(error)


def refused_query(request: HttpRequest, read: Callable[[], dict[str, str]]) -> HttpResponse:
    """Returns the 400 response of a query outside the API (see `fiches.query.map_data`)."""
    with in_language_of(request):
        return refused(QueryError(read()))
