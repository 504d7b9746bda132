"""The API's documentation: the OpenAPI document, and an HTML page made of it, without a script.

Both include the parameters of the grid's current dimensions.
"""

import json
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from fiches.diffusion.api import openapi_parameters, problems, schemas
from fiches.diffusion.api.fiche_resources import GEOJSON
from fiches.diffusion.contents import own_keys
from fiches.diffusion.opendata import LICENCE_NAME, LICENCE_URL
from fiches.diffusion.own_fields import own_shapes
from fiches.publications.version import memoize

TAGS = {
    "fiches": _("The innovations, one fiche each."),
    "étapes": _("The road: the events where fiches are presented."),
    "carnets": _("The road books."),
    "repères": _("What fiches refer to, the prizes, and what is to be forgotten."),
    "pages": _("Every public page, for a front end of your own."),
    "site": _("What surrounds every page."),
    "recherche": _("The search over everything."),
}


def openapi(request: HttpRequest, api: Any) -> HttpResponse:
    """View: the OpenAPI document."""
    return HttpResponse(orjson.dumps(_document(api)), content_type="application/json")


def page(request: HttpRequest, api: Any) -> HttpResponse:
    """View: the HTML documentation."""
    context = {"document": _document(api), "problemes": problems.KINDS}
    return render(request, "diffusion/documentation.html", context)


def _document(api: Any) -> Any:
    """Returns the OpenAPI document in the site's language: it is cached for all visitors."""

    def make() -> Any:
        with override(settings.LANGUAGE_CODE):
            return schema(api, openapi_parameters.grid_parameters())

    return memoize("openapi", make, shared=True)


def schema(api: Any, dimensions: list[Any] | tuple[Any, ...] = ()) -> Any:
    """Returns the OpenAPI document, with the errors that every operation can answer.

    :param dimensions: the parameters of the grid's dimensions (see `openapi_parameters.grid_parameters`).
    """
    prefix = reverse("api_partenaires:openapi").removesuffix("openapi.json")
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix=prefix)))
    document["info"] |= {
        "title": settings.WAGTAIL_SITE_NAME,
        "license": {"name": LICENCE_NAME, "url": LICENCE_URL},
        "contact": {"name": settings.WAGTAIL_SITE_NAME, "url": settings.WAGTAILADMIN_BASE_URL},
    }
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    document["components"]["schemas"]["Probleme"] = schemas.Probleme.model_json_schema()
    for shape in document["components"]["schemas"].values():
        shape.pop("description", None)  # the classes' docstrings, which are for developers of this project
    document["components"]["schemas"]["Fiche"]["properties"] |= {
        **{name: {"type": "array", "items": {"type": "object"}} for name in own_keys()},
        **own_shapes(),
    }
    _relax_items(document)
    document["servers"] = [{"url": "/"}]
    places = document["paths"][f"{prefix}fiches.geojson"]["get"]["responses"]["200"]
    places["content"] = {GEOJSON: places["content"]["application/json"]}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"] |= _common_responses()
            openapi_parameters.describe_slug(operation)
            openapi_parameters.add_dimensions(operation, dimensions)
    del document["paths"][f"{prefix}apercu"]["get"]["responses"]["304"]
    return document


def _relax_items(document: Any) -> None:
    """Requires no key of the items of lists that take ``champs``."""
    shapes, place = document["components"]["schemas"], "#/components/schemas/"
    for operations in document["paths"].values():
        if any(known["name"] == "champs" for known in operations["get"].get("parameters", ())):
            answer = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
            items = shapes[answer.removeprefix(place)]["properties"]["items"]["items"]["$ref"]
            shapes[items.removeprefix(place)].pop("required", None)


def _common_responses() -> dict[str, Any]:
    """The responses that every operation can give: the errors, and 304."""
    errors = {400: _("The query can’t be read."), 404: _("Nothing here."), 429: _("Too many requests.")}
    responses: dict[str, Any] = {}
    for status, text in errors.items():
        content = {"schema": {"$ref": "#/components/schemas/Probleme"}, "example": problems.example(status)}
        responses[str(status)] = {"description": text, "content": {problems.CONTENT_TYPE: content}}
    return {**responses, "304": {"description": _("You have this already.")}}
