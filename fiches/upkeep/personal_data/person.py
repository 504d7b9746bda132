"""Finds a person's address, phone numbers and full names in texts and JSON, and replaces them.

A full name is found in either order, whatever its case and accents, also across tags. Nothing else is: no first name alone, no initial.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from typing import Any

# What stands in the place of a person in a text.
ERASED = "–"
# What a text that was nothing but the name says, where a text is needed: a title, a question, a name of an organisation.
WHOLE_ERASED = "nom effacé"
# How the columns of a contact end, in the JSON of revisions, dossiers and imports as in the tables.
CONTACT = ("nom", "fonction", "telephone", "courriel")
# The columns of somebody else's contact that stay as they are: a phone may be that of a whole house.
OF_ITS_OWN = {"nom", "telephone", "courriel"}
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
# A text that is neither an address nor a number.
NAME = re.compile(r"(?=.*[^\W\d_])[^@:/]+", re.DOTALL)
# Characters shown around a mention.
NEARBY = 60

TAG = re.compile(r"<[^<>]*>")
LINK = re.compile(r"(<a\s[^<>]*>)(.*?)</a>", re.DOTALL)
# A text that is nothing but an address to follow.
WHOLE_LINK = re.compile(r"\s*[a-z][a-z0-9+.-]*:[^\s]+\s*", re.IGNORECASE)
ENTITY = re.compile(r"&#?\w{1,31};")
# What may follow a letter: its accent, in texts of macOS or of a PDF, and what nobody sees.
MARKS = "\u0300-\u036f\u00ad\u200b-\u200d"
BETWEEN_WORDS = r"(?:<[^<>]*>|%20|[\s,'+-])+"
BETWEEN_FIGURES = r"[\s./()-]*"
# A hyphen is part of a name: « Jean-Paul Durand » and « Paul Durand-Martin » are not Paul Durand.
NAME_STARTS, NAME_ENDS = rf"(?<![^\W_]|[{MARKS}])(?<![^\W_]-)", r"(?![^\W_])(?!-[^\W_])"


class _Folding(dict[int, str]):
    """For each character, one character in lower case and without accent, so that each place of a text stays its place."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFKD", chr(code).lower())[:1] or chr(code)
        return self[code]


FOLDING = _Folding({ord("’"): "'", ord("‑"): "-"})


def folded(text: str) -> str:
    """Returns ``text``, of the same length, in lower case and without accents."""
    return text.translate(FOLDING)


def words_of(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(unicodedata.normalize("NFC", name)))


def part_of_contact(name: str) -> str:
    """Returns which part of a contact a column or a key holds: ``contact_nom`` gives ``nom``."""
    return name.rpartition("_")[2]


@dataclass
class Person:
    """The person to find.

    names: full names; a single word, which would match too many people, is left out. phones: any format.
    """

    courriel: str = ""
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.courriel = self.courriel.strip().casefold()
        self.names = {" ".join(name.split()) for name in self.names if len(words_of(name)) > 1}
        figures = {re.sub(r"\D", "", phone)[-9:] for phone in self.phones}  # without 0 or +33
        self.phones = {number for number in figures if len(number) == 9}

    @cached_property
    def without_names(self) -> "Person":
        """The address and the phones alone."""
        return Person(self.courriel, set(), self.phones)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the address, the phones and the full names in a folded text."""
        patterns = []
        if self.courriel:
            name, _at, host = map(re.escape, folded(self.courriel).partition("@"))
            patterns.append(rf"(?<![\w.+-]){name}(?:@|%40){host}(?![\w-])(?!\.[a-z0-9])")
        for words in map(words_of, sorted(self.names, key=len, reverse=True)):
            spelt = ["".join(f"{letter}[{MARKS}]*" for letter in word) for word in words]
            turns = (spelt[first:] + spelt[:first] for first in range(len(spelt)))
            patterns += [f"{NAME_STARTS}{BETWEEN_WORDS.join(turn)}{NAME_ENDS}" for turn in turns]
        for phone in sorted(self.phones):
            prefix = rf"(?:(?:\+|00){BETWEEN_FIGURES}(?:\d{BETWEEN_FIGURES}){{1,4}}|0{BETWEEN_FIGURES})"
            patterns.append(rf"(?<!\d){prefix}{BETWEEN_FIGURES.join(phone)}(?!\d)")
        return re.compile("|".join(patterns) or r"(?!)")

    def is_in(self, value: Any) -> bool:
        """Whether ``value`` (text, or JSON) names the person."""
        return any(self.pattern.search(folded(_decoded(text))) for text in texts_in(value))

    def owns(self, nom: str, courriel: str) -> bool:
        """Whether a contact with this name and address is this person's: another address is that of somebody of the same name."""
        return courriel.strip().casefold() == self.courriel if courriel.strip() else self.is_in(nom)

    def excerpt(self, value: Any) -> str:
        """The words around the person's own as plain text, other people's addresses hidden; ``""`` if ``value`` doesn't name them."""
        for text in filter(self.is_in, texts_in(value)):
            read = " ".join(unescape(TAG.sub(" ", text)).split())
            shown = (
                read if self.is_in(read) else _decoded(text)
            )  # it stands in a tag: the address of a link, a description
            start, end = next((match.span() for match in self.pattern.finditer(folded(shown))), (0, 0))
            part = shown[max(0, start - NEARBY) : end + NEARBY]
            return ADDRESS.sub(lambda match: match[0] if self.is_in(match[0]) else "…@…", part)
        return ""

    def forget_in(self, value: Any) -> Any:
        """Returns ``value`` (text, or JSON) without the person; the same where it doesn't name them."""
        if isinstance(value, str):
            inner = _parsed(value)
            if inner is None:
                return self._cut(value)
            cleaned = self.forget_in(inner)
            return value if cleaned == inner else json.dumps(cleaned)
        if isinstance(value, list):
            return [self._forget_item(item) for item in value]
        if isinstance(value, dict):
            return {**{key: self._forget_item(item) for key, item in value.items()}, **self._contacts(value)}
        return value

    def _forget_item(self, item: Any) -> Any:
        """:meth:`forget_in`; where nothing is left of a name, a word: the block or the field may need one."""
        cleaned = self.forget_in(item)
        return WHOLE_ERASED if cleaned == "" and item and NAME.fullmatch(item) else cleaned

    def _contacts(self, record: dict[str, Any]) -> dict[str, Any]:
        """Returns the new values of each contact in ``record``: emptied if it is this person's; else what stays as it is."""
        changed: dict[str, Any] = {}
        for prefix in [key.removesuffix("nom") for key in record if key.endswith("contact_nom")]:
            names = [f"{prefix}{end}" for end in CONTACT if f"{prefix}{end}" in record]
            if self.owns(str(record[f"{prefix}nom"] or ""), str(record.get(f"{prefix}courriel") or "")):
                changed |= dict.fromkeys(names, "")
                changed |= {flag: False for name in names if (flag := f"{name}_public") in record}
            else:
                changed |= {name: record[name] for name in names if part_of_contact(name) in OF_ITS_OWN}
        return changed

    def _cut(self, text: str) -> str:
        """Returns ``text`` with :data:`ERASED` in the place of each match; its tags stay. A link to what is erased becomes its text;
        a text that says nothing else becomes empty."""
        if not self.is_in(text):
            return text
        text = _decoded(text)
        if WHOLE_LINK.fullmatch(text):
            return ""
        text = LINK.sub(lambda link: link[2] if self.pattern.search(folded(link[1])) else link[0], text)
        parts, at = [], 0
        for match in self.pattern.finditer(folded(text)):
            parts += [text[at : match.start()], ERASED, *TAG.findall(text[match.start() : match.end()])]
            at = match.end()
        left = "".join([*parts, text[at:]])
        return "" if left.strip() == ERASED else left


def texts_in(value: Any) -> Iterator[str]:
    """Each text of ``value`` (text, or JSON); JSON in texts included."""
    if isinstance(value, str):
        inner = _parsed(value)
        if inner is None:
            yield value
        else:
            yield from texts_in(inner)
    elif isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)


def addresses_in(value: Any) -> Iterator[str]:
    """Each e-mail address in ``value`` (text, or JSON), in lower case."""
    for text in texts_in(value):
        yield from map(str.casefold, ADDRESS.findall(unescape(text)))


def _decoded(text: str) -> str:
    """Returns ``text`` with its entities as characters, but for those that would be read as tags."""
    return ENTITY.sub(
        lambda found: found[0] if unescape(found[0]) in {"<", ">", "&", '"'} else unescape(found[0]), text
    )


def _parsed(text: str) -> Any:
    """Returns the value of a JSON text, else None. Wagtail stores a StreamField as JSON text in a revision."""
    if not text.startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None
