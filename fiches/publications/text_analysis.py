"""Text analysis of the search, for both indexing and queries: folding, stop words, French stemming, compounds, spelling."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

import snowballstemmer

from fiches.territoire.gazetteer import fold

MAX_QUERY = 200
MAX_TERMS = 8
MAX_WORD = 40

ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}", re.UNICODE)
WORD = re.compile(r"[^\W_]+", re.UNICODE)
# Two words with a hyphen that some write as one: « micro-crédit ».
COMPOUND = re.compile(r"(?<![\w-])([^\W_]{2,})[-\u2010\u2011]([^\W_]{2,})(?![\w-])", re.UNICODE)
# « apprendre », « vendre », « perdre »: the conjugated forms have the rest of the word.
VERB = re.compile(r"(?<=[nr]d)re$")
# « formateur », « médiatrices »: who does what « formation », « médiation » name.
AGENT = re.compile(r"(?<=at)(?:eur|rice)$")
LONG_AGENT = 8
CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")

_SMALL_WORDS = """
a ai as au aux avec c ce ces cet cette chez comme d dans de des du elle elles en entre est et eu eux il ils j
je l la le les leur leurs lui m ma mais me meme mes mon n ne ni nos notre nous on ont ou par pas pour qu que
qui s sa se ses si son sont sur t ta te tes toi ton tu un une vos votre vous y
"""
# Without « été » (summer) and « or » (gold), which are searched for.
STOPWORDS = frozenset(_SMALL_WORDS.split())

# Words of a question, which it does without if it has others: « comment faire », « où trouver ». Texts keep them.
_QUESTION_WORDS = """
aide aider aimerais avez avoir avons besoin ca cela cherche cherchent chercher cherchons combien comment connaitre definition demander dire dois
etre existe existent faire faut info infos laquelle lequel lesquelles lesquels liste moins numero obtenir ou passe peut peux plus
possible pourquoi pouvez pourrait pourrais prochain prochaine prochaines prochains puis quand quel quelle quelles quels quoi renseignements sais sert servent signification signifie
sommes souhaite souhaitons suis trouve trouver veut veux voudrais voudrait voulons sans tout tous toute toutes plusieurs bien super
"""
ASKING = frozenset(_QUESTION_WORDS.split())
# What asks for the meaning of a thing, in folded words.
MEANING = re.compile(
    r"\b(?:c est quoi|qu est ce qu[e ]|quest ce qu[e ]|definition d|definir |signification|signifie|veut dire)"
)

IRREGULAR = {
    **dict.fromkeys(("aidant", "aidante", "aidants", "aidantes"), "aidance"),  # not « aide »
    "baux": "bail",
    "boyaux": "boyau",
    "cafe": "cafeteria",  # not « CAF », whose stem it would have
    "cafes": "cafeteria",
    **dict.fromkeys(("donnee", "donnees"), "datum"),  # not « don »
    "emaux": "email",
    "joyaux": "joyau",
    "noyaux": "noyau",
    "soupiraux": "soupirail",
    "travaux": "travail",
    "tuyaux": "tuyau",
    "vitraux": "vitrail",
    "yeux": "oeil",
}

# Numbers written in words have the stem of their digits: « quatre », « vingt-deux » (a compound) and « 22 » find each other.
_WRITTEN_UNITS = """
deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
"""
_UNITS = _WRITTEN_UNITS.split()
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "quatrevingt": 80}
NUMBERS = {
    **{word: str(number) for number, word in enumerate(_UNITS, start=2)},
    **{f"dix{word}": str(10 + number) for number, word in enumerate(_UNITS[:8], start=2) if number >= 7},
    **{ten: str(number) for ten, number in _TENS.items()},
    **{f"{ten}{word}": str(tens + number) for ten, tens in _TENS.items() for number, word in enumerate(_UNITS[:8], 2)},
    "quatrevingts": "80",
    "cent": "100",
    "cents": "100",
    "mille": "1000",
}
# Numbers written in groups: a French phone number, also with its country code; thousands, a SIREN, a SIRET.
PHONE = re.compile(r"(?<![\w+])(?:(?:\+|00)33[ .-]?(?:\(0\)[ .-]?)?|0)([1-9])((?:[ .-]?\d\d){4})(?!\w)")
GROUPED = re.compile(r"(?<!\w)\d{1,3}(?:[ .]\d{3})+(?:[ .]?\d{5})?(?!\w)|(?<!\w)\d{9}[ .]\d{5}(?!\w)")
# The beginning of a web address, which pages do not show.
SCHEME = re.compile(r"\bhttps?://|\bwww\.", re.IGNORECASE)

# In the text of a row of the register, what stands between what extracts quote and the names, which they quote if a word is in these only.
NAMES_FOLLOW = "\x1e"
# Between the texts of a page, and between its names.
SEPARATOR = " · "

_stemmer = snowballstemmer.stemmer("french")


def clean(text: str) -> str:
    """``text`` on one line, without control characters and lone surrogates, which some databases refuse."""
    text = str(text or "")
    if not text.isprintable():
        text = CONTROLS.sub(" ", text.encode("utf-8", "ignore").decode("utf-8"))
    return " ".join(text.split())


def joined_texts(parts: Any) -> str:
    """The texts of a page's blocks on one line, separated by « · »."""
    return SEPARATOR.join(filter(None, map(clean, parts)))


def words(text: str) -> list[str]:
    """The folded words of ``text``, in order: « L’épicerie de l’E.S.S. » is ``l epicerie de l ess``."""
    return [word for written in clean(text).split() for word in _read(written).words]


def spellings(text: str) -> dict[str, str]:
    """``{folded word: the word as written}`` of ``text``: ``{"ecole": "école"}``; of several spellings, the first one without a
    capital."""
    written_as: dict[str, str] = {}
    for written in WORD.findall(clean(text)):
        for word in _read(written).words:
            if written_as.setdefault(word, written)[0].isupper():
                written_as[word] = written
    return written_as


def as_one(text: str) -> str:
    """``text`` with each number in groups as one word, « 03 81 00 00 01 » and « +33 3 81 00 00 01 » alike, and web addresses
    without their beginning."""
    text = PHONE.sub(lambda match: f"0{match[1]}{_digits(match[2])}", SCHEME.sub("", clean(text)))
    return GROUPED.sub(lambda match: _digits(match[0]), text)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def joined_pairs(text: str) -> dict[tuple[str, str], str]:
    """``{(first, second): firstsecond}`` of the folded compounds of ``text``."""
    return {pair: "".join(pair) for written in clean(text).split() for pair in _read(written).compounds}


def indexed(text: str) -> set[str]:
    """The set of the words by which ``text`` is found: its folded words without stop words, its compounds and its numbers in
    groups as one word."""
    text = clean(text)
    return set().union(*[_read(written).keys for written in {*text.split(), *as_one(text).split()}])


class Read(NamedTuple):
    """The analysis of a text without spaces. Attributes: words (folded), compounds (pairs), keys (words to index)."""

    words: tuple[str, ...]
    compounds: tuple[tuple[str, str], ...]
    keys: frozenset[str]


def _read(written: str) -> Read:
    """Analyses a text without spaces, with a cache for short ones."""
    return _read_cached(written) if len(written) <= 2 * MAX_WORD else _folded(written)


def _folded(written: str) -> Read:
    spelt = ACRONYM.sub(lambda match: match.group().replace(".", ""), written) if "." in written else written
    own = tuple(word for word in fold(spelt).split() if len(word) <= MAX_WORD)
    pairs = ((fold(one[1]), fold(one[2])) for one in COMPOUND.finditer(written))
    compounds = tuple(pair for pair in pairs if STOPWORDS.isdisjoint(pair) and all(map(str.isalnum, pair)))
    keys = {*own, *(word for word in map("".join, compounds) if len(word) <= MAX_WORD)}
    return Read(own, compounds, frozenset(keys - STOPWORDS))


_read_cached = lru_cache(maxsize=50_000)(_folded)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a folded word: the same for its number, gender and verbal endings."""
    word = IRREGULAR.get(word) or NUMBERS.get(word, word)
    if len(word) > 5 and word.endswith("aux") and word[-4] != "e":  # « médicaux », not « bureaux »
        word = f"{word[:-2]}l"
    if len(word) > 4 and word[-1] in "sx" and word[-2] != "s":
        word = word[:-1]
    if word.endswith("ee"):
        word = word[:-1]
    if len(word) >= LONG_AGENT:
        word = AGENT.sub("ion", word)
    return _stemmer.stemWord(VERB.sub("", word) if len(word) > 5 else word)


def stems(text: str) -> list[str]:
    """The stems of the words of ``text`` without stop words, in order, with repetitions."""
    return [stem(word) for word in words(text) if word not in STOPWORDS]


class Query(NamedTuple):
    """A parsed search. Attributes: text (cleaned), words (folded, without the words that only ask a question), with_asking
    (folded, with these words: « trouver un emploi » is a term of the thesaurus), is_cut (whether words were left out), joined
    (pairs of words that may be meant as one word: with a hyphen, or the only two), asks_meaning (whether it asks what its words
    mean)."""

    text: str
    words: tuple[str, ...]
    with_asking: tuple[str, ...]
    is_cut: bool
    joined: dict[tuple[str, str], str]
    asks_meaning: bool = False

    @property
    def is_too_common(self) -> bool:
        """Whether all its words are stop words, which no text is indexed with."""
        return bool(self.words) and STOPWORDS.issuperset(self.words)

    @property
    def stems(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(stem(word) for word in self.words))


def read_query(text: str) -> Query:
    """Parses a search. Never raises: quotes and operators count as spaces, and long texts are cut."""
    whole = clean(text)
    short = whole[:MAX_QUERY]
    read = as_one(short)
    typed = list(dict.fromkeys(words(read)))
    significant = [word for word in typed if word not in STOPWORDS] or typed
    with_asking = tuple(significant[:MAX_TERMS])
    significant = [word for word in significant if word not in ASKING] or significant
    terms = tuple(significant[:MAX_TERMS])
    pairs = joined_pairs(read) | ({terms: "".join(terms)} if len(terms) == 2 else {})
    is_cut = len(whole) > MAX_QUERY or len(significant) > MAX_TERMS
    return Query(short, terms, with_asking, is_cut, pairs, asks_meaning=bool(MEANING.search(fold(short))))
