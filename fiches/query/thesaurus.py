"""The shipped thesaurus: words that people search under one name and fiches say under another. Staff edit what was loaded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

THESAURUS = Path(__file__).resolve().parents[1] / "data/thesaurus.txt"


def load_thesaurus(model: Any) -> int:
    """Puts the groups in the database, where it has none yet; returns how many. ``model`` may be a migration's historical one."""
    if model.objects.exists():
        return 0
    return len(model.objects.bulk_create(model(termes=group) for group in read_thesaurus()))


def read_thesaurus() -> Iterator[str]:
    """Each group as staff write it: its words, separated by commas."""
    for line in THESAURUS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line
