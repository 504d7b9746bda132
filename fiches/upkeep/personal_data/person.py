"""Finds a person's addresses, names and phone numbers in texts and JSON, and removes them."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from fiches.upkeep.personal_data.name_patterns import (
    AFTER_THE_SURNAME,
    BEFORE_SOMEBODY,
    BETWEEN_NAMES,
    CAPITAL,
    ENDS,
    LOOSE_END,
    LOOSE_START,
    PARTICLE,
    SHORTEST_SURNAME,
    STARTS,
    WITHIN_A_NAME,
    any_of,
    dialled,
    longest,
    loose,
    side_by_side,
    spelt,
    spelt_words,
    sub_addresses,
    surnames_of,
    with_initials,
    words_of,
)
from fiches.upkeep.personal_data.neighbours import (
    ANY_LETTER,
    BEFORE_A_SURNAME,
    CAPITAL_LETTER,
    LAST_WORD,
    NEARBY,
    is_a_place_or_of_another,
    is_compound,
    is_of_something_else,
    with_other_first_names,
)
from fiches.upkeep.personal_data.reading import WHOLE_ERASED, Reading, Span, parsed, plain_letters, skim, texts_in

# How the columns of a contact end, in the JSON of revisions, dossiers and imports as in the tables.
CONTACT = ("nom", "fonction", "telephone", "courriel")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
# A text that is neither an address nor a number.
NAME = re.compile(r"(?=.*[^\W\d_])[^@:/]+", re.DOTALL)
NOT_FIGURES = re.compile(r"[\s()./-]+")


@dataclass
class Person:
    """The person to find.

    names: full names only, since a single word would match too many people.
    phones: any format.
    others: the other addresses that the person gave in their own rows.
    agreed: the other addresses that staff say are the person's: their rows are the person's own, as those of ``courriel``.
    doubtful_phones: phones that stand beside the name elsewhere, which are only listed for the staff.
    learnt: ``{name: [rows where it was read]}`` of the full names that stand beside the address. They are not looked for: whoever
        fills in a form may type somebody else's name.
    homonyms: ``{address: [rows where it was read]}`` of the other addresses that stand beside a name. A row that bears one, and
        nothing else of the person but a name, is not erased: several people may have this name.
    """

    courriel: str = ""
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    doubtful_phones: set[str] = field(default_factory=set)
    learnt: dict[str, list[str]] = field(default_factory=dict)
    agreed: set[str] = field(default_factory=set)
    homonyms: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.courriel = self.courriel.strip().casefold()
        self.names = {" ".join(name.split()) for name in self.names if len(words_of(name)) > 1}
        self.agreed = _addresses(self.agreed) - {self.courriel}
        self.others = _addresses(self.others) - self.agreed - {self.courriel}
        self.homonyms = {each: rows for each, rows in self.homonyms.items() if each not in self.addresses}
        self.phones = _numbers(self.phones)
        self.doubtful_phones = _numbers(self.doubtful_phones) - self.phones
        self.learnt = {
            name: rows for name, rows in self.learnt.items() if len(words_of(name)) > 1 and not self.is_called(name)
        }

    def with_details(
        self,
        names: Iterable[str],
        phones: Iterable[str] = (),
        others: Iterable[str] = (),
        doubtful_phones: Iterable[str] = (),
        learnt: dict[str, list[str]] | None = None,
        homonyms: dict[str, list[str]] | None = None,
    ) -> "Person":
        return Person(
            self.courriel,
            self.names | set(names),
            self.phones | set(phones),
            self.others | set(others),
            self.doubtful_phones | set(doubtful_phones),
            self.learnt | (learnt or {}),
            self.agreed,
            self.homonyms | (homonyms or {}),
        )

    @cached_property
    def with_learnt(self) -> "Person":
        """The person with every name of ``learnt``."""
        return self.with_details(self.learnt)

    @cached_property
    def without_names(self) -> "Person":
        """The addresses and phones alone."""
        return Person(self.courriel, set(), self.phones, self.others, agreed=self.agreed)

    @cached_property
    def _of_homonyms(self) -> "Person":
        """The addresses of the homonyms alone."""
        return Person(others=set(self.homonyms))

    def is_called(self, name: str) -> bool:
        return plain_name(name) in {plain_name(known) for known in self.names}

    @property
    def own_addresses(self) -> list[str]:
        """The addresses whose rows are the person's own."""
        return [address for address in (self.courriel, *sorted(self.agreed)) if address]

    @property
    def addresses(self) -> list[str]:
        return [*self.own_addresses, *sorted(self.others)]

    # --- How they are written ------------------------------------------------------------------------------------------------

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the addresses, the names and the phone numbers."""
        return any_of([*self._identity, *map(dialled, sorted(self.phones))])

    @cached_property
    def name_pattern(self) -> re.Pattern[str]:
        """The address and the names: a phone may be that of a whole house."""
        return any_of(self._identity)

    @property
    def _identity(self) -> list[str]:
        patterns = [
            rf"(?<![\w.+-]){re.escape(plain_letters(address))}(?![\w-])(?!\.(?-i:[a-z0-9]))"
            for address in self.addresses
        ]
        for name in sorted(self.names, key=len, reverse=True):
            words = [spelt(word) for word in words_of(name)]
            for first in range(len(words) - 1, 0, -1):
                given, last = WITHIN_A_NAME.join(words[:first]), WITHIN_A_NAME.join(words[first:])
                patterns.append(f"{STARTS}{given}{BETWEEN_NAMES}{last}{ENDS}")
                # Without capitals, « petit rose » is a colour.
                patterns.append(f"{STARTS}{CAPITAL}{last}{AFTER_THE_SURNAME}{CAPITAL}{given}{ENDS}")
                surname = " ".join(words_of(name)[first:])
                if particle := PARTICLE.match(surname):
                    rest, word = spelt_words(surname[particle.end() :]), re.escape(particle[0].strip())
                    before, after = rf"(?:{word}\s*)?", rf"(?:\s+{word}(?![^\W_]))?"
                    patterns.append(f"{STARTS}{before}{CAPITAL}{rest}{AFTER_THE_SURNAME}{CAPITAL}{given}{ENDS}{after}")
        return patterns

    @cached_property
    def loose_pattern(self) -> re.Pattern[str]:
        """The words of the name, in either order, with anything or nothing between them: addresses, slugs, brackets, hyphens."""
        patterns = []
        for name in self.names:
            first, *others = words_of(name)
            surname = " ".join(others)
            given, last, rest = (loose(words) for words in (first, surname, PARTICLE.sub("", surname, count=1)))
            patterns += [side_by_side(one, two) for one, two in ((given, last), (last, given), (rest, given))]
        return any_of(patterns)

    @cached_property
    def doubtful_pattern(self) -> re.Pattern[str]:
        """What may be the person or somebody else: the surname beside the first name's initial or after « Mme », a part of a compound
        surname with the first name, another name between, a phone that a namesake gives, a sub-address (« name+list@… »)."""
        patterns = [*map(dialled, sorted(self.doubtful_phones)), *map(sub_addresses, self.addresses)]
        for name in self.names:
            first = words_of(name)[0]
            initial = f"(?-i:{re.escape(first[0].upper())})"
            for surname in map(re.escape, surnames_of(name)):
                patterns += [
                    rf"{LOOSE_START}{surname}[\s,]+{initial}(?:\.|{LOOSE_END})",
                    rf"{LOOSE_START}{initial}\.[\s-]*(?:\w\.[\s-]*)*{surname}{LOOSE_END}",
                    rf"{BEFORE_SOMEBODY}{surname}{LOOSE_END}",
                    rf"{LOOSE_START}{loose(first)}\s+{CAPITAL}[^\W\d_]+[\s-]{surname}{LOOSE_END}",
                    rf"{LOOSE_START}{surname}[\s,]+{CAPITAL}[^\W\d_]+\s+{loose(first)}{LOOSE_END}",
                    rf"\A\s*(?:[^\W_]+-)?{surname}(?:-[^\W_]+)?\s*\Z",
                    side_by_side(loose(first), surname),
                    side_by_side(surname, loose(first)),
                ]
        return any_of(patterns)

    @cached_property
    def address_start_pattern(self) -> re.Pattern[str]:
        """What stands before the « @ » of the addresses: files are often named after it."""
        starts = {address.partition("@")[0] for address in self.addresses}
        return any_of([f"{LOOSE_START}{loose(start)}{LOOSE_END}" for start in sorted(starts) if len(start) > 3])

    @cached_property
    def surname_pattern(self) -> re.Pattern[str]:
        """The last word of each name, with the initials of the first name that stand beside it."""
        names = (words_of(name) for name in sorted(self.names))
        return any_of([with_initials(name[0], name[-1]) for name in names if len(name[-1]) >= SHORTEST_SURNAME])

    @cached_property
    def _given(self) -> set[str]:
        """The first word of each name, in lower case."""
        return {words_of(name)[0].lower() for name in self.names}

    @cached_property
    def _needles(self) -> list[str]:
        """One of these is in every reading that names the person, but by their phone alone."""
        parts = (longest(re.split(r"\W", surname)) for name in self.names for surname in surnames_of(name))
        addresses = [plain_letters(address) for address in self.addresses]
        sub_addresses = [f"{address.partition('@')[0]}+" for address in addresses]
        return [part.lower() for part in (*addresses, *sub_addresses, *parts)]

    def may_be_in(self, value: Any) -> bool:
        """Whether ``value`` may name the person: a cheap check before the patterns, without false negatives."""
        folded = _skimmed(value) if isinstance(value, str) else skim(texts_in(value)).lower()
        if any(needle in folded for needle in self._needles):
            return True
        phones = self.phones | self.doubtful_phones
        return bool(phones) and any(phone in NOT_FIGURES.sub("", folded) for phone in phones)

    # --- Where they are found ------------------------------------------------------------------------------------------------

    def is_in(self, value: Any) -> bool:
        return self._has(value, lambda reading: self._matches(reading, self.pattern))

    def is_named_in(self, value: Any) -> bool:
        """Whether the address or a name stands there; a phone alone doesn't tell a colleague apart."""
        return self._has(value, lambda reading: self._matches(reading, self.name_pattern))

    def has_surname_in(self, value: Any) -> bool:
        """Whether the surname stands there, in any case."""
        return self._has(
            value,
            lambda reading: any(
                not is_compound(match, ANY_LETTER) for match in self.surname_pattern.finditer(reading.folded)
            ),
        )

    def loses_surname_in(self, value: Any) -> bool:
        """Whether the surname stands there and is theirs."""
        return self._has(value, self._surnames_in)

    def may_be_meant_in(self, value: Any) -> bool:
        """Whether ``value`` may name the person, which the staff must check: it holds the surname with an initial, after « Mme » or
        alone, the names in an address, in brackets, in a compound name or as common words, or a phone of :attr:`doubtful_phones`."""
        return self._has(value, lambda reading: bool(self._doubts(reading)))

    def has_address_start_in(self, value: Any) -> bool:
        """Whether a name or a title of a file holds what stands before the « @ » of an address; it may be anybody's."""
        return any(self.address_start_pattern.search(plain_letters(text)) for text in texts_in(value))

    def _doubts(self, reading: Reading) -> list[Span]:
        return [
            match.span()
            for pattern in (self.doubtful_pattern, self.loose_pattern)
            for match in pattern.finditer(reading.folded)
        ]

    def is_another(self, nom: Any, courriel: str) -> bool:
        """Whether a contact with this name and address is somebody else's: a homonym's or, once an address of this person is known,
        that of anybody with another one."""
        if not courriel.strip() or courriel.strip().casefold() in self.addresses:
            return False
        return bool(self.addresses) or self.is_named_in(nom)

    def is_about_a_homonym(self, values: Iterable[Any]) -> bool:
        """Whether a record with these values bears a homonym's address, and no address or phone of this person."""
        values = list(values)
        return any(map(self._of_homonyms.is_in, values)) and not any(map(self.without_names.is_in, values))

    def addresses_beside(self, value: Any) -> Iterator[str]:
        """The addresses of the contacts of this name in ``value`` (JSON)."""
        inner = parsed(value) if isinstance(value, str) else value
        record = inner if isinstance(inner, dict) else {}
        for key, value_of_key in record.items():
            courriel = record.get(f"{key.removesuffix('nom')}courriel") if key.endswith("nom") else None
            if isinstance(courriel, str) and courriel.strip() and self.is_named_in(value_of_key):
                yield courriel
        for item in record.values() if record else inner if isinstance(inner, list) else ():
            yield from self.addresses_beside(item)

    def has_contact(self, nom: Any, courriel: str) -> bool:
        """Whether a contact with this name and address is this person's. One whose position or organisation names them is
        somebody else's."""
        return self.without_names.is_named_in(courriel) or (
            self.is_named_in(nom) and not self.is_another(nom, courriel)
        )

    def _has(self, value: Any, found_in: Callable[[Reading], Any]) -> bool:
        return self.may_be_in(value) and any(found_in(Reading(text)) for text in texts_in(value))

    def excerpt(self, value: Any) -> str:
        """The words around the person's own, other people's addresses hidden."""
        for reading in map(Reading, texts_in(value)):
            spans = self._matches(reading, self.pattern) or self._surnames_in(reading)
            if spans := spans or self._doubts(reading):
                part = reading.around(spans[0], NEARBY)
                return ADDRESS.sub(lambda match: match[0] if self.is_in(match[0]) else "…@…", part)
        return ""

    def _matches(self, reading: Reading, pattern: re.Pattern[str]) -> list[Span]:
        return [
            with_other_first_names(match, self._given)
            for match in pattern.finditer(reading.folded)
            if not is_of_something_else(match) and not self._is_in_another_address(match)
        ]

    def _is_in_another_address(self, match: re.Match[str]) -> bool:
        """Whether a name is part of an address that is not known to be this person's."""
        around = next(
            (each for each in ADDRESS.finditer(match.string) if each.start() <= match.start() < each.end()), None
        )
        return (
            around is not None
            and "@" not in match[0]
            and plain_letters(around[0]).lower() not in map(plain_letters, self.addresses)
        )

    def _surnames_in(self, reading: Reading) -> list[Span]:
        return [match.span() for match in self.surname_pattern.finditer(reading.folded) if self._is_theirs(match)]

    def _is_theirs(self, match: re.Match[str]) -> bool:
        """Another first name or initial beside it or a compound name is somebody else, « à Marmier » a place, and a word without a
        capital may be a common one."""
        if not match[0][0].isupper() or is_compound(match, CAPITAL_LETTER):
            return False
        if is_a_place_or_of_another(match, self._given):
            return False
        before = LAST_WORD.search(match.string[: match.start()])
        if before is None or not before[1][0].isupper():
            return True
        word = before[1].casefold()
        return bool(BEFORE_A_SURNAME.fullmatch(word)) or word in self._given

    # --- How they are forgotten ----------------------------------------------------------------------------------------------

    def forget_in(self, value: Any) -> Any:
        """``value`` (text, or JSON) without the person; the same where it doesn't name them."""
        return self._without(value, lambda reading: self._matches(reading, self.pattern), contacts=True)

    def forget_surname_in(self, value: Any) -> Any:
        """``value`` (text, or JSON) without the surname where it stands alone."""
        return self._without(value, self._surnames_in, contacts=False)

    def _without(self, value: Any, matches: Any, *, contacts: bool) -> Any:
        if isinstance(value, str):
            inner = parsed(value)
            if inner is None:
                reading = Reading(value)
                return reading.without(matches(reading))
            cleaned = self._without(inner, matches, contacts=contacts)
            return value if cleaned == inner else json.dumps(cleaned)
        if isinstance(value, list):
            return [self._without_whole(item, matches, contacts=contacts) for item in value]
        if isinstance(value, dict):
            cleaned = {key: self._without_whole(item, matches, contacts=contacts) for key, item in value.items()}
            return {**cleaned, **self._contacts(value)} if contacts else cleaned
        return value

    def _without_whole(self, item: Any, matches: Any, *, contacts: bool) -> Any:
        """:meth:`_without`; where nothing is left of a name, a word: the block or the field may need one."""
        cleaned = self._without(item, matches, contacts=contacts)
        return WHOLE_ERASED if cleaned == "" and item and NAME.fullmatch(item) else cleaned

    def _contacts(self, record: dict[str, Any]) -> dict[str, Any]:
        """Returns the new values of each contact in ``record``: emptied if it is this person's; otherwise those that stay, since
        they are those of a homonym or don't name this person."""
        changed: dict[str, Any] = {}
        for key in record:
            prefix = key.removesuffix("nom") if key.endswith("contact_nom") else None
            names = [f"{prefix}{end}" for end in CONTACT if prefix and f"{prefix}{end}" in record]
            courriel = str(record.get(f"{prefix}courriel") or "")
            if names and self.has_contact(record[key], courriel):
                changed |= dict.fromkeys(names, "")
                changed |= {flag: False for name in names if (flag := f"{name}_public") in record}
            else:
                stays = self.is_another(record[key], courriel)
                changed |= {name: record[name] for name in names if stays or not self.is_named_in(record[name])}
        return changed


def _addresses(given: Iterable[str]) -> set[str]:
    return {address for each in given if (address := each.strip().casefold())}


def _numbers(phones: Iterable[str]) -> set[str]:
    return {number for phone in phones if len(number := national(phone)) == 9}


def plain_name(name: str) -> str:
    return " ".join(words_of(name)).casefold()


def national(phone: str) -> str:
    """Returns the nine digits of a French phone number, without 0 or +33."""
    return re.sub(r"\D", "", phone)[-9:]


@lru_cache(maxsize=64)
def _skimmed(text: str) -> str:
    """Returns the words of ``text``, without accents and in lower case. Cached: a search reads the same text several times."""
    return skim(texts_in(text)).lower()
