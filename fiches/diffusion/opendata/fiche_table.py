"""The fiches as a table: its columns (Table Schema) and its rows, for the exports and the page of the data set."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson
from django.utils.translation import gettext as _

from fiches import content_language
from fiches.diffusion.api.schemas import choices_of
from fiches.diffusion.opendata.geojson import file_name
from fiches.diffusion.opendata.licence import LICENCE, attribution
from fiches.models import Dimension
from fiches.models.champs import champs_with
from fiches.models.declaration import Champ, ValueKind
from fiches.publications import ledger
from fiches.territoire.territory import territory_words

if TYPE_CHECKING:
    from fiches.query.fiche_filter import FicheFilter


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


def wide() -> set[str]:
    """Returns the names of the columns that hold sentences, which a spreadsheet shows wider."""
    return {champ.key_name for champ in champs_with("column") if champ.column.is_wide}


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


def schema(url: str) -> Any:
    """Returns the Table Schema of the exports; ``url`` is its own address."""
    return {
        "$schema": TABLE_SCHEMA,
        "name": file_name(),
        "title": _("Social innovations %(in_territory)s") % territory_words(),
        "description": attribution(),
        "path": url,
        "fields": columns(),
        "primaryKey": "id",
        "missingValues": [""],
    }


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
