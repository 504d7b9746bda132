"""Open data exports of the fiches that match a query: CSV, XLSX, GeoJSON and JSON, with licence and attribution."""

import csv
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import orjson
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from fiches.diffusion.api import list_responses, problems
from fiches.diffusion.opendata import fiche_table
from fiches.diffusion.opendata.data_set import MEDIA
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
            fiche_filter, _cursor = list_responses.read_filter(request)
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


@export
def as_xlsx(index_page: "FicheIndexPage", fiche_filter: "FicheFilter") -> HttpResponseBase:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Fiches"))
    sheet.freeze_panes = "A2"
    names = [field["name"] for field in fiche_table.columns()]
    wide = fiche_table.wide()
    for number, name in enumerate(names, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = 40 if name in wide else 16
    sheet.append([_cell(sheet, name, bold=True) for name in names])
    for row in fiche_table.rows(fiche_filter):
        sheet.append([_cell(sheet, escape_formula(value)) for value in row.values()])
    _about(book.create_sheet(_("Licence")), index_page, fiche_filter)
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return _download(FileResponse(file, content_type=MEDIA["xlsx"]), "xlsx")


def _cell(sheet: Any, value: bool | float | str | None, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # text, not a formula, even if it begins with "="
    if bold:
        cell.font = Font(bold=True)
    return cell


def _about(sheet: Any, index_page: "FicheIndexPage", fiche_filter: "FicheFilter") -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 90
    about = [
        (_("Source"), attribution()),
        (_("Licence"), LICENCE),
        (_("Query"), fiche_filter.sentence()),
        (_("Address"), index_page.full_url),
    ]
    for line in about:
        sheet.append([_cell(sheet, escape_formula(text)) for text in line])
    for field in fiche_table.columns():
        sheet.append([_cell(sheet, field["name"]), _cell(sheet, field["description"])])


def _about_json(index_page: "FicheIndexPage", fiche_filter: "FicheFilter") -> dict[str, Any]:
    return {
        "licence": LICENCE,
        "attribution": attribution(),
        "requete": fiche_filter.sentence(),
        "schema": f"{index_page.full_url}schema.json",
        "count": fiche_filter.count,
    }


@export
def as_json(index_page: "FicheIndexPage", fiche_filter: "FicheFilter") -> HttpResponseBase:
    def parts() -> Iterator[bytes]:
        yield orjson.dumps(_about_json(index_page, fiche_filter))[:-1] + b',"fiches":['
        yield from _separated(fiche_table.rows(fiche_filter))
        yield b"]}"

    return _download(StreamingHttpResponse(parts(), content_type="application/json"), "json")


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
