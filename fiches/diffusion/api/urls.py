"""URLs of the partner API, with CORS, rate limit and conditional responses."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.generic import RedirectView
from ninja import NinjaAPI
from ninja.errors import ValidationError

from fiches.diffusion import api as partner_api
from fiches.diffusion import headless_preview
from fiches.diffusion.api import (
    documentation,
    fiche_resources,
    page_resource,
    problems,
    redirect_resource,
    reference_resources,
    site_resource,
)
from fiches.diffusion.api.openapi_parameters import LANGUAGE_IN_WORDS
from fiches.diffusion.opendata import LICENCE
from fiches.forms import throttle
from fiches.publications.responses import preflight, share, versioned

READING = ("GET", "HEAD")
READABLE = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, Date"
# Seconds in which requests are counted, and how many a client has by default.
WINDOW = 60
DEFAULT_QUOTA = 300


class Allowance:
    """The quota of the requesting client in the current minute; creating it counts one request. Without a working cache, requests are not
    limited; the setting ``RALLYNOV_API_QUOTA`` says how many, 0 is no limit.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.limit = getattr(settings, "RALLYNOV_API_QUOTA", DEFAULT_QUOTA)
        self.resets_in = WINDOW - int(time.time()) % WINDOW
        self.used = throttle.count(request, "api", period=WINDOW) if self.limit else 0

    @property
    def is_spent(self) -> bool:
        return bool(self.limit) and self.used > self.limit

    def set_headers(self, response: HttpResponse) -> None:
        """Sets the headers of draft-ietf-httpapi-ratelimit-headers, and ``Retry-After`` when the quota is spent."""
        if self.limit:
            left = max(0, self.limit - self.used)
            response["RateLimit-Policy"] = f'"client";q={self.limit};w={WINDOW}'
            response["RateLimit"] = f'"client";r={left};t={self.resets_in}'
        if self.is_spent:
            response["Retry-After"] = str(self.resets_in)


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of API views: read-only, CORS from any origin, rate-limited; errors are problem details."""

    @wraps(view)
    def answer(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return _cors(preflight())
        allowance = Allowance(request)
        with problems.in_language_of(request):
            if request.method not in READING:
                response = problems.not_allowed(request.method[:20])
                response["Allow"] = "GET, HEAD, OPTIONS"
            elif allowance.is_spent:
                response = problems.too_many(allowance.resets_in)
            else:
                method, request.method = request.method, "GET"  # django-ninja knows no HEAD
                response = view(request, *args, **kwargs)
                request.method = method
        allowance.set_headers(response)
        response.each_time = count_again
        return _cors(response)

    answer.csrf_exempt = True
    return answer


def count_again(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Applies the rate limit to a response from the cache."""
    allowance = Allowance(request)
    if allowance.is_spent:
        with problems.in_language_of(request):
            response = _cors(problems.too_many(allowance.resets_in))
    allowance.set_headers(response)
    return response


def _cors(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Expose-Headers"] = READABLE
    share(response)
    return response


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problems.not_found()


def _build() -> NinjaAPI:
    """Returns the API with every router registered so far."""
    api = NinjaAPI(
        version="1.0.0",
        description=f"{LANGUAGE_IN_WORDS}\n\n{LICENCE}",
        urls_namespace="api_partenaires",
        docs_url=None,
        openapi_url=None,
    )
    for router in (
        fiche_resources.router,
        reference_resources.router,
        site_resource.router,
        page_resource.make_router(),
        redirect_resource.router,
        headless_preview.make_router(),
        *partner_api.routers,
    ):
        api.add_router("", router)
    api.exception_handler(problems.QueryError)(lambda request, error: problems.refused(error))
    api.exception_handler(Http404)(lambda request, error: problems.not_found())
    api.exception_handler(ValidationError)(lambda request, error: problems.not_found())
    return api


def _resources() -> tuple[NinjaAPI, list[Any]]:
    api = _build()
    patterns, _app, _namespace = api.urls
    for pattern in patterns:
        view = pattern.callback if pattern.name == headless_preview.NAME else versioned(pattern.callback)
        pattern.callback = public(view)
    return api, [pattern for pattern in patterns if pattern.name != "api-root"]


api, resources = _resources()
app_name = "api_partenaires"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api_partenaires:docs"), name="accueil"),
    path("openapi.json", public(versioned(documentation.openapi)), {"api": api}, name="openapi"),
    path("docs", documentation.page, {"api": api}, name="docs"),
    *resources,
    re_path(r"^(?P<rest>.*)$", public(nothing_here)),
]
