"""The partner API at ``/api/v1/`` (Django Ninja), whose contract is kept stable.

Another app adds its resources from ``AppConfig.ready()`` with :func:`register_router`.
"""

import json
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError

VERSION = "1.0.0"
_routers: list[Any] = []


def register_router(router: Any) -> None:
    """Adds a Django Ninja router to the API; called from ``AppConfig.ready()``."""
    _routers.append(router)


def build() -> Any:
    """Returns the NinjaAPI with every router registered so far."""
    from fiches.diffusion import headless_preview
    from fiches.diffusion.api import (
        fiche_resources,
        page_resource,
        problems,
        redirect_resource,
        reference_resources,
        site_resource,
    )
    from fiches.diffusion.api.openapi_parameters import LANGUAGE_IN_WORDS
    from fiches.diffusion.opendata import LICENCE

    api = NinjaAPI(
        version=VERSION,
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
        *_routers,
    ):
        api.add_router("", router)
    api.exception_handler(problems.QueryError)(lambda request, error: problems.refused(error))
    api.exception_handler(Http404)(lambda request, error: problems.not_found())
    api.exception_handler(ValidationError)(lambda request, error: problems.not_found())
    return api


TAGS = {
    "fiches": _("The innovations, one fiche each."),
    "étapes": _("The road: the events where fiches are presented."),
    "carnets": _("The road books."),
    "repères": _("What fiches refer to, the prizes, and what is to be forgotten."),
    "pages": _("Every public page, for a front end of your own."),
    "site": _("What surrounds every page."),
    "recherche": _("The search over everything."),
}


def schema(api: Any, dimensions: list[Any] | tuple[Any, ...] = ()) -> Any:
    """Returns the OpenAPI document, with the errors that every operation can answer.

    :param dimensions: the parameters of the grid's dimensions (see `openapi_parameters.grid_parameters`).
    """
    from fiches.diffusion import own_fields
    from fiches.diffusion.api import (
        fiche_resources,
        openapi_parameters,
    )
    from fiches.diffusion.api.schemas import Probleme
    from fiches.diffusion.contents import own_keys
    from fiches.diffusion.opendata import LICENCE_NAME, LICENCE_URL

    prefix = reverse("api_partenaires:openapi").removesuffix("openapi.json")
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix=prefix)))
    document["info"] |= {
        "title": settings.WAGTAIL_SITE_NAME,
        "license": {"name": LICENCE_NAME, "url": LICENCE_URL},
        "contact": {"name": settings.WAGTAIL_SITE_NAME, "url": settings.WAGTAILADMIN_BASE_URL},
    }
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    document["components"]["schemas"]["Probleme"] = Probleme.model_json_schema()
    for shape in document["components"]["schemas"].values():
        shape.pop("description", None)  # the classes' docstrings, which are for developers of this project
    document["components"]["schemas"]["Fiche"]["properties"] |= {
        **{name: {"type": "array", "items": {"type": "object"}} for name in own_keys()},
        **own_fields.own_shapes(),
    }
    _relax_items(document)
    document["servers"] = [{"url": "/"}]
    places = document["paths"][f"{prefix}fiches.geojson"]["get"]["responses"]["200"]
    places["content"] = {fiche_resources.GEOJSON: places["content"]["application/json"]}
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
    from fiches.diffusion.api import problems

    errors = {400: _("The query can’t be read."), 404: _("Nothing here."), 429: _("Too many requests.")}
    responses: dict[str, Any] = {}
    for status, text in errors.items():
        content = {"schema": {"$ref": "#/components/schemas/Probleme"}, "example": problems.example(status)}
        responses[str(status)] = {"description": text, "content": {problems.CONTENT_TYPE: content}}
    return {**responses, "304": {"description": _("You have this already.")}}
