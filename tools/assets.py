"""Copies the front-end packages that npm brought to the static folders that serve them (none of it is committed).

Each package's licence goes along. Source maps and images too: stylesheets and scripts name them, and hashed static names
need every file that is named.
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ROOT / "node_modules"
PLUGIN = ROOT / "fiches/static/fiches/vendor"
SITE = ROOT / "site/static/vendor"

# folder to fill -> (npm package, patterns inside it)
COPIES: dict[Path, tuple[str, tuple[str, ...]]] = {
    PLUGIN / "leaflet": (
        "leaflet",
        ("dist/leaflet.js", "dist/leaflet.js.map", "dist/leaflet.css", "dist/images/*.png", "LICENSE"),
    ),
    PLUGIN / "markercluster": (
        "leaflet.markercluster",
        ("dist/leaflet.markercluster.js", "dist/leaflet.markercluster.js.map", "dist/MarkerCluster*.css", "MIT-LICENCE.txt"),
    ),
    PLUGIN / "htmx": ("htmx.org", ("dist/htmx.min.js", "LICENSE")),
    SITE / "fonts": (
        "@fontsource/atkinson-hyperlegible",
        ("files/*-latin-*.woff2", "LICENSE"),
    ),
}


def copy_package(target: Path, package: str, patterns: tuple[str, ...]) -> int:
    source = PACKAGES / package
    files = {found for pattern in patterns for found in source.glob(pattern)}
    missing = [pattern for pattern in patterns if not list(source.glob(pattern))]
    if missing:
        sys.exit(f"{package} : {', '.join(missing)} introuvable dans node_modules (lancez npm ci).")
    shutil.rmtree(target, ignore_errors=True)
    for file in files:
        inside = file.relative_to(source)
        if inside.parts[0] in {"dist", "files"}:
            inside = Path(*inside.parts[1:])
        (target / inside).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target / inside)
    return len(files)


def main() -> None:
    total = sum(copy_package(target, *copied) for target, copied in COPIES.items())
    print(f"Feuilles de style, scripts et polices : {total} fichiers en place.")


if __name__ == "__main__":
    main()
