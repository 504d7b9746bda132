"""Finds the keys of a JSON body that Wagtail's API v3 would ignore: unknown ones, and those that can only be read.

The keys that can be written are those of the API's own schemas (`/api/v3/schema/` for pages, its OpenAPI document otherwise).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from wagtail.models import Page

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def ignored_keys(request: HttpRequest, data: Any) -> list[str]:
    """Returns the keys of the body ``data`` that the addressed route would ignore, as paths with dots (``meta.date``). A deletion
    reads no body."""
    if request.method == "DELETE":
        return []
    path, kwargs = _route(request)
    if _operation(path, request.method) is None:
        return []
    schema = _page_schema(path, request.method, kwargs, data)
    if schema is None:
        schema = _body_schema(path, request.method)
    return list(_ignored(data, schema, schema))


def reads_a_form(request: HttpRequest) -> bool:
    """Returns whether the addressed route of API v3 reads a form; True for what is no route of it."""
    operation = _operation(_route(request)[0], request.method)
    if operation is None:
        return True
    return any("form" in kind for kind in operation.get("requestBody", {}).get("content", {}))


def _route(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """The path of the addressed route, as the OpenAPI document writes it, and its parameters; an empty path for no route."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return "", {}
    return "/" + PARAMETER.sub(r"{\1}", match.route), match.kwargs


def _operation(path: str, method: str | None) -> dict[str, Any] | None:
    return _openapi()["paths"].get(path, {}).get(str(method).lower())


@cache
def _openapi() -> dict[str, Any]:
    from wagtail.api.v3.urls import api  # the API's routers need all apps

    return api.get_openapi_schema()


def _page_schema(path: str, method: str | None, kwargs: dict[str, Any], data: Any) -> dict[str, Any] | None:
    """The schema of a page that is created or changed: that of its type. None for other routes and for an unknown type."""
    from wagtail.api.v3.registry import registry

    if method == "POST" and path.endswith("/pages/"):
        meta = data.get("meta") if isinstance(data, dict) else None
        kind = str(meta.get("type")) if isinstance(meta, dict) else ""
        return (registry.get_type_schemas(kind) or {}).get("create")
    if method == "PATCH" and path.endswith("/pages/{page_id}/"):
        page = Page.objects.filter(pk=kwargs["page_id"]).first()
        kind = page.specific_class._meta.label if page and page.specific_class else ""
        return (registry.get_type_schemas(kind) or {}).get("patch")
    return None


def _body_schema(path: str, method: str | None) -> dict[str, Any]:
    """The schema of the JSON body of a route; one without keys if the route reads no body."""
    operation = _operation(path, method) or {}
    content = operation.get("requestBody", {"content": {"application/json": {"schema": {"properties": {}}}}})["content"]
    body = content.get("application/json", {}).get("schema", {})
    return {**body, "components": _openapi()["components"]}


def _ignored(value: Any, schema: Any, document: dict[str, Any], place: str = "") -> Iterator[str]:
    options = list(_options(schema, document))
    if isinstance(value, list):
        for item in value:
            for option in options:
                yield from _ignored(item, option.get("items", {}), document, place)
    objects = [option for option in options if "properties" in option]
    if not isinstance(value, dict) or not objects:
        return
    for name, inner in value.items():
        matches = [option["properties"][name] for option in objects if name in option["properties"]]
        if not matches:
            yield f"{place}{name}"
        elif len(matches) == 1:
            yield from _ignored(inner, matches[0], document, f"{place}{name}.")


def _options(schema: Any, document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The alternatives of a JSON schema, with its references followed."""
    if "$ref" in schema:
        target = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        yield from _options(target, document)
        return
    alternatives = [each for name in ("anyOf", "oneOf", "allOf") for each in schema.get(name, ())]
    for each in alternatives:
        yield from _options(each, document)
    if not alternatives:
        yield schema
