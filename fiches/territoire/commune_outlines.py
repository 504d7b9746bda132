"""The borders of the communes, which maps without tiles show from near: read from a GeoJSON file that the operator has."""

import gzip
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from fiches.territoire.boundary_lines import UNITS, Point, Polyline, chained, packed, simplified
from fiches.territoire.territory import territory

FILE = "territoire/limites.json"
# The borders that are shipped, and of which départements they are.
SHIPPED = Path(__file__).parents[1] / "data" / "limites-franche-comte.json.gz"
SHIPPED_FOR = {"25", "39", "70", "90"}
# Properties in which public files give a commune's INSEE code.
CODES = ("code", "code_insee", "insee", "INSEE_COM", "codgeo", "com_code")
# A simplified line stays within eight units of the exact one.
TOLERANCE = 8


class OutlinesError(Exception):
    """The file can't be read as outlines of communes of the territory; the message is for the operator."""


def store_outlines(path: Path) -> int:
    """Reads a GeoJSON file and keeps the borders of the territory's communes; returns how many outlines it had.

    :raises OutlinesError: nothing is changed then.
    """
    rings = [rings for code, rings in _communes(path) if _is_inside(code)]
    if not rings:
        raise OutlinesError(_("%(path)s has no commune of the territory.") % {"path": path})
    segments = (segment for each in rings for ring in each for segment in pairwise(ring))
    lines = [packed(simplified(line, TOLERANCE)) for line in chained(segments)]
    if default_storage.exists(FILE):
        default_storage.delete(FILE)
    default_storage.save(FILE, ContentFile(json.dumps(lines, separators=(",", ":")).encode()))
    return len(rings)


def stored_outlines() -> list[list[int]]:
    """Returns the stored borders, each as ``[x, y, dx, dy, dx, dy…]`` in ten-thousandths of a degree, longitude first. Without a
    file, those that are shipped with their territory; else none."""
    if not default_storage.exists(FILE):
        is_shipped = set(territory().departements) == SHIPPED_FOR
        return json.loads(gzip.decompress(SHIPPED.read_bytes())) if is_shipped else []
    with default_storage.open(FILE) as file:
        return json.loads(file.read())


def _communes(path: Path) -> Iterator[tuple[str, list[Polyline]]]:
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        for feature in features:
            properties, geometry = feature["properties"], feature["geometry"]
            code = next((str(properties[name]) for name in CODES if properties.get(name)), "")
            parts = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}[geometry["type"]]
            yield code, [[_point(*position[:2]) for position in ring] for polygon in parts for ring in polygon]
    except OSError as error:
        raise OutlinesError(
            _("%(path)s can’t be read: %(error)s.") % {"path": path, "error": error.strerror}
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        message = _("%(path)s is not GeoJSON with the outlines of communes and their INSEE code (property “code”).")
        raise OutlinesError(message % {"path": path}) from error


def _point(longitude: float, latitude: float) -> Point:
    return round(longitude * UNITS), round(latitude * UNITS)


def _is_inside(code: str) -> bool:
    return any(code.startswith(departement) for departement in territory().departements)
