"""Generates the example of each response in the OpenAPI document from its schema, in a commune of the site's territory."""

from functools import cache
from typing import Any

from fiches.models.champs import champ_named, champs_with
from fiches.territoire.gazetteer import read_gazetteer
from fiches.territoire.territory import territory

# Values by JSON Schema format, by name of a key (or ``<schema>.<key>``), and by type.
EXAMPLES_BY_FORMAT = {
    "date": "2013-04-16",
    "date-time": "2013-04-16T14:00:00+02:00",
    "uuid": "5f0f9a9e-1c0a-4f6b-9a39-9d8c3c1f2b10",
}
EXAMPLES_BY_NAME = {
    "Contact.courriel": "jeanne@organisation.example",
    "Contact.nom": "Jeanne Exemple",
    "Critere.nom": "entreprise",
    "Critere.slug": "entreprise",
    "CritereDefini.nom": "entreprise",
    "CritereDefini.slug": "entreprise",
    "Taille.url": "https://rallynov.example/media/images/atelier.480x320.webp",
    "Image.licence": "CC BY 4.0",
    "alt": "L’équipe devant l’atelier",
    "annee": 2013,
    "coordinates": [6.02, 47.24],
    "credit": "Photo : Les Prés verts",
    "fonction": "gérante",
    "hauteur": 320,
    "html": "<p>Chaque salarié décide.</p>",
    "largeur": 480,
    "libelle": "Doubs",
    "licence": "Licence Ouverte 2.0 (https://www.etalab.gouv.fr/licence-ouverte-open-licence/)",
    "next": None,
    "nom": "Pôle d’économie solidaire",
    "parametre": "departement",
    "previous": None,
    "sigle": "PES",
    "valeur": "25",
    **{champ.key.label_key or champ.key_name: champ.key.sample for champ in champs_with("key") if champ.key.sample},
    "titre": champ_named("title").key.example,
}
EXAMPLES_BY_TYPE = {"string": "…", "integer": 1, "number": 1.0, "boolean": False, "null": None}


def example(shape: Any, schemas: dict[str, dict[str, Any]], name: str = "") -> Any:
    """Returns an example value of a JSON Schema.

    :param shape: the JSON Schema.
    :param schemas: the named schemas that it may refer to.
    :param name: the schema and the key that hold the value, such as ``Taille.url``.
    """
    if "$ref" in shape:
        return example(schemas[shape["$ref"].rpartition("/")[2]], schemas, name)
    if shape.get("examples"):
        return shape["examples"][0]
    if "const" in shape:
        return shape["const"]
    if shape.get("enum"):
        return shape["enum"][0]
    for known in (name, name.partition(".")[2]):
        if known in EXAMPLES_BY_NAME:
            return EXAMPLES_BY_NAME[known]
    if options := shape.get("anyOf") or shape.get("oneOf"):
        return example(options[0], schemas, name)
    if shape.get("type") == "array":
        return [example(shape["items"], schemas)]
    if shape.get("type") == "object":
        owner = shape.get("title", "")
        return {key: example(value, schemas, f"{owner}.{key}") for key, value in shape.get("properties", {}).items()}
    return EXAMPLES_BY_FORMAT.get(shape.get("format")) or EXAMPLES_BY_TYPE[shape["type"]]


@cache
def _places(departements: tuple[str, ...]) -> dict[Any, Any]:
    """What replaces Besançon, where the code's examples are: the most populated commune of these départements."""
    commune = max(read_gazetteer(departements), key=lambda row: int(row["population"] or 0))
    latitude, longitude = (round(float(commune[name]), 2) for name in ("latitude", "longitude"))
    return {
        "25056": commune["code_insee"],
        "Besançon": commune["nom"],
        "25000": commune["codes_postaux"].split()[0],
        "25": commune["departement"],
        "Doubs": territory().names[commune["departement"]],
        47.24: latitude,
        6.02: longitude,
        "47.24,6.02": f"{latitude},{longitude}",
        "5.7,47.1,6.5,47.6": ",".join(
            f"{degrees:.1f}" for degrees in (longitude - 0.3, latitude - 0.2, longitude + 0.5, latitude + 0.4)
        ),
    }


def _moved(part: Any, places: dict[Any, Any], *, shown: bool = False) -> Any:
    """A copy of a part of the document, with the values of its examples replaced."""
    if isinstance(part, dict):
        return {
            key: _moved(value, places, shown=shown or key in ("example", "examples")) for key, value in part.items()
        }
    if isinstance(part, list):
        return [_moved(each, places, shown=shown) for each in part]
    return places.get(part, part) if shown else part


def illustrate(document: Any) -> None:
    """Adds an example to each response of an OpenAPI document that has none, and moves all its examples to the territory, in place."""
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    content.setdefault("example", example(content["schema"], schemas))
    document.update(_moved(document, _places(tuple(territory().departements))))
