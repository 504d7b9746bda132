"""The borders of the communes, which maps without tiles show from near: read from a GeoJSON file that the operator has."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import hypot
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from fiches.territoire.territory import territory

FILE = "territoire/limites.json"
# The borders that are shipped, and of which départements they are.
SHIPPED = Path(__file__).parents[1] / "data" / "limites-franche-comte.json.gz"
SHIPPED_FOR = {"25", "39", "70", "90"}
# Properties in which public files give a commune's INSEE code.
CODES = ("code", "code_insee", "insee", "INSEE_COM", "codgeo", "com_code")
# Of a degree: 10 m. A simplified line stays within eight of them of the exact one.
UNITS = 10_000
TOLERANCE = 8

Point = tuple[int, int]
Line = list[Point]


class OutlinesError(Exception):
    """The file can't be read as outlines of communes of the territory; the message is for the operator."""


def store_outlines(path: Path) -> int:
    """Reads a GeoJSON file and keeps the borders of the territory's communes; returns how many outlines it had.

    :raises OutlinesError: nothing is changed then.
    """
    rings = [rings for code, rings in _communes(path) if _is_inside(code)]
    if not rings:
        raise OutlinesError(_("%(path)s has no commune of the territory.") % {"path": path})
    lines = [packed(simplified(line)) for line in chained(ring for each in rings for ring in each)]
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


def _communes(path: Path) -> Iterator[tuple[str, list[Line]]]:
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


def chained(rings: Iterable[Line]) -> list[Line]:
    """The segments of the rings, each once, joined into lines that end where three borders meet, or are closed."""
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for start, end in pairwise(ring):
            if start != end:
                neighbours[start].add(end)
                neighbours[end].add(start)
    ends = [point for point, others in neighbours.items() if len(others) != 2]
    corners = set(ends)
    return [line for start in [*ends, *neighbours] for line in _walks(neighbours, start, corners)]


def _walks(neighbours: dict[Point, set[Point]], start: Point, corners: set[Point]) -> Iterator[Line]:
    """The lines that begin at ``start``, taken out of ``neighbours``."""
    while neighbours[start]:
        line = [start]
        while len(line) == 1 or (line[-1] not in corners and neighbours[line[-1]]):
            following = neighbours[line[-1]].pop()
            neighbours[following].discard(line[-1])
            line.append(following)
        yield line


def simplified(points: Line) -> Line:
    """Ramer-Douglas-Peucker, without recursion."""
    kept, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        far = max(range(first + 1, last), key=lambda i: _distance(points[i], points[first], points[last]))
        if _distance(points[far], points[first], points[last]) > TOLERANCE:
            kept.add(far)
            spans += [(first, far), (far, last)]
    return [points[i] for i in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the line through two others, or to the first of them if they are one."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = hypot(x2 - x1, y2 - y1)
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length if length else hypot(x - x1, y - y1)


def packed(line: Line) -> list[int]:
    (x, y), *_others = line
    return [x, y, *(step for (x1, y1), (x2, y2) in pairwise(line) for step in (x2 - x1, y2 - y1))]
