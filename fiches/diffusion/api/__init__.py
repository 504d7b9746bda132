"""The partner API, ours to keep stable: ``/api/v1/`` (DESIGN 5).

A room above adds its resources from ``AppConfig.ready()`` with :func:`register_router`.
"""

import json

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError

VERSION = "1.0.0"
_routers = []


def register_router(router):
    _routers.append(router)


def build():
    """The API with every resource registered so far."""
    from fiches.diffusion.api import fiches, pages, problemes, reperes, site
    from fiches.diffusion.api.langage import LANGUAGE_IN_WORDS
    from fiches.diffusion.opendata.geojson import LICENCE

    api = NinjaAPI(
        title="Rally’nov",
        version=VERSION,
        description=f"{LANGUAGE_IN_WORDS}\n\n{LICENCE}",
        urls_namespace="api_partenaires",
        docs_url=None,
        openapi_url=None,
    )
    for router in (fiches.router, reperes.router, site.router, pages.make_router(), *_routers):
        api.add_router("", router)
    api.exception_handler(problemes.QueryError)(lambda request, error: problemes.refused(error))
    api.exception_handler(Http404)(lambda request, error: problemes.not_found())
    api.exception_handler(ValidationError)(lambda request, error: problemes.not_found())
    return api


def schema(api):
    """The OpenAPI document, with the errors that every address can answer, and an example of each answer."""
    from fiches.diffusion.api import exemples, fiches
    from fiches.diffusion.api.schemas import Probleme

    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1")))
    document["components"]["schemas"]["Probleme"] = Probleme.model_json_schema()
    for shape in document["components"]["schemas"].values():
        shape.pop("description", None)  # the code's own words, for who reads the code
    document["servers"] = [{"url": "/"}]
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Probleme"}}}
    errors = {400: _("The query can’t be read."), 404: _("Nothing here."), 429: _("Too many requests.")}
    places = document["paths"]["/api/v1/fiches.geojson"]["get"]["responses"]["200"]
    places["content"] = {fiches.GEOJSON: places["content"]["application/json"]}
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, text in errors.items():
                operation["responses"][str(status)] = {"description": str(text), "content": content}
            operation["responses"]["304"] = {"description": str(_("You have this already."))}
    exemples.illustrate(document)
    return document
