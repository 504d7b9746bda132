"""Open data exports of the fiches that match a query: CSV and GeoJSON, with licence and attribution."""

import csv
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from fiches.diffusion.api import lists, problems
from fiches.diffusion.opendata import fiche_table
from fiches.diffusion.opendata.geojson import file_name
from fiches.diffusion.opendata.licence import LICENCE, URL, attribution
from fiches.spreadsheet_cells import escape_formula

if TYPE_CHECKING:
    from fiches.models import FicheIndexPage
    from fiches.query.fiche_filter import FicheFilter


def export(write: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: makes a view of ``write(index_page, fiche_filter)``; an invalid query is answered with the reasons."""

    def view(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponseBase:
        try:
            fiche_filter = lists.read_filter(request)
        except problems.QueryError as error:
            return problems.refused_in_language_of(request, error)
        response = write(index_page, fiche_filter)
        response["Link"] = f'<{URL}>; rel="license", <{index_page.full_url}schema.json>; rel="describedby"'
        return response

    return view


class Echo:
    """File-like object for ``csv.writer`` whose ``write`` returns the line, so that it can be streamed."""

    def write(self, line: str) -> str:
        return line


@export
def as_csv(index_page: "FicheIndexPage", fiche_filter: "FicheFilter") -> HttpResponseBase:
    writer = csv.writer(Echo())
    names = [field["name"] for field in fiche_table.columns()]

    def lines() -> Iterator[str]:
        yield writer.writerow(names)
        for row in fiche_table.rows(fiche_filter):
            yield writer.writerow([_csv_value(escape_formula(value)) for value in row.values()])

    return _download(StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8; header=present"), "csv")


def _csv_value(value: bool | float | str | None) -> float | str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _about_json(index_page: "FicheIndexPage", fiche_filter: "FicheFilter") -> dict[str, Any]:
    return {
        "licence": LICENCE,
        "attribution": attribution(),
        "requete": fiche_filter.sentence(),
        "schema": f"{index_page.full_url}schema.json",
        "count": fiche_filter.count,
    }


@export
def as_geojson(index_page: "FicheIndexPage", fiche_filter: "FicheFilter") -> HttpResponseBase:
    """Exports all fiches; one without a position has a null geometry."""

    def parts() -> Iterator[bytes]:
        header = {"type": "FeatureCollection", **_about_json(index_page, fiche_filter)}
        yield orjson.dumps(header)[:-1] + b',"features":['
        yield from _separated(map(_feature, fiche_table.rows(fiche_filter)))
        yield b"]}"

    return _download(StreamingHttpResponse(parts(), content_type="application/geo+json"), "geojson")


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    place = (row["longitude"], row["latitude"])
    geometry = {"type": "Point", "coordinates": place} if row["latitude"] is not None else None
    return {"type": "Feature", "id": row["id"], "geometry": geometry, "properties": row}


def _separated(items: Any) -> Iterator[bytes]:
    separator = b""
    for item in items:
        yield separator + orjson.dumps(item)
        separator = b","


def _download(response: HttpResponseBase, extension: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{file_name()}.{extension}"'
    return response


def table_schema(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponse:
    """View: the Table Schema that describes the exports."""
    document = fiche_table.schema(f"{index_page.full_url}schema.json")
    return HttpResponse(orjson.dumps(document), content_type="application/json")
