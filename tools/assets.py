"""Copies front-end packages from node_modules to the static folders (not committed).

Includes each package's licence, and the source maps and images that stylesheets and scripts refer to, since hashed static
file names require every file that is referred to.
"""

import shutil
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ROOT / "node_modules"
PLUGIN = ROOT / "fiches/static/fiches/vendor"
SITE = ROOT / "site/static/vendor"


class Copy(NamedTuple):
    package: str
    target: Path
    folder: str
    files: tuple[str, ...]
    licence: str = "LICENSE"


COPIES = [
    Copy("leaflet", PLUGIN / "leaflet", "dist", ("leaflet.js", "leaflet.js.map", "leaflet.css", "images/*.png")),
    Copy(
        "leaflet.markercluster",
        PLUGIN / "markercluster",
        "dist",
        ("leaflet.markercluster.js", "leaflet.markercluster.js.map", "MarkerCluster*.css"),
        "MIT-LICENCE.txt",
    ),
    Copy("htmx.org", PLUGIN / "htmx", "dist", ("htmx.min.js",)),
    Copy("@fontsource/barlow-condensed", SITE / "fonts", "files", ("*-latin-600-normal.woff2",)),
]


def put(copy: Copy) -> int:
    """Copies one package's files; returns their number. Exits with one line if a file is missing from node_modules."""
    source = PACKAGES / copy.package / copy.folder
    matches = {pattern: list(source.glob(pattern)) for pattern in copy.files}
    licence = PACKAGES / copy.package / copy.licence
    missing = [pattern for pattern, files in matches.items() if not files] + [copy.licence] * (not licence.exists())
    if missing:
        sys.exit(f"{copy.package} : {', '.join(missing)} introuvable dans node_modules (lancez npm ci).")
    for file in (file for files in matches.values() for file in files):
        destination = copy.target / file.relative_to(source)
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, destination)
    shutil.copyfile(licence, copy.target / f"LICENSE-{Path(copy.package).name}.txt")
    return sum(map(len, matches.values()))


def main() -> None:
    for folder in (PLUGIN, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    print(f"Feuilles de style, scripts et polices : {sum(map(put, COPIES))} fichiers en place.")


if __name__ == "__main__":
    main()
