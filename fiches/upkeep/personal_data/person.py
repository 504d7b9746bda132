"""Finds a person's addresses, names and phone numbers in texts and JSON, and removes them."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

# Replaces a person's name, address or phone in a text.
ERASED = "–"
# Suffixes of the columns of a contact, in tables and in the JSON of revisions, dossiers and imports.
CONTACT = ("nom", "fonction", "telephone", "courriel")
BETWEEN_FIGURES = r"[\s.\-\u00a0\u202f]*"
BETWEEN_NAMES = r"(?:[\s\u00a0\u202f]|&nbsp;)+"
ASCII_RUN = re.compile(r"[A-Za-z0-9]+")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
SHORTEST_SURNAME = 3
LAST_WORD = re.compile(r"([\w’'-]+)[\s\u00a0]*$")
# Words before a surname that may have a capital and aren't a first name.
BEFORE_A_SURNAME = re.compile(
    r"photos?|portraits?|images?|logo|crédit|document|dossier|contrat|cv|lettre|madame|monsieur|mme|mlle|m|famille|maison|"
    r"chez|la|le|les|de|du|avec|par|pour",
    re.IGNORECASE,
)


@dataclass
class Person:
    """The person to find.

    names: full names only, since a single word would match too many people.
    phones: any format.
    others: the other addresses that the person gave in their own rows.
    """

    courriel: str = ""
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.courriel = self.courriel.strip().casefold()
        self.names = {" ".join(name.split()) for name in self.names if len(name.split()) > 1}
        self.others = {other for each in self.others if (other := each.strip().casefold())} - {self.courriel}
        self.phones = {number for phone in self.phones if len(number := national(phone)) == 9}

    def with_details(self, names: Iterable[str], phones: Iterable[str] = (), others: Iterable[str] = ()) -> "Person":
        return Person(self.courriel, self.names | set(names), self.phones | set(phones), self.others | set(others))

    def is_called(self, name: str) -> bool:
        """Whether ``name`` is one of the person's full names."""
        return " ".join(name.split()).casefold() in {known.casefold() for known in self.names}

    @property
    def addresses(self) -> list[str]:
        return [address for address in (self.courriel, *sorted(self.others)) if address]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the addresses, the names and the phone numbers."""
        phones = [
            rf"(?<!\d)(?:(?:\+|00)33|0){BETWEEN_FIGURES}{BETWEEN_FIGURES.join(phone)}(?!\d)"
            for phone in sorted(self.phones)
        ]
        return re.compile("|".join([*self._identity, *phones]) or r"(?!)", re.IGNORECASE)

    @cached_property
    def name_pattern(self) -> re.Pattern[str]:
        """Matches the addresses and the names; not the phones, which several people may share."""
        return re.compile("|".join(self._identity) or r"(?!)", re.IGNORECASE)

    @property
    def _identity(self) -> list[str]:
        patterns = [rf"(?<![\w.+-]){re.escape(address)}(?![\w-])" for address in self.addresses]
        for name in sorted(self.names, key=len, reverse=True):
            parts = [re.escape(part) for part in name.split()]
            for order in (parts, [parts[-1], *parts[:-1]]):
                patterns.append(rf"(?<!\w){BETWEEN_NAMES.join(order)}(?!\w)")
        return patterns

    @property
    def needles(self) -> list[str]:
        """Texts for a database query: a row that names the person contains one of them, in any case.

        Empty when no such text exists; then every row must be checked.
        """
        runs = [max(ASCII_RUN.findall(word), key=len, default="") for word in (*self.addresses, *self.names)]
        return [] if "" in runs else [*runs, *(phone[-2:] for phone in self.phones)]

    def is_in(self, value: Any) -> bool:
        """Whether ``value`` (text or JSON) contains the person's address, name or phone."""
        return bool(self.pattern.search(as_text(value)))

    @cached_property
    def surnames(self) -> list[str]:
        """The last word of each full name."""
        return sorted({word for name in self.names if len(word := name.split()[-1]) >= SHORTEST_SURNAME})

    @cached_property
    def surname_pattern(self) -> re.Pattern[str]:
        words = "|".join(re.escape(word) for word in self.surnames)
        return re.compile(rf"(?<!\w)(?:{words})(?!\w)" if words else r"(?!)", re.IGNORECASE)

    def forget_surname_in(self, value: Any) -> Any:
        """Returns ``value`` (text or JSON) without the surname alone.

        Keeps it after another first name, which is another person, and without a capital, which may be a common word.
        """
        if isinstance(value, str):
            inner = parsed(value)
            if inner is not None:
                cleaned = self.forget_surname_in(inner)
                return value if cleaned == inner else json.dumps(cleaned)
            return self.surname_pattern.sub(lambda match: ERASED if self._is_theirs(match) else match[0], value)
        if isinstance(value, list):
            return [self.forget_surname_in(item) for item in value]
        if isinstance(value, dict):
            return {key: self.forget_surname_in(item) for key, item in value.items()}
        return value

    def _is_theirs(self, match: re.Match[str]) -> bool:
        """Whether a match of the surname names this person, by its capital and by the word before it."""
        if not match[0][0].isupper():
            return False
        before = LAST_WORD.search(match.string[: match.start()])
        if before is None or not before[1][0].isupper():
            return True
        word = before[1].casefold()
        return bool(BEFORE_A_SURNAME.fullmatch(word)) or any(word == name.split()[0].casefold() for name in self.names)

    def is_named_in(self, value: Any) -> bool:
        """Whether ``value`` contains the address or a name; not a phone alone, which colleagues may share."""
        return bool(self.name_pattern.search(as_text(value)))

    def excerpt(self, value: Any, around: int = 60) -> str:
        """Returns the text around the first mention, with other people's addresses hidden.

        :param around: characters before and after.
        """
        text = as_text(value)
        mention = self.pattern.search(text)
        if not mention:
            return ""
        part = text[max(0, mention.start() - around) : mention.end() + around]
        return ADDRESS.sub(lambda match: match[0] if self.pattern.search(match[0]) else "…@…", part)

    def forget_in(self, value: Any) -> Any:
        """Returns ``value`` (text or JSON) without the person; unchanged if it doesn't name them."""
        if isinstance(value, str):
            return self._forget_in_text(value)
        if isinstance(value, list):
            return [self.forget_in(item) for item in value]
        if isinstance(value, dict):
            cleaned = {key: self.forget_in(item) for key, item in value.items()}
            return {**cleaned, **self._contacts(value)}
        return value

    def _forget_in_text(self, text: str) -> str:
        inner = parsed(text)
        if inner is not None:
            cleaned = self.forget_in(inner)
            return text if cleaned == inner else json.dumps(cleaned)
        return "" if self.pattern.fullmatch(text.strip()) else self.pattern.sub(ERASED, text)

    def _contacts(self, record: dict[str, Any]) -> dict[str, Any]:
        """Returns the new values of each contact in ``record``: emptied if it is this person's, unchanged otherwise."""
        changed: dict[str, Any] = {}
        for key in record:
            prefix = key.removesuffix("nom") if key.endswith("contact_nom") else None
            names = [f"{prefix}{end}" for end in CONTACT if prefix and f"{prefix}{end}" in record]
            if any(self.is_named_in(record[name]) for name in names):
                changed |= dict.fromkeys(names, "")
                changed |= {flag: False for name in names if (flag := f"{name}_public") in record}
            else:
                changed |= {name: record[name] for name in names}
        return changed


def national(phone: str) -> str:
    """Returns the nine digits of a French phone number, without 0 or +33."""
    return re.sub(r"\D", "", phone)[-9:]


def parsed(text: str) -> Any:
    """Returns the value of a JSON text, else None. Wagtail stores a StreamField as JSON text in a revision."""
    if not text.startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def as_text(value: Any) -> str:
    """Returns all texts in a value, including those of JSON texts."""
    if isinstance(value, str):
        inner = parsed(value)
        return value if inner is None else as_text(inner)
    if isinstance(value, list | tuple):
        return " \n".join(as_text(item) for item in value)
    if isinstance(value, dict):
        return " \n".join(as_text(item) for item in value.values())
    return "" if value is None else str(value)
