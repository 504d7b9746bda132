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


def openapi(api: Any) -> Callable[..., Any]:
    """Returns the view of the OpenAPI document."""

    def answer(request: HttpRequest) -> HttpResponse:
        document = memoize("openapi", lambda: orjson.dumps(_document(api)))
        return HttpResponse(document, content_type="application/json")

    return answer


def page(api: Any) -> Callable[..., Any]:
    """Returns the view of the HTML documentation."""

    def answer(request: HttpRequest) -> HttpResponse:
        context = memoize("api_in_words", lambda: _page_context(_document(api)))
        problems = [{"statut": status, "nom": name, "sens": text} for status, (name, text) in KINDS.items()]
        return render(request, "diffusion/documentation.html", {**context, "problemes": problems})

    return answer


def _document(api: Any) -> Any:
    """Returns the OpenAPI document in the site's language: it is cached for all visitors."""
    with override(settings.LANGUAGE_CODE):
        return partner_api.schema(api, openapi_parameters.grid_parameters())


def _page_context(document: Any) -> Any:
    schemas = document["components"]["schemas"]
    return {
        "introduction": document["info"]["description"].split("\n\n"),
        "version": document["info"]["version"],
        "ressources": [
            {
                "chemin": path,
                "titre": operation.get("summary", ""),
                "description": operation.get("description", ""),
                "parametres": [_parameter(parameter) for parameter in operation.get("parameters", ())],
                "reponse": _reference(operation["responses"]["200"]),
            }
            for path, operations in document["paths"].items()
            for operation in operations.values()
        ],
        "formes": [
            {
                "nom": name,
                "description": schema.get("description", ""),
                "cles": [
                    {"nom": key, "type": _type(value), "description": value.get("description", "")}
                    for key, value in schema.get("properties", {}).items()
                ],
            }
            for name, schema in sorted(schemas.items())
        ],
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    allowed = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    return {**parameter, "type": _type(schema), "valeurs": allowed}


def _reference(response: dict[str, Any]) -> str:
    schema = next(iter(response["content"].values()))["schema"]
    return _type(schema)


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema or "oneOf" in schema:
        return " | ".join(_type(option) for option in schema.get("anyOf") or schema["oneOf"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    if "const" in schema:
        return f'"{schema["const"]}"'
    return schema.get("format") or schema.get("type", "")
