"""Snippets of search results: the passage of a text that has the searched words, with the words marked, as safe HTML."""

from functools import lru_cache
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from fiches.publications.text_analysis import COMPOUND, WORD, clean, joined, stem, words

LENGTH = 220


@lru_cache(maxsize=50_000)
def roots(word: str) -> frozenset[str]:
    """The stems of a word as it is written, and of its parts if it has several."""
    return frozenset(map(stem, words(word)))


@lru_cache(maxsize=5_000)
def compound_roots(text: str) -> frozenset[str]:
    """The stems of the compounds in ``text``, each as one word."""
    return frozenset(map(stem, joined(text).values()))


def hits(text: str, stems: set[str]) -> list[Any]:
    """``[(start, end)]`` of the words of ``text`` with one of these stems; if there is none, of its compounds."""
    single = [word.span() for word in WORD.finditer(text) if not roots(word.group()).isdisjoint(stems)]
    return single or [
        compound.span()
        for compound in COMPOUND.finditer(text)
        if not compound_roots(compound.group()).isdisjoint(stems)
    ]


def highlight(text: str, stems: Any) -> str:
    """The whole ``text`` as HTML, with the words of these stems marked."""
    text = clean(text)
    return _marked(text, hits(text, stems), 0, len(text))


def snippet(text: str, stems: set[str], length: int = LENGTH) -> str:
    """The passage of about ``length`` characters of ``text`` with the most words of these stems, marked, as HTML; the
    beginning of the text if it has none."""
    text = clean(text)
    places = hits(text, stems)
    start = _best_start([place for place, _end in places], length)
    start = 0 if start < length // 3 else text.rfind(" ", 0, start - length // 4) + 1
    end = len(text) if len(text) <= start + length else text.rfind(" ", start, start + length)
    end = end if end > start else start + length
    return format_html(
        "{}{}{}", "… " if start else "", _marked(text, places, start, end), " …" if end < len(text) else ""
    )


def _best_start(places: list[int], length: int) -> int:
    """The start of the first passage of ``length`` with the most of ``places`` (starts of words)."""
    return max(places, key=lambda a: (sum(a <= b < a + length for b in places), -a), default=0)


def _marked(text: str, places: list[Any], start: int, end: int) -> str:
    """``text[start:end]`` as HTML, escaped, with the words at ``places`` (``[(start, end)]``) marked."""
    pieces, at = [], start
    for first, last in places:
        if start <= first and last <= end:
            pieces.append(f"{escape(text[at:first])}<mark>{escape(text[first:last])}</mark>")
            at = last
    return mark_safe("".join(pieces) + escape(text[at:end]))  # noqa: S308 - each piece is escaped
