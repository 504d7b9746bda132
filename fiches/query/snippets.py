"""Snippets of search results: the passage of a text that has the searched words, with the words marked, as safe HTML."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from fiches.publications.text_analysis import (
    COMPOUND,
    NAMES_FOLLOW,
    SEPARATOR,
    STOPWORDS,
    WORD,
    clean,
    joined_pairs,
    stem,
    words,
)

LENGTH = 220


@lru_cache(maxsize=50_000)
def roots(word: str) -> frozenset[str]:
    """The stems of a word as it is written, and of its parts if it has several."""
    return frozenset(map(stem, words(word)))


@lru_cache(maxsize=5_000)
def compound_roots(text: str) -> frozenset[str]:
    """The stems of the compounds in ``text``, each as one word."""
    return frozenset(map(stem, joined_pairs(text).values()))


@lru_cache(maxsize=50_000)
def is_small(word: str) -> bool:
    """Whether the index leaves this word out."""
    return STOPWORDS.issuperset(words(word))


def hits(text: str, runs: Collection[tuple[str, ...]]) -> list[tuple[int, int]]:
    """``[(start, end)]`` of the words of ``text`` that have these stems, in order; if there is none, of its compounds.

    :param runs: tuples of stems; the words of one that has several must follow one another, but for stop words.
    """
    single = {run[0] for run in runs if len(run) == 1}
    places = [word.span() for word in WORD.finditer(text) if not roots(word.group()).isdisjoint(single)]
    places += _runs(text, [run for run in runs if len(run) > 1])
    return _apart(places) or [
        compound.span()
        for compound in COMPOUND.finditer(text)
        if not compound_roots(compound.group()).isdisjoint(single)
    ]


def _runs(text: str, runs: list[tuple[str, ...]]) -> list[tuple[int, int]]:
    """The places of the runs of several stems."""
    if not runs:
        return []
    matches = [word for word in WORD.finditer(text) if not is_small(word.group())]
    return [
        (part[0].start(), part[-1].end())
        for run in runs
        for part in zip(*(matches[start:] for start in range(len(run))), strict=False)
        if all(root in roots(word.group()) for root, word in zip(run, part, strict=True))
    ]


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """``places`` in order, without those that begin in another."""
    separate: list[tuple[int, int]] = []
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if not separate or start >= separate[-1][1]:
            separate.append((start, end))
    return separate


def highlight(text: str, runs: Collection[tuple[str, ...]]) -> str:
    """The whole ``text`` as HTML, with the words of these stems marked."""
    text = clean(text)
    return _marked(text, hits(text, runs), 0, len(text))


def snippet(text: str, runs: Collection[tuple[str, ...]], length: int = LENGTH) -> str:
    """The passage of about ``length`` characters of ``text`` with the most words of these stems, marked, as HTML; the beginning of the
    text if it has none, with those of the names that follow it that have some."""
    text, names = map(clean, text.partition(NAMES_FOLLOW)[::2])
    places = hits(text, runs)
    if not places and (named := [name for name in names.split(SEPARATOR) if hits(name, runs)]):
        shown = SEPARATOR.join(dict.fromkeys(named))[:length]
        beginning = f"{_passage(text, [], length // 2)}{SEPARATOR}" if text else ""
        return mark_safe(beginning + _marked(shown, hits(shown, runs), 0, len(shown)))  # noqa: S308 - both are escaped
    return _passage(text, places, length)


def _passage(text: str, places: list[Any], length: int) -> str:
    """The passage of about ``length`` characters with the most of ``places`` (``[(start, end)]``), which are marked, as HTML."""
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
