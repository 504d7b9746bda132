"""Makes the ground of the maps: ../static/fiches/departements.geojson, region.svg, fond.geojson, communes.json and villes.json.

    npm pack @etalab/decoupage-administratif@6.0.0        (unpack it)
    python fiches/data/fond_de_carte.py ETALAB TERRITOIRE

ETALAB holds data/communes.json. TERRITOIRE holds communes-franche-comte.geojson (outlines, property ``code``),
departements.geojson (``code``, ``nom``) and eaux.geojson (``genre``: riviere or lac, ``nom``). README.md names their sources
and licences. Run by whoever refreshes the data; needs nothing but Python. Its results are committed:

- departements.geojson, light, is drawn by the server in its pages, as fiches/pages/outline_map.py says; region.svg is that same
  drawing, for the cards of fiches without a picture;
- fond.geojson is the first view of the interactive map: each Feature has a ``genre`` (departement, voisin, riviere, lac);
- communes.json is fetched when the reader comes nearer: ``limites``, the borders between communes, each once, as
  ``[x, y, dx, dy, dx, dy…]`` in ten-thousandths of a degree, and ``noms``, the communes that villes.json does not name;
- villes.json is ``[[name, latitude, longitude]]`` of the largest communes, the largest first.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STATIC = HERE.parent / "static/fiches"
DEPARTEMENTS = {"25": "Doubs", "39": "Jura", "70": "Haute-Saône", "90": "Territoire de Belfort"}
TOWNS = 400
# Degrees of latitude that a simplified line may be away from the exact one: in pages, on the map, around the region.
PAGE, FIRST_VIEW, AROUND = 0.006, 0.0008, 0.004
# A degree of longitude there, in degrees of latitude.
SHRINK = cos(radians(47.15))
# The drawing of fiches/pages/outline_map.py: its north-west corner, its units in a degree of latitude.
NORTH, WEST, SCALE = 48.06, 5.2, 300
# Of communes.json, in a degree.
UNITS = 10_000
# West, south, east, north of what the map shows around the region.
FRAME = (4.9, 46.0, 7.5, 48.2)
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
    """Degrees of latitude from a point to the line through two others, or to them if they are the same."""
    (x, y), (x1, y1), (x2, y2) = ((lon * SHRINK, lat) for lon, lat in (point, start, end))
    length = hypot(x2 - x1, y2 - y1)
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length if length else hypot(x - x1, y - y1)


def area(ring: Line) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def departements(outer: dict[Segment, set[str]], tolerance: float) -> list[dict[str, Any]]:
    """The départements as Features, simplified so that neighbours keep a common border; without their enclaves."""
    shared: dict[frozenset[str], list[Segment]] = defaultdict(list)
    for segment, codes in outer.items():
        shared[frozenset(code[:2] for code in codes)].append(segment)
    arcs = [(codes, simplified(line, tolerance)) for codes, found in shared.items() for line in chained(found)]
    features = []
    for code, nom in DEPARTEMENTS.items():
        rings = chained(segment for codes, line in arcs if code in codes for segment in pairwise(line))
        ring = max(rings, key=lambda ring: abs(area(ring)))
        ring = ring if area(ring) > 0 else ring[::-1]  # RFC 7946: counter-clockwise
        geometry = {"type": "Polygon", "coordinates": [rounded(ring)]}
        features.append(feature(geometry, code=code, nom=nom, genre="departement"))
    return features


def feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def rounded(line: Line) -> list[list[float]]:
    return [[round(x, 4), round(y, 4)] for x, y in line]


def is_framed(point: Point) -> bool:
    west, south, east, north = FRAME
    return west < point[0] < east and south < point[1] < north


def neighbours_of_region(path: Path) -> dict[str, Any]:
    """The borders of the départements around, without those of the region itself."""
    found = borders(read(path)["features"], {})
    around = [segment for segment, codes in found.items() if not codes & set(DEPARTEMENTS) and is_framed(segment[0])]
    lines = [rounded(simplified(line, AROUND)) for line in chained(around)]
    return feature(
        {"type": "MultiLineString", "coordinates": [line for line in lines if len(line) > 2]}, genre="voisin"
    )


def waters(path: Path) -> Iterator[dict[str, Any]]:
    """The rivers and lakes of the frame."""
    for water in read(path)["features"]:
        named, geometry = water["properties"], water["geometry"]
        properties = {"genre": named["genre"], "nom": WATERS.get(named["nom"], named["nom"])}
        if named["genre"] == "riviere":
            segments = [pair for line in lines_of(geometry) for pair in pairwise(line) if any(map(is_framed, pair))]
            lines = [rounded(simplified(line, FIRST_VIEW)) for line in chained(segments)]
            if lines:
                yield feature({"type": "MultiLineString", "coordinates": lines}, **properties)
        else:
            for ring in filter(lambda ring: any(map(is_framed, ring)), rings_of(geometry)):
                yield feature({"type": "Polygon", "coordinates": [rounded(ring)]}, **properties)


def packed(line: Line) -> list[int]:
    """``[x, y, dx, dy, dx, dy…]`` in units."""
    points = [(round(x * UNITS), round(y * UNITS)) for x, y in line]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points)]
    return [number for pair in [points[0], *filter(any, steps)] for number in pair]


def towns() -> list[list[Any]]:
    """``[[name, latitude, longitude]]`` of the placed communes, the largest first."""
    with (HERE / "communes.csv").open(encoding="utf-8", newline="") as file:
        placed = [row for row in csv.DictReader(file) if row["latitude"] and row["departement"] in DEPARTEMENTS]
    largest = sorted(placed, key=lambda row: -int(row["population"]))
    return [[row["nom"], round(float(row["latitude"]), 5), round(float(row["longitude"]), 5)] for row in largest]


def write(name: str, content: Any) -> None:
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (STATIC / name).write_text(written + "\n", encoding="utf-8")


def drawn(features: Iterable[Any]) -> str:
    """The départements as one SVG path, named ``region``, that takes its colours from the page that uses it."""
    rings = (ring for each in features for ring in each["geometry"]["coordinates"])
    points = (((round((x - WEST) * SHRINK * SCALE), round((NORTH - y) * SCALE)) for x, y in ring) for ring in rings)
    trace = "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in points)
    return f'<svg xmlns="http://www.w3.org/2000/svg"><path id="region" d="{trace}"/></svg>\n'


def collection(features: Iterable[Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def main(etalab: str, territoire: str) -> None:
    source, names = Path(territoire), towns()
    sides = borders(read(source / "communes-franche-comte.geojson")["features"], of_today(Path(etalab)))
    outer = {segment: codes for segment, codes in sides.items() if len({c[:2] for c in codes}) != 1 or len(codes) == 1}
    light = departements(outer, PAGE)
    for each in light:
        del each["properties"]["genre"]
    write("departements.geojson", collection(light))
    (STATIC / "region.svg").write_text(drawn(light), encoding="utf-8")
    around = [neighbours_of_region(source / "departements.geojson"), *waters(source / "eaux.geojson")]
    write("fond.geojson", collection([*departements(outer, FIRST_VIEW), *around]))
    limits = sorted(packed(simplified(line, FIRST_VIEW)) for line in chained(sides.keys() - outer.keys()))
    write("communes.json", {"limites": limits, "noms": names[TOWNS:]})
    write("villes.json", names[:TOWNS])


if __name__ == "__main__":
    main(*sys.argv[1:])
