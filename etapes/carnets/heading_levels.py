"""Heading levels of a road book: titles of selected pages are one level below the last heading, so that no level is skipped."""

from collections.abc import Iterator
from typing import Any

from wagtail.blocks import StreamValue

TITLED = ("fiches", "etapes", "prix")
BELOW, ALONE = 3, 2


def levels(have_heading: list[bool]) -> Iterator[int]:
    """Yields, per block, the heading level of its selected pages. ``have_heading``: whether each block has a heading."""
    seen = False
    for one_has in have_heading:
        seen = seen or one_has
        yield BELOW if seen else ALONE


def has_heading(kind: str, title: str | None, markup: str) -> bool:
    """Whether a block has a heading. ``kind``: its type; ``title``: its own title; ``markup``: its rich text."""
    return kind == "titre" or (kind in TITLED and bool(title)) or "<h2" in markup


def of_stream(corps: StreamValue) -> list[Any]:
    """Returns ``[(block, level)]`` for a page's body."""
    have_heading = [has_heading(block.block_type, _title(block), _markup(block)) for block in corps]
    return list(zip(corps, levels(have_heading), strict=True))


def _title(block: Any) -> str:
    return block.value.get("titre") if block.block_type in TITLED else ""


def _markup(block: Any) -> str:
    return block.value.source if block.block_type == "texte" else ""
