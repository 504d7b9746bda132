"""Words as they are searched: folded, without elisions, stemmed; the same when a fiche is indexed and when one asks."""

import re
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from fiches.territoire.gazetteer import fold

MAX_QUERY = 200
MAX_TERMS = 12
MAX_WORD = 40

ACRONYM = re.compile(r"\b(?:\w\.){2,}", re.UNICODE)
MUTE_ENDING = re.compile(r"(?<=...)(?:e?s|e|x|ts?)$")
WORD = re.compile(r"[^\W_]+", re.UNICODE)
COMPOUND = re.compile(r"(?<![\w-])([^\W_]{2,})[-\u2010\u2011]([^\W_]{2,})(?![\w-])", re.UNICODE)
"""Two words and a hyphen that some write in one: « micro-crédit »."""
VERB = re.compile(r"(?<=[nr]d)re$")
"""« apprendre », « vendre », « perdre »: what is conjugated has the rest."""
CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")

_SMALL_WORDS = """
a ai as au aux avec c ce ces cet cette chez comme d dans de des du elle elles en entre est et eu eux il ils j
je l la le les leur leurs lui m ma mais me meme mes mon n ne ni nos notre nous on ont ou par pas pour qu que
qui s sa se ses si son sont sur t ta te tes toi ton tu un une vos votre vous y
"""
STOPWORDS = frozenset(_SMALL_WORDS.split())
"""« été » (the summer) and « or » (the gold) are words; « les » is not."""

IRREGULAR = {
    "baux": "bail",
    "boyaux": "boyau",
    "emaux": "email",
    "joyaux": "joyau",
    "noyaux": "noyau",
    "soupiraux": "soupirail",
    "travaux": "travail",
    "tuyaux": "tuyau",
    "vitraux": "vitrail",
    "yeux": "oeil",
}

_stemmer = snowballstemmer.stemmer("french")


def clean(text):
    """``text`` on one line, without control characters or lone surrogates: safe for any database."""
    text = str(text or "")
    if not text.isprintable():
        text = CONTROLS.sub(" ", text.encode("utf-8", "ignore").decode("utf-8"))
    return " ".join(text.split())


def told_apart(parts):
    """The texts of a page's blocks on one line: a picture's alternative text doesn't read on from the sentence before."""
    return " · ".join(filter(None, map(clean, parts)))


def words(text):
    """The folded words of ``text``, in order: « L’épicerie de l’E.S.S. » is ``l epicerie de l ess``."""
    return [word for written in clean(text).split() for word in _read(written).words]


def joined(text):
    """``{(first, second): both in one word}`` for the compounds of ``text``, folded."""
    return {pair: "".join(pair) for written in clean(text).split() for pair in _read(written).compounds}


def indexed(text):
    """The set of the words by which ``text`` is found: its own that mean something, and its compounds in one word."""
    return set().union(*[_read(written).keys for written in set(clean(text).split())])


class Read(NamedTuple):
    """What stands between two spaces, folded: its words, its compounds, and what it is found by."""

    words: tuple[str, ...]
    compounds: tuple[tuple[str, str], ...]
    keys: frozenset[str]


def _read(written):
    """No rule looks further than a space, and texts repeat themselves."""
    return _read_once(written) if len(written) <= 2 * MAX_WORD else _folded(written)


def _folded(written):
    spelt = ACRONYM.sub(lambda found: found.group().replace(".", ""), written) if "." in written else written
    own = tuple(word for word in fold(spelt).split() if len(word) <= MAX_WORD)
    pairs = (tuple(map(fold, one.groups())) for one in COMPOUND.finditer(written))
    compounds = tuple(pair for pair in pairs if STOPWORDS.isdisjoint(pair) and all(map(str.isalnum, pair)))
    keys = {*own, *(word for word in map("".join, compounds) if len(word) <= MAX_WORD)}
    return Read(own, compounds, frozenset(keys - STOPWORDS))


_read_once = lru_cache(maxsize=50_000)(_folded)


@lru_cache(maxsize=50_000)
def stem(word):
    """The root of a folded word, whatever its number, gender or verbal ending."""
    word = IRREGULAR.get(word, word)
    if len(word) > 5 and word.endswith("aux") and word[-4] != "e":  # « médicaux », not « bureaux »
        word = f"{word[:-2]}l"
    if len(word) > 4 and word[-1] in "sx" and word[-2] != "s":
        word = word[:-1]
    if word.endswith("ee"):
        word = word[:-1]
    return _stemmer.stemWord(VERB.sub("", word) if len(word) > 5 else word)


def stems(text):
    """The roots of the words of ``text`` that mean something, in order and repeated as they are."""
    return [stem(word) for word in words(text) if word not in STOPWORDS]


class Query(NamedTuple):
    """What someone typed, read: the text cleaned, its words, and whether some were left out."""

    text: str
    words: tuple[str, ...]
    is_cut: bool
    joined: dict[tuple[str, str], str]
    """Two of the words that may have been meant as one: with a hyphen, or all that was typed."""

    @property
    def stems(self):
        return tuple(dict.fromkeys(stem(word) for word in self.words))


def read_query(text):
    """Never raises, whatever ``text``: quotes and operators are spaces, a novel is cut to its first words."""
    whole = clean(text)
    short = whole[:MAX_QUERY]
    found = list(dict.fromkeys(words(short)))
    telling = [word for word in found if word not in STOPWORDS] or found
    kept = tuple(telling[:MAX_TERMS])
    pairs = joined(short) | ({kept: "".join(kept)} if len(kept) == 2 else {})
    return Query(short, kept, is_cut=len(whole) > MAX_QUERY or len(telling) > MAX_TERMS, joined=pairs)


@lru_cache(maxsize=50_000)
def skeleton(word):
    """``word`` as it sounds, roughly: doubled letters, h, qu/c/k, ph/f, y/i and mute endings are where people slip."""
    word = word.replace("ph", "f").replace("qu", "k").replace("ck", "k").replace("c", "k").replace("y", "i")
    word = undoubled(word.replace("h", ""))
    return MUTE_ENDING.sub("", word) or word


def undoubled(word):
    return re.sub(r"(.)\1+", r"\1", word)


def slips(word):
    """What ``word`` may be typed as: its skeleton, and that with one letter left out. Two words are one slip apart (a letter
    more, less, changed, or two swapped) when they have one of these in common."""
    bones = skeleton(word)
    return {bones, *(undoubled(bones[:i] + bones[i + 1 :]) for i in range(len(bones)) if len(bones) > 3)}
