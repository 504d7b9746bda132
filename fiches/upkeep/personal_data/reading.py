"""A text as people read it: without its tags, with every spelling of the same letters folded into one.

What is found in the reading is cut out of the text itself, across its tags, which stay well-formed.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import unquote

from fiches.models.rich_text import INVISIBLE

# What stands in the place of a person in a text.
ERASED = "–"
# What a text that was nothing but the name says, where a text is needed: a title, a question, a name of an organisation.
WHOLE_ERASED = "nom effacé"
# Stands in a reading between what is not read in one go: the text, then the attributes of each tag.
APART = "\x00"
COMBINING = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]")
NOT_SEEN = re.compile(f"(?:{INVISIBLE.pattern}|{COMBINING.pattern})*")
# What :func:`plain_letters` changes, and more; the rest it leaves alone.
UNCOMMON = re.compile(r"[^\t\n\r\x20-\x5f\x61-\x7e]+")
SPELLINGS = str.maketrans(
    {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | dict.fromkeys("’‘ʼ‛′´`", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
)
CODED = re.compile(
    r"(?P<tag><!--.*?-->|</?(?P<name>[a-zA-Z][\w-]*)(?P<attributes>(?:\s[^<>]*)?)/?>)"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});|(?:%[0-9a-fA-F]{2})+",
    re.DOTALL,
)
"""A tag, an entity, or bytes of an address such as « %40 »."""
NEW_LINES = {"br", "p", "div", "li", "ul", "ol", "td", "th", "tr", "table", "blockquote", "hr", "h1", "h2", "h3"} | {
    *("h4", "h5", "h6", "figure", "figcaption", "dt", "dd", "section", "pre")
}
EMPTY = re.compile(r"<(a|b|code|del|em|i|mark|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>\s*</\1>")
# A text that is nothing but an address to follow.
LINK = re.compile(r"\s*[a-z][a-z0-9+.-]*:[^\s]+\s*", re.IGNORECASE)


# A start and an end.
Span = tuple[int, int]


class Segment(NamedTuple):
    """``content``: what is read at ``text[start:end]`` of the source."""

    start: int
    end: int
    content: str


class Tag(NamedTuple):
    start: int
    end: int
    name: str
    closes: bool


def plain_letters(text: str) -> str:
    """``text`` without accents, ligatures, invisible characters or the many apostrophes, hyphens and spaces; its case stays.

    What each character becomes does not depend on its neighbours.
    """
    return UNCOMMON.sub(_fold_run, text)


def _fold_run(match: re.Match[str]) -> str:
    return _fold_characters(match[0])


@lru_cache(maxsize=4096)
def _fold_characters(run: str) -> str:
    return COMBINING.sub("", unicodedata.normalize("NFKD", INVISIBLE.sub("", run).translate(SPELLINGS)))


def skim(texts: Iterable[str]) -> str:
    """All the words of the readings of ``texts``, folded, one after another: a word that is in no such text is in no reading."""
    text, attributes = "\n".join(texts), []

    def decoded(match: re.Match[str]) -> str:
        if match["tag"]:
            if match["name"] is None or match["attributes"].strip(" /"):
                attributes.append(match[0].strip("<>"))
            return ""
        return unescape(match[0]) if match[0][0] == "&" else unquote(match[0])

    outside_tags = CODED.sub(decoded, text)
    return plain_letters("\n".join((outside_tags, *(CODED.sub(decoded, each) for each in tuple(attributes)))))


def _folded(content: str) -> str:
    return APART if content == APART else plain_letters(content)


class Reading:
    """What ``text`` says, ``folded``: see :func:`plain_letters`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tags: list[Tag] = []
        self._attributes: list[tuple[int, int]] = []
        self._segments = [Segment(0, len(text), text)]
        if "<" in text or "&" in text or "%" in text:
            self._segments = list(self._read(0, len(text)))
            for start, end in self._attributes:
                self._segments += [Segment(start, start, APART), *self._read(start, end)]
        self.folded = "".join(_folded(segment.content) for segment in self._segments)

    def _read(self, start: int, end: int) -> Iterator[Segment]:
        at = start
        for match in CODED.finditer(self.text, start, end):
            if at < match.start():
                yield Segment(at, match.start(), self.text[at : match.start()])
            at = match.end()
            if match["tag"]:
                yield from self._read_tag(match)
            elif match[0][0] == "&":
                yield Segment(match.start(), at, unescape(match[0]))
            else:
                yield Segment(match.start(), at, unquote(match[0]))
        if at < end:
            yield Segment(at, end, self.text[at:end])

    def _read_tag(self, match: re.Match[str]) -> Iterator[Segment]:
        name = (match["name"] or "").lower()
        self.tags.append(Tag(match.start(), match.end(), name, match[0].startswith("</")))
        if match["name"] is None:
            self._attributes.append((match.start() + 4, match.end() - 3))
        elif match["attributes"].strip(" /"):
            self._attributes.append(match.span("attributes"))
        if name in NEW_LINES:
            yield Segment(match.start(), match.start(), "\n")

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        """Where each character of ``folded`` stands in the text."""
        places: list[tuple[int, int]] = []
        for start, end, content in self._segments:
            is_verbatim = end - start == len(content) and self.text.startswith(content, start)
            for number, character in enumerate(content):
                place = (start + number, start + number + 1) if is_verbatim else (start, end)
                places += [place] * len(_folded(character))
        return places

    def around(self, span: Span, nearby: int) -> str:
        """What people read around a span of ``folded``, in its own letters: text, or the value of an attribute."""
        start, end = self._read_with(span)
        written = [
            character if number == 0 else ""
            for segment in self._segments
            for character in segment.content
            for number in range(len(_folded(character)))
        ]
        return "".join(written[max(start, span[0] - nearby) : min(end, span[1] + nearby)])

    def _read_with(self, span: Span) -> tuple[int, int]:
        """The start and end in ``folded`` of the text, or of the value of an attribute, where a span stands."""

        def between(mark: str) -> tuple[int, int]:
            end = self.folded.find(mark, span[1])
            return self.folded.rfind(mark, 0, span[0]) + 1, len(self.folded) if end < 0 else end

        start, end = between(APART)
        return (start, end) if start == 0 else (max(start, between('"')[0]), min(end, between('"')[1]))

    def without(self, spans: Iterable[Span]) -> str:
        """The text with :data:`ERASED` in the place of each span of ``folded``. A link to what is erased becomes its text;
        a text that says nothing else becomes empty."""
        cut = list(spans)
        if not cut:
            return self.text
        if LINK.fullmatch(self.text) or self._is_whole(cut):
            return ""
        edits: dict[tuple[int, int], str] = {}
        for first, last in cut:
            start, end = self._places[first][0], self._places[last - 1][1]
            end = NOT_SEEN.match(self.text, end).end()  # type: ignore[union-attr]
            edits |= self._edits(start, end)
        edited = self._edited(edits)
        return self._without_empty_tags(edited) if self.tags else edited

    def _is_whole(self, spans: list[tuple[int, int]]) -> bool:
        first, last = spans[0]
        return len(spans) == 1 and not self.tags and self.folded[first:last] == self.folded.strip()

    def _edits(self, start: int, end: int) -> dict[tuple[int, int], str]:
        """What to write in the place of ``text[start:end]``: a range within one tag, or one of the text, tags between."""
        for number, tag in enumerate(self.tags):
            if tag.start <= start and end <= tag.end:
                return self._unlinked(number) if tag.name == "a" else {(start, end): ERASED}
        edits, at = {}, start
        for tag in self.tags:
            if start <= tag.start and tag.end <= end:
                edits[at, tag.start] = ""
                at = tag.end
        edits[at, end] = ""
        first = next(place for place in edits if place[0] < place[1])
        return edits | {first: ERASED}

    def _unlinked(self, number: int) -> dict[tuple[int, int], str]:
        """The link that the tag opens becomes plain text."""
        closing = next((tag for tag in self.tags[number + 1 :] if tag.name == "a" and tag.closes), None)
        return {(tag.start, tag.end): "" for tag in (self.tags[number], closing) if tag}

    def _edited(self, edits: dict[tuple[int, int], str]) -> str:
        parts, at = [], 0
        for (start, end), written in sorted(edits.items()):
            if start < at:
                continue  # an attribute of a tag that goes
            parts += [self.text[at:start], written]
            at = max(at, end)
        return "".join([*parts, self.text[at:]])

    def _without_empty_tags(self, text: str) -> str:
        before = None
        while text != before:
            before, text = text, EMPTY.sub("", text)
        return text


def parsed(text: str) -> Any:
    """Returns the value of a JSON text, else None. Wagtail stores a StreamField as JSON text in a revision."""
    if not text.startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def texts_in(value: Any) -> Iterator[str]:
    """Each text of ``value`` (text, or JSON); JSON in texts included."""
    if isinstance(value, str):
        inner = parsed(value)
        if inner is None:
            yield value
        else:
            yield from texts_in(inner)
    elif isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)
