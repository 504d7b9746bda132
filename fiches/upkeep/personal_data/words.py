"""How a person is written: addresses, names and phones found in a text, and taken out of it."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

# What stands in the place of a person in a text.
ERASED = "–"
# How the columns of a contact end, in the JSON of revisions, dossiers and imports as in the tables.
CONTACT = ("nom", "fonction", "telephone", "courriel")
BETWEEN_FIGURES = r"[\s.\-\u00a0\u202f]*"
BETWEEN_NAMES = r"(?:[\s\u00a0\u202f]|&nbsp;)+"
ASCII_RUN = re.compile(r"[A-Za-z0-9]+")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
SHORTEST_SURNAME = 3
LAST_WORD = re.compile(r"([\w’'-]+)[\s\u00a0]*$")
# Words that may begin with a capital before a surname and are no first name.
BEFORE_A_SURNAME = re.compile(
    r"photos?|portraits?|images?|logo|crédit|document|dossier|contrat|cv|lettre|madame|monsieur|mme|mlle|m|famille|maison|"
    r"chez|la|le|les|de|du|avec|par|pour",
    re.IGNORECASE,
)


@dataclass
class Person:
    """Who is looked for. ``names`` are full names: a single word would find too many people. ``others`` are the other
    addresses that the person gave in their own rows."""

    courriel: str = ""
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.courriel = self.courriel.strip().casefold()
        self.names = {" ".join(name.split()) for name in self.names if len(name.split()) > 1}
        self.others = {other for each in self.others if (other := each.strip().casefold())} - {self.courriel}
        self.phones = {number for phone in self.phones if len(number := national(phone)) == 9}

    def with_words(self, names: Iterable[str], phones: Iterable[str] = (), others: Iterable[str] = ()) -> "Person":
        return Person(self.courriel, self.names | set(names), self.phones | set(phones), self.others | set(others))

    def is_called(self, name: str) -> bool:
        return " ".join(name.split()).casefold() in {known.casefold() for known in self.names}

    @property
    def addresses(self) -> list[str]:
        return [address for address in (self.courriel, *sorted(self.others)) if address]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The address, the names and the phones."""
        phones = [
            rf"(?<!\d)(?:(?:\+|00)33|0){BETWEEN_FIGURES}{BETWEEN_FIGURES.join(phone)}(?!\d)"
            for phone in sorted(self.phones)
        ]
        return re.compile("|".join([*self._identity, *phones]) or r"(?!)", re.IGNORECASE)

    @cached_property
    def name_pattern(self) -> re.Pattern[str]:
        """The address and the names: a phone may be that of a whole house."""
        return re.compile("|".join(self._identity) or r"(?!)", re.IGNORECASE)

    @property
    def _identity(self) -> list[str]:
        found = [rf"(?<![\w.+-]){re.escape(address)}(?![\w-])" for address in self.addresses]
        for name in sorted(self.names, key=len, reverse=True):
            parts = [re.escape(part) for part in name.split()]
            for order in (parts, [parts[-1], *parts[:-1]]):
                found.append(rf"(?<!\w){BETWEEN_NAMES.join(order)}(?!\w)")
        return found

    @property
    def needles(self) -> list[str]:
        """For the database: who is named in a row has one of these in it, whatever its case. Empty: no such word is known."""
        runs = [max(ASCII_RUN.findall(word), key=len, default="") for word in (*self.addresses, *self.names)]
        return [] if "" in runs else [*runs, *(phone[-2:] for phone in self.phones)]

    def is_in(self, value: Any) -> bool:
        return bool(self.pattern.search(as_text(value)))

    @cached_property
    def surnames(self) -> list[str]:
        """The last word of each name."""
        return sorted({word for name in self.names if len(word := name.split()[-1]) >= SHORTEST_SURNAME})

    @cached_property
    def surname_pattern(self) -> re.Pattern[str]:
        words = "|".join(re.escape(word) for word in self.surnames)
        return re.compile(rf"(?<!\w)(?:{words})(?!\w)" if words else r"(?!)", re.IGNORECASE)

    def forget_surname_in(self, value: Any) -> Any:
        """``value`` (text, or JSON) without the surname where it stands alone; another first name before it is somebody else,
        and a word without a capital may be a common one."""
        if isinstance(value, str):
            inner = parsed(value)
            if inner is not None:
                kept = self.forget_surname_in(inner)
                return value if kept == inner else json.dumps(kept)
            return self.surname_pattern.sub(lambda found: ERASED if self._is_theirs(found) else found[0], value)
        if isinstance(value, list):
            return [self.forget_surname_in(item) for item in value]
        if isinstance(value, dict):
            return {key: self.forget_surname_in(item) for key, item in value.items()}
        return value

    def _is_theirs(self, found: re.Match[str]) -> bool:
        if not found[0][0].isupper():
            return False
        before = LAST_WORD.search(found.string[: found.start()])
        if before is None or not before[1][0].isupper():
            return True
        word = before[1].casefold()
        return bool(BEFORE_A_SURNAME.fullmatch(word)) or any(word == name.split()[0].casefold() for name in self.names)

    def is_named_in(self, value: Any) -> bool:
        """Whether the address or a name stands there; a phone alone doesn't tell a colleague apart."""
        return bool(self.name_pattern.search(as_text(value)))

    def excerpt(self, value: Any, around: int = 60) -> str:
        """The words around the person's own, other people's addresses hidden."""
        text = as_text(value)
        found = self.pattern.search(text)
        if not found:
            return ""
        part = text[max(0, found.start() - around) : found.end() + around]
        return ADDRESS.sub(lambda match: match[0] if self.pattern.search(match[0]) else "…@…", part)

    def forget_in(self, value: Any) -> Any:
        """``value`` (text, or JSON) without the person; the same where it doesn't name them."""
        if isinstance(value, str):
            return self._forget_in_text(value)
        if isinstance(value, list):
            return [self.forget_in(item) for item in value]
        if isinstance(value, dict):
            kept = {key: self.forget_in(item) for key, item in value.items()}
            return {**kept, **self._contacts(value)}
        return value

    def _forget_in_text(self, text: str) -> str:
        inner = parsed(text)
        if inner is not None:
            kept = self.forget_in(inner)
            return text if kept == inner else json.dumps(kept)
        return "" if self.pattern.fullmatch(text.strip()) else self.pattern.sub(ERASED, text)

    def _contacts(self, record: dict[str, Any]) -> dict[str, Any]:
        """What becomes of the columns of each contact of ``record``: emptied for this person, kept for another."""
        changed: dict[str, Any] = {}
        for key in record:
            prefix = key.removesuffix("nom") if key.endswith("contact_nom") else None
            names = [f"{prefix}{end}" for end in CONTACT if prefix and f"{prefix}{end}" in record]
            if any(self.is_named_in(record[name]) for name in names):
                changed |= dict.fromkeys(names, "")
                changed |= {shown: False for name in names if (shown := f"{name}_public") in record}
            else:
                changed |= {name: record[name] for name in names}
        return changed


def national(phone: str) -> str:
    """The nine figures of a French number, without its 0 or +33."""
    return re.sub(r"\D", "", phone)[-9:]


def parsed(text: str) -> Any:
    """What a text that is JSON says, else None: Wagtail keeps a StreamField as such a text in a revision."""
    if not text.startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def as_text(value: Any) -> str:
    """A value as people read it, JSON in texts included."""
    if isinstance(value, str):
        inner = parsed(value)
        return value if inner is None else as_text(inner)
    if isinstance(value, list | tuple):
        return " \n".join(as_text(item) for item in value)
    if isinstance(value, dict):
        return " \n".join(as_text(item) for item in value.values())
    return "" if value is None else str(value)
