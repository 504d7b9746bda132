"""Translates the errors of Wagtail's own APIs into French, or leaves them in English if ``Accept-Language`` prefers it.

v3 answers with problem details (RFC 9457); v2 keeps its own ``message``, with the keys of a problem added.
"""

import json
import re
from http import HTTPStatus
from typing import Any, get_args

from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI
from pydantic_core.core_schema import ErrorType
from wagtail.api.v3.errors import PROBLEM_JSON, problem_response
from wagtail.snippets.api.v3.router import enabled_models

from fiches.diffusion.api.problems import in_language_of
from fiches.models.revisions import AliasHasNoRevisions

TITLES = {
    HTTPStatus.BAD_REQUEST: _("This request can’t be read."),
    HTTPStatus.UNAUTHORIZED: _("A token is needed."),
    HTTPStatus.FORBIDDEN: _("This is not allowed."),
    HTTPStatus.NOT_FOUND: _("Nothing here."),
    HTTPStatus.METHOD_NOT_ALLOWED: _("This method is not possible here."),
    HTTPStatus.CONFLICT: _("The page is not in a state that allows this."),
    HTTPStatus.UNPROCESSABLE_ENTITY: _("What was sent can’t be kept."),
}
# Wagtail's messages (regular expressions) and ours. Named groups fill our placeholders.
WORDINGS = {
    r"query parameter is not an operation or a recognised field: (?P<names>.+)": _("Unknown parameters: %(names)s."),
    r"(?P<name>\w+) must be a positive integer": _("%(name)s: give a positive whole number."),
    r"limit cannot be higher than (?P<most>\d+)": _("limit: the largest value is %(most)s."),
    r"cannot order by '(?P<name>.*)' \(.*\)": _("order: the field “%(name)s” gives no order."),
    r"cannot (?:filter|order) by '(?P<name>.*)' while searching .*": _(
        "search: a search can’t be combined with the field “%(name)s”."
    ),
    r"random ordering .*": _("order: a random order can’t be combined with another field or with offset."),
    r"unknown fields: (?P<names>.+)": _("fields: unknown fields: %(names)s."),
    r"fields error: .*|'.*' does not support nested fields": _("fields: this list can’t be read."),
    r"field filter error\. '(?P<value>.*)' is not a valid value for (?P<name>\S+) .*": _(
        "%(name)s: “%(value)s” is not a possible value."
    ),
    r"field filter error\. null characters are not allowed for (?P<name>\S+)": _(
        "%(name)s: holds characters that aren’t text"
    ),
    r"type doesn't exist": _("type: there is no such type of page."),
    r"(?:parent|ancestor|descendant|translation_of) page doesn't exist": _("The page that was named does not exist."),
    r"filtering by .* is not supported": _("These filters can’t be combined."),
    r"rich_text_format must be one of (?P<formats>.*), got .*": _("rich_text_format: is one of %(formats)s."),
    r"Authentication required|Unauthorized": _("Send a token: “Authorization: Bearer …”."),
    r"Permission denied|You do not have permission .*": _("Your account may not do this."),
    r"Cannot parse request body.*": _("The body is not a JSON object: write {…}"),
    r"Validation failed": _("Each error is told in “errors”."),
    r"filtering by .*|Cannot filter by .*|Cannot order by .*": _("These filters can’t be combined."),
    r"Field filter error, '(?P<value>.*)' is not a valid value for (?P<name>\w+)\..*": _(
        "%(name)s: “%(value)s” is not a possible value."
    ),
    r"No \w+ matches the given (?P<name>\w+) value": _("%(name)s: no public page has this number."),
    r"Rich text input format must be one of (?P<formats>.*), got .*": _("format: is one of %(formats)s."),
    r"Rich text input .*": _("Give a text, or an object with “format” and “content”, a text."),
    r"(?P<place>[\w-]+): unrecognised block type '(?P<name>.*)'": _("%(place)s: there is no block “%(name)s” here."),
}
# Answered with a line of English text, and with the site's page.
NOT_IN_JSON = {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_FOUND}
SNIPPETS = "/api/v3/snippets/"
NO_SNIPPETS = _("This site gives no snippets by the API. See its pages, images and documents: /api/v3/docs/.")
UNREADABLE_FORM = _("The multipart/form-data body can’t be read: give its “boundary” in Content-Type.")
# Messages for the types of errors of pydantic, which checks the types of values: the beginning of the type, and the message.
# Types that are not listed have the last message.
VALUES = {
    "missing": _("This value is missing."),
    "int": _("Give a whole number."),
    "float": _("Give a number."),
    "decimal": _("Give a number."),
    "string_too_long": _("This text is too long."),
    "string_too_short": _("This text is too short."),
    "string": _("Give a text."),
    "bool": _("Give true or false."),
    "list": _("Give a list."),
    "dict": _("Give an object."),
    "model": _("Give an object."),
    "datetime": _("Give a date and an hour: 2027-05-31T14:00:00+02:00."),
    "date": _("Give a date: 2027-05-31."),
    "time": _("Give an hour: 14:00."),
    "greater_than": _("This number is too small."),
    "less_than": _("This number is too large."),
    "union_tag": _("There is no such type: see the address /api/v3/schema/."),
    "json": _("This text is not JSON."),
    "extra_forbidden": _("This key does not exist, or can’t be written."),
    "": _("This value is not possible here."),
}
# Where pydantic found the errors of a request. Errors of forms have the name of a field there.
PLACES = {"body", "query", "path", "header", "cookie", "form", "file"}
PYDANTIC = set(get_args(ErrorType))


def answer_refusals(api: NinjaAPI) -> None:
    """Makes API v3 answer with the reason: 409 to a change or a publication of an alias, 400 to a form that can't be read."""

    def answer_conflict(request: HttpRequest, refusal: Any) -> HttpResponse:
        with in_language_of(request):
            return problem_response(status=HTTPStatus.CONFLICT, detail=" ".join(refusal.messages))

    def answer_unreadable(request: HttpRequest, refusal: Any) -> HttpResponse:
        with in_language_of(request):
            return problem_response(status=HTTPStatus.BAD_REQUEST, detail=gettext(UNREADABLE_FORM))

    api.add_exception_handler(AliasHasNoRevisions, answer_conflict)
    api.add_exception_handler(MultiPartParserError, answer_unreadable)


def reword(request: HttpRequest, response: HttpResponseBase) -> None:
    """Rewrites the body of an error response (4xx, JSON) in place, in the language of the request."""
    if not 400 <= response.status_code < 500 or not isinstance(response, HttpResponse):
        return
    if "json" in response.get("Content-Type", ""):
        body = json.loads(response.content)
    elif response.status_code in NOT_IN_JSON:
        body, response["Content-Type"] = {}, PROBLEM_JSON
    else:
        return
    if not isinstance(body, dict):
        return
    with in_language_of(request):
        status = HTTPStatus(response.status_code)
        detail = _detail(request, response, str(body.get("message") or body.get("detail") or ""))
        title = gettext(TITLES[status]) if status in TITLES else status.phrase
        for error in body.get("errors") or ():
            error["msg"] = _message(error)
    problem = {"type": "about:blank", "title": title, "status": status.value, "detail": detail}
    legacy = {"message": detail} if request.path_info.startswith("/api/v2/") else {}
    response.content = json.dumps({**body, **legacy, **problem}, ensure_ascii=False).encode()
    patch_vary_headers(response, ["Accept-Language"])


def has_no_snippets(request: HttpRequest) -> bool:
    """Whether the request is for snippets, and no model is offered as one."""
    return request.path_info.startswith(SNIPPETS) and not enabled_models


def _detail(request: HttpRequest, response: HttpResponse, words: str) -> str:
    if response.status_code == HTTPStatus.NOT_FOUND and has_no_snippets(request):
        return gettext(NO_SNIPPETS)
    if response.status_code == HTTPStatus.NOT_FOUND:
        return gettext("There is no such address, or it is not public.")
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        methods = sorted(filter(None, response.get("Allow", "").split(", ")))
        if not {*methods} - {"GET", "HEAD", "OPTIONS"}:
            return gettext("%(method)s is not possible here: only GET is.") % {"method": request.method}
        possible = {"method": request.method, "methods": ", ".join(methods)}
        return gettext("%(method)s is not possible here. Possible: %(methods)s.") % possible
    return _translated(words)


def _translated(words: str) -> str:
    """A message of Wagtail's, or ours, in the active language; as it is if it is not among ``WORDINGS``."""
    for pattern, wording in WORDINGS.items():
        match = re.fullmatch(pattern, words.removesuffix("."), re.DOTALL)
        if match and get_language() != "en":
            return gettext(wording) % match.groupdict()
    return words


def _message(error: dict[str, Any]) -> str:
    """The message of one of the ``errors`` of a response, in the active language."""
    words = str(error.get("msg", ""))
    if get_language() == "en" or not PLACES & set(map(str, error.get("loc", [])[:1])):
        return _translated(words)
    kind = str(error.get("type", ""))
    if kind not in PYDANTIC:  # the message of a form, which is in the active language
        return _translated(words)
    if kind == "value_error":
        return _translated(words.removeprefix("Value error, "))
    if kind == "literal_error":
        return gettext("Give one of these values: %(values)s.") % {"values": error.get("ctx", {}).get("expected", "")}
    return gettext(next(wording for start, wording in VALUES.items() if kind.startswith(start)))
