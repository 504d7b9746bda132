"""Masks what identifies a person or opens a link: in every record of every logger, in mails to ADMINS, in what Sentry gets.

The masks go by shape, since a library's message or a traceback can quote an address anywhere.
Each pattern begins where a word begins: a visitor's long word costs one look, not one for each of its letters.
"""

import re
from typing import Any

# Between the groups of a telephone number; a repr() writes the spaces that aren't ASCII as escapes.
GAP = r"(?:[\s.\-]|\\xa0|\\u202f)?"
ROOMS = "abonnement|candidature/bon-a-tirer|candidature|inscription|suivi|password_reset/confirm/[^/\\s]+"

MASKS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"(?<![\w.+'-])[\w.+'-]+(?:@|%40)(?:[\w-]+\.)+[\w-]+"), "[courriel]"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "[adresse]"),
    (
        re.compile(
            r"(?<![\w:])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6})(?![\w:])",
            re.IGNORECASE,
        ),
        "[adresse]",
    ),
    (re.compile(rf"(?:\+|(?<![\w.-])00)\d{{2,3}}{GAP}(?:\(0\))?{GAP}\d(?:{GAP}\d\d){{4}}(?!\d)"), "[téléphone]"),
    (re.compile(rf"(?<![\w.\-])0[1-9](?:{GAP}\d\d){{4}}(?![\w])"), "[téléphone]"),
    # A link's secret, whole or cut, where the address says that it is one: a plain word there is a step's name.
    (re.compile(rf"(/(?:{ROOMS})/)(?=[a-z-]*[A-Z0-9_])[\w.:=%~-]+"), r"\1…"),
    # What Django's signers make.
    (re.compile(r"(?<![\w.=-])[\w.=-]+:(?:[\w-]{4,8}:)?[\w-]{27,}"), "…"),
    # Fingerprints, session keys, keys without their hyphens.
    (re.compile(r"(?<![A-Za-z0-9])(?=[a-z]*[0-9])[0-9a-z]{32,}"), "…"),
    # Random text in base 64: letters of both cases, and figures unless it is long. A task is found by its number.
    (re.compile(r"(?<![\w-])(?<!Task id=)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?:(?=[\w-]*[0-9])[A-Za-z0-9_-]{20,}|[A-Za-z0-9_-]{40,})"), "…"),
]  # fmt: skip


def mask(text: str) -> str:
    """``text`` without e-mail and network addresses, telephone numbers and secrets of links."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def masked(value: Any) -> Any:
    """``value`` with each text in it masked, to any depth; an object that is none of JSON's becomes its masked repr()."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {mask(str(key)): masked(content) for key, content in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(content) for content in value]
    return mask(repr(value))
