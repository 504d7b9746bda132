"""The shipped thesaurus: groups of synonyms, loaded once into the database, where the staff edit them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

THESAURUS = Path(__file__).resolve().parents[1] / "data/thesaurus.txt"


def load_thesaurus(model: Any) -> int:
    """Loads the groups of synonyms if the database has none; returns their number. ``model`` may be a historical model."""
    if model.objects.exists():
        return 0
    return len(model.objects.bulk_create(model(termes=group) for group in read_thesaurus()))


def read_thesaurus() -> Iterator[str]:
    """Yields each group as a text: its words, separated by commas."""
    for line in THESAURUS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line
