"""The API's own description: OpenAPI for programs, a page without a script for people; with the grid in force, whose dimensions
are filters."""

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from fiches.diffusion import api as partner_api
from fiches.diffusion.api import langage
from fiches.publications.version import memoize


def openapi(api):
    def answer(request):
        document = memoize("openapi", lambda: orjson.dumps(_with_the_grid(api)))
        return HttpResponse(document, content_type="application/json")

    return answer


def page(api):
    def answer(request):
        described = memoize("api_in_words", lambda: _described(_with_the_grid(api)))
        return render(request, "diffusion/documentation.html", described)

    return answer


def _with_the_grid(api):
    with override(settings.LANGUAGE_CODE):  # kept for everyone, whoever asks first
        return partner_api.schema(api, langage.of_the_grid())


def _described(document):
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


def _parameter(parameter):
    schema = parameter["schema"]
    allowed = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    return {**parameter, "type": _type(schema), "valeurs": allowed}


def _reference(response):
    schema = next(iter(response["content"].values()))["schema"]
    return _type(schema)


def _type(schema):
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema or "oneOf" in schema:
        return " | ".join(_type(option) for option in schema.get("anyOf") or schema["oneOf"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    if "const" in schema:
        return f'"{schema["const"]}"'
    return schema.get("format") or schema.get("type", "")
