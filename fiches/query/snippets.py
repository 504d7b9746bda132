"""Snippets of search results: the passage of a text that has the searched words, with the words marked, as safe HTML."""

from collections.abc import Set
from functools import lru_cache
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from fiches.publications.text_analysis import NAMES_FOLLOW, WORD, clean, stem, words

LENGTH = 220


@lru_cache(maxsize=50_000)
def roots(word: str) -> frozenset[str]:
    """The stems of a word as it is written, and of its parts if it has several."""
    return frozenset(map(stem, words(word)))


def hits(text: str, marked: Set[str]) -> list[tuple[int, int]]:
    """``[(start, end)]`` of the words of ``text`` that have these stems, in order."""
    return [word.span() for word in WORD.finditer(text) if not roots(word.group()).isdisjoint(marked)]


def highlight(text: str, marked: Set[str]) -> str:
    """The whole ``text`` as HTML, with the words of these stems marked."""
    text = clean(text)
    return _marked(text, hits(text, marked), 0, len(text))


def snippet(text: str, marked: Set[str], length: int = LENGTH) -> str:
    """The passage of about ``length`` characters of ``text`` with the most words of these stems, marked, as HTML; the beginning of the
    text if it has none. The names that follow the text are quoted instead if they only have some."""
    text, names = map(clean, text.partition(NAMES_FOLLOW)[::2])
    if not hits(text, marked) and hits(names, marked):
        text = names
    places = hits(text, marked)
    starts = [place for place, _end in places]
    start = max(starts, key=lambda a: (sum(a <= b < a + length for b in starts), -a), default=0)
    start = 0 if start < length // 3 else text.rfind(" ", 0, start - length // 4) + 1
    end = len(text) if len(text) <= start + length else text.rfind(" ", start, start + length)
    end = end if end > start else start + length
    return format_html(
        "{}{}{}", "… " if start else "", _marked(text, places, start, end), " …" if end < len(text) else ""
    )


def _marked(text: str, places: list[Any], start: int, end: int) -> str:
    """``text[start:end]`` as HTML, escaped, with the words at ``places`` (``[(start, end)]``) marked."""
    pieces, at = [], start
    for first, last in places:
        if start <= first and last <= end:
            pieces.append(f"{escape(text[at:first])}<mark>{escape(text[first:last])}</mark>")
            at = last
    return mark_safe("".join(pieces) + escape(text[at:end]))  # noqa: S308 - each piece is escaped
