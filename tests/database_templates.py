"""What the databases that outlive a run of the tests are made from: another digest, another database."""

import hashlib
import shutil
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
DAY = 24 * 3600
ROOMS = ("etapes", "fiches", "home", "search", "site")
# The tables, and what the migrations put in them.
SCHEMA = (
    *("requirements.txt", "fiches/data/*", "fiches/territoire/gazetteer.py"),
    *(f"{room}/**/{name}" for room in ROOMS for name in ("migrations/*.py", "roles.py")),
    *("fiches/publications/words.py", "fiches/query/search_terms.py", "fiches/content_language.py"),
    *("site/config/apps.py", "site/config/settings/*.py"),
)
# The demonstration: the whole product, less what only a browser reads.
PRODUCT = (
    *("requirements.txt", "site/demo/contenu/**/*", "fiches/data/*"),
    *(f"{room}/**/*.{ending}" for room in ROOMS for ending in ("py", "po")),
)


def digest(patterns: tuple[str, ...], *more: object) -> str:
    """A digest of the names and contents of the files below the root that the patterns name, and of ``more``."""
    missing = [pattern for pattern in patterns if "*" not in pattern and not (ROOT / pattern).exists()]
    assert missing == [], "renamed: a kept database would be taken for a new one"
    paths = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    parts = [part for path in sorted(paths) for part in (str(path.relative_to(ROOT)).encode(), path.read_bytes())]
    return hashlib.sha256(b"\0".join([*parts, repr(more).encode()])).hexdigest()[:16]


def delete_stale_templates(result_file: Path) -> None:
    """Removes the templates of the same name that were made from something else more than a day ago."""
    for other in result_file.parent.glob(f"{result_file.stem.rpartition('-')[0]}-*.json"):
        if other != result_file and other.stat().st_mtime < time.time() - DAY:
            other.unlink()
            shutil.rmtree(other.with_suffix(""), ignore_errors=True)
