"""Makes eaux.geojson and limites-franche-comte.json.gz, which the maps without tiles draw.

    npm pack @etalab/decoupage-administratif@6.0.0        (unpack it)
    python -m fiches.data.fond_de_carte ETALAB TERRITOIRE

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
from math import cos, radians
from pathlib import Path
from typing import Any

from fiches.territoire.boundary_lines import UNITS, Polyline, Segment, chained, packed, simplified

HERE = Path(__file__).parent
# Degrees of latitude that a simplified line may be away from the exact one.
WATERS_WITHIN, COMMUNES = 0.002, 0.0008
# A degree of longitude there, in degrees of latitude.
SHRINK = cos(radians(47.15))
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


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def rings_of(geometry: dict[str, Any]) -> list[Polyline]:
    """The rings of a GeoJSON Polygon or MultiPolygon."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(x, y) for x, y in ring] for rings in parts for ring in rings]


def lines_of(geometry: dict[str, Any]) -> list[Polyline]:
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


def feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def rounded(line: Polyline) -> list[list[float]]:
    return [[round(x, 3), round(y, 3)] for x, y in line]


def waters(path: Path) -> Iterator[dict[str, Any]]:
    """The rivers and lakes, simplified."""
    for water in read(path)["features"]:
        named, geometry = water["properties"], water["geometry"]
        properties = {"genre": named["genre"], "nom": WATERS.get(named["nom"], named["nom"])}
        if named["genre"] == "riviere":
            lines = [rounded(simplified(line, WATERS_WITHIN, shrink=SHRINK)) for line in lines_of(geometry)]
            yield feature({"type": "MultiLineString", "coordinates": lines}, **properties)
        else:
            for ring in rings_of(geometry):
                yield feature({"type": "Polygon", "coordinates": [rounded(ring)]}, **properties)


def in_units(line: Polyline) -> Polyline:
    return [(round(x * UNITS), round(y * UNITS)) for x, y in line]


def main(etalab: str, territoire: str) -> None:
    source = Path(territoire)
    waters_of_france = {"type": "FeatureCollection", "features": list(waters(source / "eaux.geojson"))}
    written = json.dumps(waters_of_france, ensure_ascii=False, separators=(",", ":"))
    (HERE / "eaux.geojson").write_text(written + "\n", encoding="utf-8")
    sides = borders(read(source / "communes-franche-comte.geojson")["features"], of_today(Path(etalab)))
    inside = [segment for segment, codes in sides.items() if len(codes) == 2 and len({code[:2] for code in codes}) == 1]
    limits = sorted(packed(in_units(simplified(line, COMMUNES, shrink=SHRINK))) for line in chained(inside))
    packed_file = gzip.compress(json.dumps(limits, separators=(",", ":")).encode(), mtime=0)
    (HERE / "limites-franche-comte.json.gz").write_bytes(packed_file)


if __name__ == "__main__":
    main(*sys.argv[1:])
