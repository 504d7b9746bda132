"""Finds a person's addresses, phone numbers and full names in texts and JSON, and replaces them.

What is replaced is exactly the person's: an e-mail, a phone however it is spaced, a full name in either order, whatever its case, its
accents and the tags between its letters. A full name that is spelt otherwise (« jeanne-marmier » in an address) is found for the staff.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from html import unescape
from typing import Any
from urllib.parse import unquote, unquote_plus

# What stands in the place of a person in a text.
ERASED = "–"
# What a text that was nothing but the name says, where a text is needed: a title, a question, a name of an organisation.
WHOLE_ERASED = "nom effacé"
# How the columns of a contact end, in the JSON of revisions, dossiers and imports as in the tables.
CONTACT = ("nom", "fonction", "telephone", "courriel")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
# A text that is neither an address nor a number.
NAME = re.compile(r"(?=.*[^\W\d_])[^@:/]+", re.DOTALL)
# Characters shown around a mention.
NEARBY = 60

TAG = re.compile(r"<[^<>]*>")
END_OF_LINE = re.compile(r"</(?:p|li|h\d|div|td|th|tr)>|<br[^<>]*>")
# What an attribute of a tag says, but for the keys that the editor gives to paragraphs.
VALUE = re.compile(r'(?<!data-block-key)="([^"]*)"')
EMPTY = re.compile(r"<(\w+)[^<>]*></\1>")
LINK = re.compile(r"(<a\s[^<>]*>)(.*?)</a>", re.DOTALL)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# A part of an address with encoded characters, such as « %40 ».
ENCODED = re.compile(r"[^\s\"'<>]*%[0-9a-fA-F]{2}[^\s\"'<>]*")
# A text that is nothing but an address to follow.
WHOLE_LINK = re.compile(r"\s*[a-z][a-z0-9+.-]*:[^\s]+\s*", re.IGNORECASE)

# What :func:`folded` writes for a character that nobody sees.
UNSEEN = "\x00"
LIGATURES = {"oe": "œ", "ae": "æ", "ss": "ß"}
SPELLINGS = dict.fromkeys("’‘ʼ‛′´`", "'") | dict.fromkeys("‐‑‒–—―−", "-") | {"ø": "o", "ł": "l", "đ": "d"}
GAP = rf"(?:{UNSEEN}|<[^<>]*>)*"
SPACES = rf"{GAP}(?:[^\S\n]{GAP})+"
SPACES_OR_HYPHENS = rf"{GAP}(?:[^\S\n-]|-){GAP}(?:[^\S\n]{GAP})*"
BETWEEN_FIGURES = rf"(?:[\s.\-/()]|{GAP.removesuffix('*')})*"
# Between the words of a name that is listed for the staff, and in place of its apostrophes.
BETWEEN_WORDS, APOSTROPHE = r"(?:[^\w<>]|_|<[^<>]*>){1,3}", r"(?:[^\w<>]|_|<[^<>]*>){0,3}"
WORD_STARTS, WORD_ENDS = r"(?<![^\W_])", r"(?![^\W_])"
# A hyphen is part of a name: « Jean-Paul Durand » and « Paul Durand-Martin » are not Paul Durand.
NAME_STARTS, NAME_ENDS = rf"{WORD_STARTS}(?<![^\W_]-)", rf"{UNSEEN}*{WORD_ENDS}(?!-[^\W_])"


class _Folding(dict[int, str]):
    """For each character, one character in lower case and without accent, so that each place of a text stays its place."""

    def __missing__(self, code: int) -> str:
        letter = SPELLINGS.get(chr(code).lower(), chr(code).lower())
        plain = "".join(
            each for each in unicodedata.normalize("NFKD", letter) if unicodedata.category(each) not in {"Mn", "Cf"}
        )
        self[code] = UNSEEN if not plain else plain if len(plain) == 1 else letter if len(letter) == 1 else chr(code)
        return self[code]


FOLDING = _Folding()


def folded(text: str) -> str:
    """Returns ``text``, of the same length, in lower case, without accents or the many apostrophes, hyphens and spaces."""
    return text.translate(FOLDING)


def plain(text: str) -> str:
    """Returns :func:`folded` ``text`` without ligatures or what nobody sees."""
    letters = folded(text).replace(UNSEEN, "")
    for two, one in LIGATURES.items():
        letters = letters.replace(one, two)
    return letters


def plain_name(name: str) -> str:
    return " ".join(words_of(name))


def words_of(name: str) -> list[str]:
    return plain(name).replace(",", " ").split()


def national(phone: str) -> str:
    """Returns the nine digits of a French phone number, without 0 or +33."""
    return re.sub(r"\D", "", phone)[-9:]


@dataclass
class Person:
    """The person to find.

    names: full names only, since a single word would match too many people.
    phones: any format.
    others: the other addresses that the person gave in their own rows.
    learnt: the full names that stand beside the address. Whoever fills in a form may type somebody else's name: they go from the rows
        that bear the address or a phone, and are listed elsewhere.
    """

    courriel: str = ""
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    learnt: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.courriel = self.courriel.strip().casefold()
        self.names = _full(self.names)
        self.others = {each.strip().casefold() for each in self.others if each.strip()} - {self.courriel}
        self.phones = {number for phone in self.phones if len(number := national(phone)) == 9}
        self.learnt = {name for name in _full(self.learnt) if not self.is_called(name)}

    @cached_property
    def with_learnt(self) -> "Person":
        """The person with every name of ``learnt``."""
        return replace(self, names=self.names | self.learnt, learnt=set())

    @cached_property
    def without_names(self) -> "Person":
        """The addresses and phones alone."""
        return Person(self.courriel, set(), self.phones, self.others)

    @property
    def addresses(self) -> list[str]:
        return [*filter(None, [self.courriel]), *sorted(self.others)]

    def is_called(self, name: str) -> bool:
        return plain_name(name) in map(plain_name, self.names)

    # --- How they are written ------------------------------------------------------------------------------------------------

    @cached_property
    def exact(self) -> re.Pattern[str]:
        """Matches the addresses, the full names and the phone numbers."""
        return _any_of([*self._identity, *map(_dialled, sorted(self.phones))])

    @cached_property
    def identity(self) -> re.Pattern[str]:
        """Matches the addresses and the full names: a phone may be that of a whole house."""
        return _any_of(self._identity)

    @property
    def _identity(self) -> list[str]:
        addresses = [rf"(?<![\w.+-]){_spelt(address)}(?![\w-])(?!\.[a-z0-9])" for address in map(plain, self.addresses)]
        names = []
        for name in sorted(self.names, key=len, reverse=True):
            words = [_word(word) for word in words_of(name)]
            for first in range(len(words)):
                comma = f"(?:,)?{SPACES}" if first == len(words) - 1 else SPACES
                turned = SPACES.join(words[first:]) + (comma + SPACES.join(words[:first]) if first else "")
                names.append(f"{NAME_STARTS}{turned}{NAME_ENDS}")
        return [*addresses, *names]

    @cached_property
    def listed(self) -> re.Pattern[str]:
        """Matches also a full name whose words other signs separate, as in the address of a page or the name of a file."""
        names = []
        for name in self.names:
            words = [
                APOSTROPHE.join(map(_spelt, word.split("'")))
                for word in " ".join(words_of(name)).replace("-", " ").split()
            ]
            names += [
                f"{WORD_STARTS}{BETWEEN_WORDS.join(words[first:] + words[:first])}{WORD_ENDS}"
                for first in range(len(words))
            ]
        return _any_of([self.exact.pattern, *names])

    @cached_property
    def _address_starts(self) -> list[str]:
        """What stands before the « @ » of the addresses: files are often named after it."""
        starts = {address.partition("@")[0] for address in map(plain, self.addresses)}
        return sorted(start for start in starts if len(start) > 3)

    @cached_property
    def file_name(self) -> re.Pattern[str]:
        """Matches the start of an address that has several parts (« jeanne.marmier »), whatever stands between them."""
        parts = [re.findall(r"[^\W_]+", start) for start in self._address_starts]
        between = r"[\W_]"
        return _any_of(f"{WORD_STARTS}{between.join(each)}{WORD_ENDS}" for each in parts if len(each) > 1)

    @cached_property
    def _needles(self) -> list[str]:
        """One of these is in every text that may name the person, but by their phone alone."""
        starts = [plain(address).partition("@")[0] for address in self.addresses]
        last_words = [re.findall(r"[^\W_]+", words_of(name)[-1]) for name in self.names]
        return [*starts, *(max(parts, key=len) for parts in last_words if parts)]

    # --- Where they are found ------------------------------------------------------------------------------------------------

    def is_in(self, value: Any) -> bool:
        """Whether ``value`` (text, or JSON) holds what is exactly the person's."""
        return self._has(value, self.exact)

    def is_named_in(self, value: Any) -> bool:
        """Whether the address or a full name stands there; a phone alone doesn't tell a colleague apart."""
        return self._has(value, self.identity)

    def may_be_meant_in(self, value: Any) -> bool:
        """Whether ``value`` names the person, or may: which only staff can tell."""
        return self._has(value, self.listed)

    def has_address_start_in(self, value: Any) -> bool:
        """Whether a name or a title of a file holds what stands before the « @ » of an address; it may be anybody's."""
        starts = _any_of(f"{WORD_STARTS}{re.escape(each)}{WORD_ENDS}" for each in self._address_starts)
        return any(starts.search(read) or self.file_name.search(read) for read in map(plain, texts_in(value)))

    def _has(self, value: Any, pattern: re.Pattern[str]) -> bool:
        return any(self._may_be_in(text) and self._cut(text, pattern) != text for text in texts_in(value))

    def _may_be_in(self, text: str) -> bool:
        """A cheap check before the patterns, without false negatives."""
        read = _skimmed(text)
        figures = re.sub(r"\D", "", read) if self.phones else ""
        return any(needle in read for needle in self._needles) or any(phone in figures for phone in self.phones)

    def is_another(self, nom: Any, courriel: str) -> bool:
        """Whether a contact with this name and address is somebody else's: a homonym's or, once an address of this person is known,
        that of anybody with another one."""
        if not courriel.strip() or courriel.strip().casefold() in self.addresses:
            return False
        return bool(self.addresses) or self.is_named_in(nom)

    def has_contact(self, nom: Any, courriel: str) -> bool:
        """Whether a contact with this name and address is this person's. One whose position or organisation names them is
        somebody else's."""
        return self.without_names.is_named_in(courriel) or (
            self.is_named_in(nom) and not self.is_another(nom, courriel)
        )

    def excerpt(self, value: Any) -> str:
        """The words around the person's own as plain text, other people's addresses hidden; ``""`` if ``value`` doesn't name them."""
        for text in texts_in(value):
            if self.may_be_meant_in(text):
                shown = unescape(TAG.sub("", END_OF_LINE.sub(" ", _decoded(text))))
                if not self.may_be_meant_in(shown):  # it stands in a tag: the address of a link, a description
                    shown = " ".join(VALUE.findall(_decoded(text)))
                start, end = next((each.span() for each in self.listed.finditer(folded(shown))), (0, 0))
                part = " ".join(shown[max(0, start - NEARBY) : end + NEARBY].split())
                return ADDRESS.sub(lambda match: match[0] if self.may_be_meant_in(match[0]) else "…@…", part)
        return ""

    # --- How they are forgotten ----------------------------------------------------------------------------------------------

    def forget_in(self, value: Any) -> Any:
        """Returns ``value`` (text, or JSON) without the person; the same where it doesn't name them."""
        if isinstance(value, str):
            inner = _parsed(value)
            if inner is None:
                return self._cut(value, self.exact) if self._may_be_in(value) else value
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

    def forget_in_file_name(self, text: str) -> str:
        """Returns the name or title of a file without the start of an address."""
        return self._cut(text, self.file_name)

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
                stays = self.is_another(record[key], courriel) and self.is_named_in(record[key])
                changed |= {name: record[name] for name in names if stays or not self.is_named_in(record[name])}
        return changed

    def _cut(self, text: str, pattern: re.Pattern[str]) -> str:
        """Returns ``text`` with :data:`ERASED` in the place of each match; its tags stay. A link to what is erased becomes its text;
        a text that says nothing else becomes empty."""
        read = _decoded(text)
        if WHOLE_LINK.fullmatch(read):
            return "" if pattern.search(_followed(read)) else text
        read = LINK.sub(lambda link: link[2] if pattern.search(_followed(link[1])) else link[0], read)
        read = ENCODED.sub(lambda part: ERASED if pattern.search(folded(unquote(part[0]))) else part[0], read)
        parts, at = [], 0
        for match in pattern.finditer(folded(read)):
            tags = "".join(TAG.findall(read[match.start() : match.end()]))
            parts += [read[at : match.start()], ERASED, EMPTY.sub("", tags)]
            at = match.end()
        left = "".join([*parts, read[at:]])
        return text if left == _decoded(text) else "" if left.strip() == ERASED else left


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
        read = unquote(_decoded(text))
        for seen in {read, TAG.sub("", read)}:
            yield from map(str.casefold, ADDRESS.findall(seen))


def _parsed(text: str) -> Any:
    """Returns the value of a JSON text, else None. Wagtail stores a StreamField as JSON text in a revision."""
    if not text.startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _followed(address: str) -> str:
    """Returns the folded letters of an address to follow, read with its « + » and with spaces instead."""
    return folded(f"{unquote(address)} {unquote_plus(address)}")


def _decoded(text: str) -> str:
    """Returns ``text`` with its entities as characters, but for those that would be read as tags."""
    return ENTITY.sub(
        lambda found: found[0] if unescape(found[0]) in {"<", ">", "&", '"'} else unescape(found[0]), text
    )


@lru_cache(maxsize=64)
def _skimmed(text: str) -> str:
    """Returns the letters of ``text``, without tags between them, then those of its tags; a search reads a text several times."""
    if any(sign in text for sign in "<&%"):
        text = unquote(_decoded(text))
        text = TAG.sub("", text) + " ".join(TAG.findall(text))
    return plain(text)


def _full(names: Iterable[str]) -> set[str]:
    """The full names of ``names``, without needless spaces."""
    return {" ".join(name.split()) for name in names if len(words_of(name)) > 1}


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or r"(?!)")


def _spelt(word: str) -> str:
    """The pattern of the letters of a word, tags and what nobody sees between them."""
    parts = re.findall("|".join(LIGATURES) + "|.", word)
    return GAP.join(
        f"(?:{GAP.join(map(re.escape, part))}|{LIGATURES[part]})" if part in LIGATURES else re.escape(part)
        for part in parts
    )


def _word(word: str) -> str:
    """The pattern of a word of a name: hyphens may be spaces, and spaces may follow the apostrophe."""
    parts = [part.replace("'", "' ") for part in word.split("-") if part]
    return SPACES_OR_HYPHENS.join(rf"{GAP}[^\S\n]*{GAP}".join(map(_spelt, part.split())) for part in parts)


def _dialled(phone: str) -> str:
    """The pattern of a phone number, as it is dialled in its country or from abroad: « (03) 81… », « (+33) 3 81… »."""
    abroad = rf"(?:\+|00){BETWEEN_FIGURES}(?:\d{BETWEEN_FIGURES}){{1,3}}0?"
    return rf"(?<!\d)(?:\((?=[+\d\s]{{1,6}}\)))?(?:{abroad}|0){BETWEEN_FIGURES}{BETWEEN_FIGURES.join(phone)}(?!\d)"
