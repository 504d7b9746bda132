"""Whether the words beside a name make it somebody else's, or something else than a name."""

import re

from fiches.upkeep.personal_data.first_names import FIRST_NAMES

PARTICLES = {"d", "de", "du", "des", "la", "le", "von", "van", "der", "den"}
CAPITAL_LETTER, ANY_LETTER = r"[A-Z]", r"[^\W\d_]"
# Characters looked at before a name, and shown around it.
NEARBY = 60
# What stands before a common word or a place, not before a name without capitals.
DETERMINERS = re.compile(r"une?|l[ea]?|les|d[ue]|des|aux?|c(?:et?|ette|es)|[mts](?:on|a|es)|en", re.IGNORECASE)
LAST_WORD = re.compile(r"([\w'-]+)\s*$")
WORD_BEFORE, WORD_AFTER = re.compile(r"([\w'-]+)\.?[ \t]+$"), re.compile(r"[ \t]+([\w'-]+)")
BEFORE_A_SURNAME = re.compile(
    r"photos?|portraits?|images?|logo|credit|document|dossier|contrat|cv|lettre|madame|monsieur|mme|mlle|m|famille|maison|"
    r"chez|la|le|les|de|du|avec|par|pour",
    re.IGNORECASE,
)
FIRST_NAME_BEFORE = re.compile(r"(?<![\w-])([A-Z]\w+)[^\S\n]+$")
FIRST_NAME_AFTER = re.compile(r"[^\S\n]+([A-Z]\w+)(?![\w-])")
ANOTHER_AFTER = re.compile(r"(,?)[^\S\n]+((?:[A-Z]\w+(?![\w-])[^\S\n]*)+)")
INITIALS_BEFORE = re.compile(r"(?<![\w.-])(?:[A-Z]\.[\s-]*)+$")
INITIALS_AFTER = re.compile(r",?[^\S\n]+[A-Z](?:\.[\s-]?[A-Z])*(?:\.|\Z)(?![\w-])(?!\s+[A-Z])")
BEFORE_A_PLACE = re.compile(r"(?:([\w'-]+)\s+)?\b(?:a|vers|en|dans|depuis)\s+$", re.IGNORECASE)
BEFORE_SOMEBODY_TOLD = {"merci", "hommage", "grace", "dedie", "dediee", "remis", "remise"}


def is_a_place_or_of_another(match: re.Match[str], given: set[str]) -> bool:
    """Whether a surname stands beside the initials or before the first name of somebody else, or is a place: « P. Marmier »,
    « Marmier, P. », « Marmier Paul », « à Marmier »; « merci à Marmier » is somebody. ``given``: their
    own first names, in lower case."""
    before = match.string[max(0, match.start() - NEARBY) : match.start()]
    if INITIALS_BEFORE.search(before) or INITIALS_AFTER.match(match.string, match.end()):
        return True
    if after := ANOTHER_AFTER.match(match.string, match.end()):
        words = after[2].lower().split()
        begins_another_name = after[1] and len(words) > 1 and words[-1] not in given
        if not begins_another_name and FIRST_NAMES.issuperset(words):
            return True
    place = BEFORE_A_PLACE.search(before)
    return place is not None and (place[1] or "").lower() not in BEFORE_SOMEBODY_TOLD


def with_other_first_names(match: re.Match[str], given: set[str]) -> tuple[int, int]:
    """The span of a match, and of another first name beside its own (``given``, in lower case): « Claire » in « Claire Anne Durand »
    and in « Durand Anne Claire »."""
    start, end = match.span()
    words = re.findall(r"[\w'-]+", match[0].lower())
    before = FIRST_NAME_BEFORE.search(match.string[max(0, start - NEARBY) : start])
    if before and words[:1] and words[0] in given and before[1].lower() in FIRST_NAMES:
        start -= len(before[0])
    after = FIRST_NAME_AFTER.match(match.string, end)
    if after and len(words) > 1 and words[-1] in given and after[1].lower() in FIRST_NAMES:
        end = after.end()
    return start, end


def is_compound(match: re.Match[str], letter: str) -> bool:
    """Whether a hyphen joins the surname to another name, which starts with ``letter`` (a pattern)."""
    before = re.search(r"([^\W_]+)-$", match.string[max(0, match.start() - NEARBY) : match.start()])
    after = re.compile(f"-{letter}").match(match.string, match.end())
    joined = before and re.match(letter, before[1]) and not BEFORE_A_SURNAME.fullmatch(before[1])
    return bool(joined or after)


def is_of_something_else(match: re.Match[str]) -> bool:
    """« Claude Martin, Paul Durand » and « rue du Martin, Paul » do not name Paul Martin, nor « une pierre bois » or « Pierre bois »
    Pierre Bois."""
    before = WORD_BEFORE.search(match.string[max(0, match.start() - NEARBY) : match.start()])
    after = WORD_AFTER.match(match.string, match.end())
    follows_determiner = bool(before and DETERMINERS.fullmatch(before[1])) or match.string[: match.start()].endswith(
        "l'"
    )
    is_followed_by_name = bool(after and after[1][0].isupper())
    if "," in match[0]:
        return follows_determiner or is_followed_by_name
    if "\n" in match[0]:
        return is_followed_by_name and bool(before and before[1][0].isupper())
    words = [word for word in re.findall(r"[^\W\d_]+", match[0]) if word.lower() not in PARTICLES]
    begins_a_sentence = len(words) > 1 and words[0][0].isupper() and words[-1].islower()
    return (begins_a_sentence or (follows_determiner and match[0].islower())) and "@" not in match[0]
