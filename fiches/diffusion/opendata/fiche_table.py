"""Fiches as a table: its columns, described once (Table Schema), and its rows, of any query."""

from collections.abc import Iterator
from itertools import islice

import orjson
from django.utils.translation import gettext as _

from fiches.diffusion.api.schemas import choices_of
from fiches.diffusion.opendata.geojson import LICENCE, attribution
from fiches.models import Dimension
from fiches.models.champs import champs_with
from fiches.models.declaration import Champ, Kind
from fiches.publications import ledger

TABLE_SCHEMA = "https://specs.frictionlessdata.io/schemas/table-schema.json"
SEVERAL = "|"
"""Between the values of a column that holds several."""
A_BATCH = 200


TYPES = {
    Kind.KEY: "integer",
    Kind.NUMBER: "integer",
    Kind.EDITION: "integer",
    Kind.DECIMAL: "number",
    Kind.TRUTH: "boolean",
    Kind.INSTANT: "datetime",
}
"""Table Schema's types, by the kind of a field; any other kind is a string."""
FORMATS = {Kind.UUID: "uuid", Kind.LINK: "uri"}


def columns():
    """``[field of Table Schema]`` in order: those of the fields, of which the grid's is one for each of its dimensions."""
    found = []
    for champ in champs_with("column"):
        found += map(_dimension, Dimension.objects.all()) if champ.kind is Kind.CRITERIA else [_column(champ)]
    return [
        *found,
        _field("licence", _("Under which licence the data may be used."), required=True),
        _field("source", _("Whom to name when the data is used."), required=True),
    ]


def wide():
    """The names of the columns that hold sentences."""
    return {champ.key_name for champ in champs_with("column") if champ.column.is_wide}


def _column(champ: Champ):
    described = champ.description if champ.column.description is None else champ.column.description
    rules = dict(champ.column.rules)
    if champ.kind is Kind.CHOICE:
        rules["enum"] = choices_of(champ)
    if champ.kind is Kind.NUMBER:
        rules.setdefault("minimum", 0)
    return _field(champ.key_name, described, TYPES.get(champ.kind, "string"), format=FORMATS.get(champ.kind), **rules)


def _field(name, description, kind="string", *, format=None, **constraints):
    field = {"name": name, "type": kind, "description": str(description)}
    if format:
        field["format"] = format
    if constraints:
        field["constraints"] = constraints
    return field


def _dimension(dimension):
    return _field(
        dimension.slug, _("Criteria “%(name)s” that the fiche meets, between bars.") % {"name": dimension.nom}
    )


def schema(url):
    """The Table Schema of the exports; ``url`` is where it is published."""
    return {
        "$schema": TABLE_SCHEMA,
        "name": "rallynov-fiches",
        "title": _("Social innovations of Franche-Comté"),
        "description": attribution(),
        "path": url,
        "fields": columns(),
        "primaryKey": "id",
        "missingValues": [""],
    }


def rows(found) -> Iterator[dict]:
    """A row for each fiche that a FicheFilter found, in its order, read in batches; what is unknown is ``None``."""
    dimensions = [dimension.slug for dimension in Dimension.objects.all()]
    names = [field["name"] for field in columns()]
    known = {"licence": LICENCE, "source": attribution()}
    keys = iter(found.ids)
    while batch := list(islice(keys, A_BATCH)):
        for text in ledger.contents("fiche", batch).values():
            row = {**_row(orjson.loads(text), dimensions), **known}
            yield {name: None if row[name] in ("", None) else row[name] for name in names}


def _row(fiche, dimensions):
    met = {found["dimension"]: [critere["nom"] for critere in found["criteres"]] for found in fiche["grille"]}
    partner = fiche["partenaire"]
    return {
        **fiche,
        **{slug: SEVERAL.join(met.get(slug, ())) for slug in dimensions},
        "mots_cles": SEVERAL.join(fiche["mots_cles"]),
        "partenaire": (partner["sigle"] or partner["nom"]) if partner else None,
        "financeurs": SEVERAL.join(funder["sigle"] or funder["nom"] for funder in fiche["financeurs"]),
    }
