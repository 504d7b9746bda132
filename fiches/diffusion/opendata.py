"""Open data: the fiches that answer a query as CSV and GeoJSON, their Table Schema, and the page that describes the data set."""

import csv
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from fiches import content_language
from fiches.diffusion.api import lists, problems
from fiches.diffusion.api.schemas import choices_of
from fiches.models import Dimension, FichePage
from fiches.models.champs import champs_with
from fiches.models.declaration import Champ, ValueKind
from fiches.publications import ledger
from fiches.spreadsheet_cells import escape_formula
from fiches.territoire.territory import territory, territory_words

if TYPE_CHECKING:
    from fiches.models import FicheIndexPage
    from fiches.query.fiche_filter import FicheFilter


LICENCE_NAME = "Licence Ouverte 2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
LICENCE = f"{LICENCE_NAME} ({LICENCE_URL})"
MEDIA = {"csv": "text/csv; charset=utf-8; header=present", "geojson": "application/geo+json"}
TABLE_SCHEMA = "https://specs.frictionlessdata.io/schemas/table-schema.json"
# Separator in a column that holds several values.
SEPARATOR = "|"
# Fiches read at once.
BATCH = 200
# Types of Table Schema by kind of field; any other kind is a string.
TYPES = {
    ValueKind.KEY: "integer",
    ValueKind.NUMBER: "integer",
    ValueKind.EDITION: "integer",
    ValueKind.DECIMAL: "number",
    ValueKind.TRUTH: "boolean",
    ValueKind.INSTANT: "datetime",
}
FORMATS = {ValueKind.UUID: "uuid", ValueKind.LINK: "uri"}
# Properties of a point of the API's map, by column of the register.
POINT = {
    "id": "object_id",
    "titre": "title",
    "organisation": "organisation",
    "slug": "slug",
    "url": "url_path",
    "commune": "commune",
    "departement": "departement",
    "par_commune": "by_centre",
}


def attribution() -> str:
    """Returns the attribution that reusers of the data must give: the site's name."""
    return str(settings.WAGTAIL_SITE_NAME)


def file_name() -> str:
    """Returns the name, without extension, of the files that hold the fiches: ``rallynov-fiches`` on a site named Rally’nov."""
    return f"{slugify(settings.WAGTAIL_SITE_NAME)}-fiches".strip("-")


# --- The table --------------------------------------------------------------------------------------------------------


def columns() -> Any:
    """Returns the columns as fields of Table Schema, in order; each dimension of the grid has a column."""
    described: list[dict[str, Any]] = []
    for champ in champs_with("column"):
        described += map(_dimension, Dimension.objects.all()) if champ.kind is ValueKind.CRITERIA else [_column(champ)]
    return [
        *described,
        _field("licence", _("Under which licence the data may be used."), required=True),
        _field("source", _("Whom to name when the data is used."), required=True),
    ]


def _column(champ: Champ) -> dict[str, Any]:
    described = champ.description if champ.column.description is None else champ.column.description
    rules = dict(champ.column.rules)
    if champ.kind is ValueKind.CHOICE:
        rules["enum"] = choices_of(champ)
    if champ.kind is ValueKind.NUMBER:
        rules.setdefault("minimum", 0)
    return _field(champ.key_name, described, TYPES.get(champ.kind, "string"), format=FORMATS.get(champ.kind), **rules)


def _field(
    name: str, description: str, kind: str = "string", *, format: str | None = None, **constraints: Any
) -> dict[str, Any]:
    field = {"name": name, "type": kind, "description": str(description)}
    if format:
        field["format"] = format
    if constraints:
        field["constraints"] = constraints
    return field


def _dimension(dimension: Dimension) -> dict[str, str]:
    name = content_language.in_active_language(dimension.nom)
    return _field(dimension.slug, _("Criteria “%(name)s” that the fiche meets, between bars.") % {"name": name})


def rows(fiche_filter: "FicheFilter") -> Iterator[dict]:
    """Yields a row for each fiche that a FicheFilter matches, in its order, read in batches; missing values are None."""
    dimensions = [dimension.slug for dimension in Dimension.objects.all()]
    names = [field["name"] for field in columns()]
    common = {"licence": LICENCE, "source": attribution()}
    keys = iter(fiche_filter.ids)
    while batch := list(islice(keys, BATCH)):
        for text in ledger.contents("fiche", batch).values():
            row = {**_row(orjson.loads(text), dimensions), **common}
            yield {name: None if row[name] in ("", None) else row[name] for name in names}


def _row(fiche: dict[str, Any], dimensions: list[str]) -> dict[str, Any]:
    met = {group["dimension"]: [critere["nom"] for critere in group["criteres"]] for group in fiche["grille"]}
    partner = fiche["partenaire"]
    return {
        **fiche,
        **{slug: SEPARATOR.join(met.get(slug, ())) for slug in dimensions},
        "mots_cles": SEPARATOR.join(fiche["mots_cles"]),
        "partenaire": (partner["sigle"] or partner["nom"]) if partner else None,
        "financeurs": SEPARATOR.join(funder["sigle"] or funder["nom"] for funder in fiche["financeurs"]),
    }


def table_schema(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponse:
    """View: the Table Schema of the exports."""
    document = {
        "$schema": TABLE_SCHEMA,
        "name": file_name(),
        "title": name(),
        "description": attribution(),
        "path": f"{index_page.full_url}schema.json",
        "fields": columns(),
        "primaryKey": "id",
        "missingValues": [""],
    }
    return HttpResponse(orjson.dumps(document), content_type="application/json")


# --- The files --------------------------------------------------------------------------------------------------------


def export(extension: str) -> Callable[..., Any]:
    """Decorator: makes a view of ``write(fiche_filter, schema)``, which yields the parts of a file; an invalid query is answered
    with the reasons. ``schema`` is the address of the Table Schema."""

    def make(write: Callable[["FicheFilter", str], Iterator[Any]]) -> Callable[..., Any]:
        def view(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponseBase:
            try:
                fiche_filter = lists.read_filter(request)
            except problems.QueryError as error:
                return problems.refused_in_language_of(request, error)
            schema = f"{index_page.full_url}schema.json"
            response = StreamingHttpResponse(write(fiche_filter, schema), content_type=MEDIA[extension])
            response["Content-Disposition"] = f'attachment; filename="{file_name()}.{extension}"'
            response["Link"] = f'<{LICENCE_URL}>; rel="license", <{schema}>; rel="describedby"'
            return response

        return view

    return make


class Echo:
    """File-like object for ``csv.writer`` whose ``write`` returns the line, so that it can be streamed."""

    def write(self, line: str) -> str:
        return line


@export("csv")
def as_csv(fiche_filter: "FicheFilter", schema: str) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow([field["name"] for field in columns()])
    for row in rows(fiche_filter):
        yield writer.writerow([_csv_value(escape_formula(value)) for value in row.values()])


def _csv_value(value: bool | float | str | None) -> float | str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


@export("geojson")
def as_geojson(fiche_filter: "FicheFilter", schema: str) -> Iterator[bytes]:
    """Exports all fiches; one without a position has a null geometry."""
    features = (feature(row["id"], row["longitude"], row["latitude"], row) for row in rows(fiche_filter))
    return collection(features, requete=fiche_filter.sentence(), schema=schema, count=fiche_filter.count)


def points(fiche_filter: "FicheFilter") -> Iterator[bytes]:
    """Yields the parts of the API's FeatureCollection: the located fiches that a FicheFilter matches, in its order, from the register's
    columns."""
    address = addresses()
    located = fiche_filter.rows().filter(latitude__isnull=False)
    found = {row["object_id"]: row for row in located.values("latitude", "longitude", *POINT.values())}

    def features() -> Iterator[dict[str, Any]]:
        for row in (found[pk] for pk in fiche_filter.ids if pk in found):
            properties = {name: row[column] for name, column in POINT.items()}
            properties["url"] = address(row["url_path"])
            yield feature(row["object_id"], row["longitude"], row["latitude"], properties)

    return collection(features())


def feature(pk: int, longitude: float | None, latitude: float | None, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": pk, "geometry": geometry, "properties": properties}


def collection(features: Iterator[dict[str, Any]], **about: Any) -> Iterator[bytes]:
    """Yields the parts of a GeoJSON FeatureCollection; ``about`` are further keys of it."""
    head = {"type": "FeatureCollection", "licence": LICENCE, "attribution": attribution(), **about}
    yield orjson.dumps(head)[:-1] + b',"features":['
    separator = b""
    for each in features:
        yield separator + orjson.dumps(each)
        separator = b","
    yield b"]}"


def addresses() -> Callable[..., Any]:
    """Returns a function that gives the absolute address of a page from its ``url_path``, on any site, in its language."""
    page, bases = Page(), {}
    for root in Site.get_site_root_paths():
        page.url_path = root.root_path
        bases[root.root_path] = page.full_url
    longest_first = sorted(bases.items(), key=lambda base: -len(base[0]))

    def address(path: str) -> str:
        return next((f"{base}{path[len(root) :]}" for root, base in longest_first if path.startswith(root)), "")

    return address


# --- The data set -----------------------------------------------------------------------------------------------------


def files(index_page: "FicheIndexPage") -> Any:
    """Returns ``[(extension, media type, address)]`` of the files that hold all the fiches."""
    return [(extension, kind, f"{index_page.full_url}donnees.{extension}") for extension, kind in MEDIA.items()]


def name() -> str:
    return _("Social innovations %(in_territory)s") % territory_words()


def about(index_page: "FicheIndexPage") -> str:
    """Returns a sentence that describes the data set: the page's introduction, or the attribution if it has none."""
    return index_page.introduction or attribution()


def schema_org(index_page: "FicheIndexPage") -> dict[str, str]:
    """Returns the schema.org ``Dataset`` for search engines."""
    url = index_page.full_url
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": name(),
        "description": about(index_page),
        "url": f"{url}donnees/",
        "identifier": url,
        "inLanguage": content_language.language_of(index_page),
        "isAccessibleForFree": True,
        "license": LICENCE_URL,
        "creator": {"@type": "Organization", "name": attribution(), "url": index_page.get_url_parts()[1]},
        "spatialCoverage": {"@type": "Place", "name": territory().area.nom},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{file_name()}.{extension}",
                "encodingFormat": kind.partition(";")[0],
                "contentUrl": address,
            }
            for extension, kind, address in files(index_page)
        ],
    }


def page(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponse:
    """View: the page of the data set: its files, the meaning of each column, the licence and attribution."""
    context = {
        "liste": index_page,
        "nom": name(),
        "description": about(index_page),
        "attribution": attribution(),
        "licence": LICENCE_URL,
        "nombre": FichePage.objects.visible().here(content_language.language_of(index_page)).count(),
        "mise_a_jour": ledger.last_change(),
        "fichiers": [(extension.upper(), address) for extension, _kind, address in files(index_page)],
        "colonnes": columns(),
        "donnees": schema_org(index_page),
    }
    return render(request, "diffusion/donnees.html", context)
