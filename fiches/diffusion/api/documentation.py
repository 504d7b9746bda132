"""Views of the API's documentation: the OpenAPI document, and an HTML page made of it, without a script.

Both include the parameters of the grid's current dimensions.
"""

from collections.abc import Callable
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from fiches.diffusion import api as partner_api
from fiches.diffusion.api import openapi_parameters
from fiches.diffusion.api.problems import KINDS
from fiches.publications.memo import memoize


def openapi(api: Any) -> Callable[..., HttpResponse]:
    """Returns the view of the OpenAPI document."""
    return lambda request: HttpResponse(orjson.dumps(_document(api)), content_type="application/json")


def page(api: Any) -> Callable[..., HttpResponse]:
    """Returns the view of the HTML documentation."""

    def answer(request: HttpRequest) -> HttpResponse:
        return render(request, "diffusion/documentation.html", {"document": _document(api), "problemes": KINDS})

    return answer


def _document(api: Any) -> Any:
    """Returns the OpenAPI document in the site's language: it is cached for all visitors."""

    def make() -> Any:
        with override(settings.LANGUAGE_CODE):
            return partner_api.schema(api, openapi_parameters.grid_parameters())

    return memoize("openapi", make)
