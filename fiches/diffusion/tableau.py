"""Fiches as a table: its columns, described once (Table Schema), and its rows, of any query."""

from collections.abc import Iterator
from itertools import islice

import orjson
from django.utils.translation import gettext as _

from fiches.diffusion.geojson import LICENCE, attribution
from fiches.enums import TRANCHES, Precision, Sphere, Statut
from fiches.models import DEPARTEMENTS, Dimension
from fiches.publications import ledger

TABLE_SCHEMA = "https://specs.frictionlessdata.io/schemas/table-schema.json"
SEVERAL = "|"
"""Between the values of a column that holds several."""
A_BATCH = 200


def columns():
    """``[field of Table Schema]`` in order: the fixed columns, with one for each dimension of the grid after « siret »."""
    fixed = _columns()
    at = next(index for index, field in enumerate(fixed) if field["name"] == "siret") + 1
    return [*fixed[:at], *map(_dimension, Dimension.objects.all()), *fixed[at:]]


def _field(name, description, kind="string", **constraints):
    form = constraints.pop("format", None)
    field = {"name": name, "type": kind, "description": str(description)}
    if form:
        field["format"] = form
    if constraints:
        field["constraints"] = constraints
    return field


def _dimension(dimension):
    return _field(
        dimension.slug, _("Criteria “%(name)s” that the fiche meets, between bars.") % {"name": dimension.nom}
    )


def _columns():
    return [
        _field("id", _("Stays the same for ever."), "integer", required=True, unique=True),
        _field("uid", _("The same across sites."), format="uuid", required=True),
        _field("titre", _("The innovation's name."), required=True),
        _field("organisation", _("The company or association."), required=True),
        _field("chapo", _("Two sentences that sum up the innovation.")),
        _field("activite", _("Activity.")),
        _field("naf", _("NAF code (rev. 2)")),
        _field("naf_2025", _("NAF code (2025)")),
        _field("statut", _("Legal form."), enum=list(Statut.values)),
        _field("sphere", _("Sphere: “ess” or “classique”."), enum=list(Sphere.values)),
        _field("effectif", _("Number of people."), "integer", minimum=0),
        _field("tranche_effectif", _("INSEE's band of staff size."), enum=[key for key, _low, _high in TRANCHES]),
        _field("siret", _("SIRET number."), pattern=r"\d{14}"),
        _field("site", _("Web site."), format="uri"),
        _field("adresse", _("Number and street.")),
        _field("code_postal", _("Postcode."), pattern=r"\d{5}"),
        _field("commune", _("Commune.")),
        _field("code_insee", _("The commune's INSEE code."), pattern=r"\d[\dAB]\d{3}"),
        _field("departement", _("The département's number."), enum=list(DEPARTEMENTS)),
        _field("latitude", _("Degrees, WGS 84."), "number", minimum=-90, maximum=90),
        _field("longitude", _("Degrees, WGS 84."), "number", minimum=-180, maximum=180),
        _field("precision", _("Whether the place is exact or the centre of the commune."), enum=list(Precision.values)),
        _field("mots_cles", _("Keywords, between bars.")),
        _field("edition", _("Year of the rally."), "integer"),
        _field("partenaire", _("The associated partner.")),
        _field("financeurs", _("Funders, between bars.")),
        _field("exemple", _("True for a fictitious record."), "boolean", required=True),
        _field("publie_le", _("First publication."), "datetime"),
        _field("modifie_le", _("Last publication."), "datetime"),
        _field("url", _("The canonical address: the one to link to."), format="uri"),
        _field("licence", _("Under which licence the data may be used."), required=True),
        _field("source", _("Whom to name when the data is used."), required=True),
    ]


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
