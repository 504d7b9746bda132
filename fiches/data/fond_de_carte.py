"""Makes eaux.geojson and limites-franche-comte.json.gz, which the maps without tiles draw.

    npm pack @etalab/decoupage-administratif@6.0.0        (unpack it)
    python fiches/data/fond_de_carte.py ETALAB TERRITOIRE

ETALAB holds data/communes.json. TERRITOIRE holds communes-franche-comte.geojson (outlines, property ``code``) and eaux.geojson
(``genre``: riviere or lac, ``nom``). README.md names their sources and licences. Run by whoever refreshes the data; needs nothing
but Python. Its results are committed: the waters, of which each Feature has a ``genre`` and a ``nom``; the borders between
communes, each once, as `fiches.territoire.commune_outlines` stores those of an operator.
"""

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# Degrees of latitude that a simplified line may be away from the exact one.
WATERS_WITHIN, COMMUNES = 0.002, 0.0008
# A degree of longitude there, in degrees of latitude.
SHRINK = cos(radians(47.15))
# Of the borders, in a degree.
UNITS = 10_000
# Names that Natural Earth clips, or writes in another language.
WATERS = {
    "Rhne": "Rhône",
    "Sane": "Saône",
    "Saone": "Saône",
    "Mosel": "Moselle",
    "Maas": "Meuse",
    "Lake Geneva": "Lac Léman",
    "BIELER SEE": "Lac de Bienne",
    "Neuchatel": "Lac de Neuchâtel",
    "MURTENSEE": "Lac de Morat",
    "Lac d' Annecy": "Lac d’Annecy",
    "THUNER SEE": "Lac de Thoune",
}

Point = tuple[float, float]
Line = list[Point]
Segment = tuple[Point, Point]


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def rings_of(geometry: dict[str, Any]) -> list[Line]:
    """The rings of a GeoJSON Polygon or MultiPolygon."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(x, y) for x, y in ring] for rings in parts for ring in rings]


def lines_of(geometry: dict[str, Any]) -> list[Line]:
    """The lines of a GeoJSON LineString or MultiLineString."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
    return [[(x, y) for x, y in line] for line in parts]


def of_today(etalab: Path) -> dict[str, str]:
    """``{INSEE code of 2018: of today}`` of the communes that merged since."""
    merged = ("commune-deleguee", "commune-associee")
    listed = read(etalab / "data/communes.json")
    return {each["code"]: each["chefLieu"] for each in listed if each["type"] in merged}


def borders(features: Iterable[Any], name: dict[str, str]) -> dict[Segment, set[str]]:
    """Each segment of the outlines with the codes on its sides, without those inside one area. ``name`` gives the code of the
    area that a feature now belongs to, if it is another."""
    sides: dict[Segment, list[str]] = defaultdict(list)
    for feature in features:
        code = feature["properties"]["code"]
        for ring in rings_of(feature["geometry"]):
            for start, end in pairwise(ring):
                sides[min(start, end), max(start, end)].append(name.get(code, code))
    return {segment: set(codes) for segment, codes in sides.items() if len(codes) == 1 or len(set(codes)) > 1}


def chained(segments: Iterable[Segment]) -> list[Line]:
    """The segments joined into lines, which are closed or end where they meet others."""
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for start, end in segments:
        neighbours[start].add(end)
        neighbours[end].add(start)
    ends = sorted(point for point, others in neighbours.items() if len(others) != 2)
    return [line for start in [*ends, *sorted(neighbours)] for line in walks(neighbours, start, set(ends))]


def walks(neighbours: dict[Point, set[Point]], start: Point, ends: set[Point]) -> Iterator[Line]:
    """The lines from ``start``, taken out of ``neighbours``."""
    while neighbours[start]:
        line = [start]
        while len(line) == 1 or (line[-1] not in ends and neighbours[line[-1]]):
            following = min(neighbours[line[-1]])
            neighbours[line[-1]].discard(following)
            neighbours[following].discard(line[-1])
            line.append(following)
        yield line


def simplified(points: Line, tolerance: float) -> Line:
    """Ramer-Douglas-Peucker, without recursion."""
    kept, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        far = max(range(first + 1, last), key=lambda i: distance(points[i], points[first], points[last]))
        if distance(points[far], points[first], points[last]) > tolerance:
            kept.add(far)
            spans += [(first, far), (far, last)]
    return [points[i] for i in sorted(kept)]


def distance(point: Point, start: Point, end: Point) -> float:
    """Returns the distance, in degrees of latitude, from ``point`` to the line through ``start`` and ``end``; to ``start`` if they
    are equal."""
    (x, y), (x1, y1), (x2, y2) = ((lon * SHRINK, lat) for lon, lat in (point, start, end))
    length = hypot(x2 - x1, y2 - y1)
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length if length else hypot(x - x1, y - y1)


def feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def rounded(line: Line) -> list[list[float]]:
    return [[round(x, 3), round(y, 3)] for x, y in line]


def waters(path: Path) -> Iterator[dict[str, Any]]:
    """The rivers and lakes, simplified."""
    for water in read(path)["features"]:
        named, geometry = water["properties"], water["geometry"]
        properties = {"genre": named["genre"], "nom": WATERS.get(named["nom"], named["nom"])}
        if named["genre"] == "riviere":
            lines = [rounded(simplified(line, WATERS_WITHIN)) for line in lines_of(geometry)]
            yield feature({"type": "MultiLineString", "coordinates": lines}, **properties)
        else:
            for ring in rings_of(geometry):
                yield feature({"type": "Polygon", "coordinates": [rounded(ring)]}, **properties)


def packed(line: Line) -> list[int]:
    """``[x, y, dx, dy, dx, dy…]`` in units."""
    points = [(round(x * UNITS), round(y * UNITS)) for x, y in line]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points)]
    return [number for pair in [points[0], *filter(any, steps)] for number in pair]


def main(etalab: str, territoire: str) -> None:
    source = Path(territoire)
    waters_of_france = {"type": "FeatureCollection", "features": list(waters(source / "eaux.geojson"))}
    written = json.dumps(waters_of_france, ensure_ascii=False, separators=(",", ":"))
    (HERE / "eaux.geojson").write_text(written + "\n", encoding="utf-8")
    sides = borders(read(source / "communes-franche-comte.geojson")["features"], of_today(Path(etalab)))
    inside = [segment for segment, codes in sides.items() if len(codes) == 2 and len({code[:2] for code in codes}) == 1]
    limits = sorted(packed(simplified(line, COMMUNES)) for line in chained(inside))
    packed_file = gzip.compress(json.dumps(limits, separators=(",", ":")).encode(), mtime=0)
    (HERE / "limites-franche-comte.json.gz").write_bytes(packed_file)


if __name__ == "__main__":
    main(*sys.argv[1:])
