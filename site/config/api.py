"""Wagtail's own APIs, for existing headless clients: v2 to read, v3 (a preview in Wagtail) to read and write.

They contain public fields only, which each model lists in `api_fields`. Wagtail answers 500 to several queries that anyone
can send; the middleware here answers 400 with the reason first. `config.api_errors` translates Wagtail's errors.
"""

import json
import re
from collections.abc import Callable
from http import HTTPStatus

from django.db.models import Model, QuerySet
from django.http import HttpRequest, JsonResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.query import PageQuerySet

from config.api_errors import UNREADABLE_FORM, has_no_snippets, reword
from config.api_written_keys import ignored_keys, reads_a_form
from fiches.diffusion.api.problems import in_language_of
from fiches.media import access
from fiches.query.parsers import UNREADABLE


class PublicMedia:
    """Lists media shown by public pages only. (Wagtail hides private collections only, and not those that the session may
    open.)"""

    model: type[Model]

    def get_queryset(self) -> QuerySet:
        return access.visible(self.model).order_by("pk")


class PublicImages(PublicMedia, ImagesAPIViewSet):
    """API v2 endpoint of images."""


class PublicDocuments(PublicMedia, DocumentsAPIViewSet):
    """API v2 endpoint of documents."""


def without_expired(pages: PageQuerySet) -> PageQuerySet:
    """Excludes the pages past their expiry date that Wagtail's scheduler has not unpublished yet."""
    expired = Page.objects.filter(
        live=True, expire_at__lte=timezone.now()
    )  # subquery: a search filters by indexed fields
    return pages.exclude(pk__in=expired.values("pk"))


class UnexpiredPages(PagesAPIViewSet):
    """API v2 endpoint of pages, without expired ones."""

    def get_base_queryset(self) -> PageQuerySet:
        return without_expired(super().get_base_queryset())


api_v2 = WagtailAPIRouter("wagtailapi")
api_v2.register_endpoint("pages", UnexpiredPages)
api_v2.register_endpoint("images", PublicImages)
api_v2.register_endpoint("documents", PublicDocuments)


PREFIXES = ("/api/v2/", "/api/v3/")
REDIRECTS = "/api/v3/redirects/"
# Larger numbers are refused: databases could not hold them.
LARGEST = 10**9
NUMBERS = re.compile(r"/([0-9]{10,})(?=/|$)")
MOST_WORDS = 20
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SITE = re.compile(r"[^:]*|[^:]+:[0-9]{1,5}")
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class ReadableQueryMiddleware:
    """Answers 400 with the reason to queries and JSON bodies of Wagtail's APIs that would make Wagtail fail.

    Refused: numbers too large for a database, characters that are not text (JSON can escape them), a search without words,
    a page moved beside the tree's root, snippets (404, since none is offered), redirects without the right to write them (401), keys
    of a JSON body that API v3 would ignore.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIXES):
            return self.get_response(request)
        response = self._answer(request)
        reword(request, response)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if has_no_snippets(request) or any(int(number) > LARGEST for number in NUMBERS.findall(request.path_info)):
            return _refusal(request, "", HTTPStatus.NOT_FOUND)
        if request.path_info.startswith(REDIRECTS) and not reads_redirects(request):
            return _refusal(request, "", HTTPStatus.UNAUTHORIZED)
        try:
            with in_language_of(request):
                request.GET = readable_query(request.GET)  # type: ignore[assignment]  # a QueryDict too
                if request.method != "GET":
                    check_written(request)
        except ValueError as reason:
            return _refusal(request, str(reason))
        return self.get_response(request)


def reads_redirects(request: HttpRequest) -> bool:
    """Whether the request's token is of a user who has a right on redirects. They name former addresses of pages that are no longer
    public; `/api/v1/pages?chemin=…` gives everyone those of public pages."""
    policy = policy_registry.get_by_type(Redirect)
    return bool(BearerTokenAuth()(request)) and policy.user_has_any_permission(
        request.user, {"add", "change", "delete"}
    )


def check_written(request: HttpRequest) -> None:
    """Checks the JSON body, whatever its media type says, as Wagtail reads it. Forms are left to the routes that read them.

    :raises ValueError: with the reason.
    """
    is_form = request.content_type in FORMS
    if is_form and reads_a_form(request):
        return
    if not request.body or (is_form and _is_empty_form(request)):
        return
    try:
        data = json.loads(request.body)
    except RecursionError as error:
        raise ValueError(_("The body is nested too deep")) from error
    except ValueError:
        data = None
    if UNREADABLE.search(json.dumps(data, ensure_ascii=False)):
        raise ValueError(_("The body holds characters that aren’t text"))
    if not isinstance(data, dict):
        raise ValueError(_("The body is not a JSON object: write {…}"))
    if request.path_info.endswith("/actions/move/"):
        as_child = str(data.get("position") or "").endswith("-child")
        if not as_child and Page.objects.filter(pk=_key(data.get("destination_id")), depth=1).exists():
            raise ValueError(_("destination_id: nothing stands beside the root; give a position inside it"))
    names = ignored_keys(request, data) if request.path_info.startswith("/api/v3/") else []
    if names and BearerTokenAuth()(request):
        refusal = _(
            "Nothing was saved: these keys don’t exist or can’t be written: %(names)s. See the address /api/v3/schema/."
        )
        raise ValueError(refusal % {"names": ", ".join(names)})


def _is_empty_form(request: HttpRequest) -> bool:
    """:raises ValueError: the form can't be read."""
    try:
        return not (request.POST or request.FILES)
    except MultiPartParserError as error:
        raise ValueError(_(UNREADABLE_FORM)) from error


def _key(value: object) -> int:
    """``value`` if it can be a primary key, else 0."""
    return value if isinstance(value, int) and 0 < value <= LARGEST else 0


def readable_query(query: QueryDict) -> QueryDict:
    """Checks the query string; returns it with ``search`` reduced to its words.

    :raises ValueError: names the parameter and the reason.
    """
    for name, values in query.lists():
        if any(UNREADABLE.search(text) for text in (name, *values)):
            raise ValueError(_("%(name)s: holds characters that aren’t text") % {"name": name})
    for name in ("limit", "offset"):
        value = query.get(name, "")
        if value.isdigit() and int(value) > LARGEST:
            raise ValueError(_("%(name)s: is larger than %(largest)s") % {"name": name, "largest": LARGEST})
    number = str(query.get("id", "0"))
    if not (number.isascii() and number.isdigit() and int(number) <= LARGEST):
        raise ValueError(_("id: is not the number of an object"))
    if not SITE.fullmatch(str(query.get("site", ""))):
        raise ValueError(_("site: is a host, or a host and its port"))
    if query.get("search_operator", "or") not in {"and", "or"}:
        raise ValueError(_("search_operator: is “and” or “or”"))
    if "search" not in query:
        return query
    words = WORD.findall(str(query["search"]))[:MOST_WORDS]
    if not words:
        raise ValueError(_("search: holds no word"))
    cleaned = query.copy()
    cleaned["search"] = " ".join(words)
    return cleaned


def _refusal(request: HttpRequest, reason: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> JsonResponse:
    kind = "json" if request.path_info.startswith("/api/v2/") else "problem+json"
    return JsonResponse({"detail": reason}, status=status, content_type=f"application/{kind}")
