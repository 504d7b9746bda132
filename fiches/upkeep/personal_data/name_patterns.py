"""Patterns of the spellings of a name, of an address and of a phone number."""

import re

from fiches.upkeep.personal_data.reading import plain_letters

BETWEEN_FIGURES = r"[\s.\-/()]*"
WITHIN_A_NAME = r"[\s_+-]+"
# At most one new line: two paragraphs are not read in one go.
BETWEEN_NAMES = r"(?=[\s_+])(?:[^\S\n]|[_+])*\n?(?:[^\S\n]|[_+])*"
AFTER_THE_SURNAME = rf"(?:{BETWEEN_NAMES}|[^\S\n]*,[^\S\n]*\n?[^\S\n]*)"
A_PARTICLE = r"(?:d'|(?:de|du|des|d|la|le|von|van|der|den)\s+)"
PARTICLE = re.compile(rf"{A_PARTICLE}(?=.)", re.IGNORECASE)
# A name in an address or a slug, in brackets, with a hyphen, within a compound name: only people can tell whose it is.
LOOSELY = r"[\W_]{0,3}"
LOOSE_START, LOOSE_END = r"(?<![^\W_])", r"(?![^\W_])"
# What stands before somebody's surname alone.
BEFORE_SOMEBODY = (
    rf"(?:{LOOSE_START}(?:m|mm|mr|mmes?|mlles?|melle|monsieur|messieurs|madame|mesdames|mademoiselle|dr|docteur|me|maitre|pr|"
    rf"professeur|famille|photos?|portraits?|credits?)(?![^\W_])|©)[\s.:]*(?:d'|(?:de|du|des|la|le)\s+){{0,2}}"
)
# A hyphen is part of a name: « Jean-Paul Durand » and « Paul Durand-Martin » are not Paul Durand.
STARTS, ENDS = r"(?<![^\W_])(?<![^\W_]-)", r"(?![^\W_])(?!-(?-i:[A-Z]))"
CAPITAL = r"(?=(?-i:[A-Z]))"
SHORTEST_SURNAME = 3


def dialled(phone: str) -> str:
    """The pattern of a phone number, as it is dialled in France or from abroad: « (03) 81… », « (+33) 3 81… »."""
    abroad = rf"(?:\+|00){BETWEEN_FIGURES}33{BETWEEN_FIGURES}0?"
    return rf"(?<!\d)(?:\((?=[+\d\s]{{1,6}}\)))?(?:{abroad}|0){BETWEEN_FIGURES}{BETWEEN_FIGURES.join(phone)}(?!\d)"


def sub_addresses(address: str) -> str:
    """The pattern of « name+anything@host »."""
    name, _at, host = plain_letters(address).partition("@")
    return rf"(?<![\w.+-]){re.escape(name)}\+[\w.+-]*@{re.escape(host)}(?![\w-])"


def with_initials(first_name: str, surname: str) -> str:
    """The pattern of a surname, with the initials of the first name before or after it, or « M. »: « J.-M. Roy », « Roy, J. M. »."""
    first, *others = (re.escape(part[0].upper()) for part in first_name.split("-") if part)
    initials = rf"(?-i:{first}\.?" + "".join(rf"(?:[\s-]{{0,2}}{other}\.?)?" for other in others) + ")"
    before = rf"(?:(?<![\w-])(?:{initials}(?:[\s-]?(?-i:[A-Z])\.)*|(?-i:M)\.)\s*{A_PARTICLE}*{CAPITAL})?"
    after = rf"(?:,?[^\S\n]+{initials}(?![\w.-])(?![^\S\n]+{CAPITAL}))?"
    return rf"{before}(?<!\w){re.escape(surname)}(?!\w){after}"


def surnames_of(name: str) -> list[str]:
    """The last word of a name, and its parts if it is compound: « Leroy-Martin », « Leroy », « Martin »."""
    last = words_of(name)[-1]
    return [last, *(part for part in last.split("-") if part != last and len(part) >= SHORTEST_SURNAME)]


def longest(words: list[str]) -> str:
    return max(words, key=len)


def side_by_side(one: str, two: str) -> str:
    """The pattern of two names with up to three signs between; with none, in an address or « JeanPetit », since « Petitjean » is a
    surname."""
    glued = rf"(?<=[/@#=]){one}{two}{LOOSE_END}|{LOOSE_START}{one}(?:{two}(?=@|\.[a-z])|(?=(?-i:[A-Z][a-z])){two}{LOOSE_END})"
    return rf"{LOOSE_START}{one}[\W_]{{1,3}}{two}{LOOSE_END}|{glued}"


def loose(words: str) -> str:
    return LOOSELY.join(map(re.escape, re.findall(r"[^\W_]+", words)))


def spelt_words(words: str) -> str:
    return WITHIN_A_NAME.join(map(spelt, words.split()))


def spelt(word: str) -> str:
    """The pattern of a word of a name: hyphens may be spaces, and a space may follow the apostrophe."""
    parts = [re.escape(part).replace("'", r"'\s*") for part in word.split("-") if part]
    return WITHIN_A_NAME.join(parts)


def any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def words_of(name: str) -> list[str]:
    return plain_letters(name).replace(",", " ").split()
