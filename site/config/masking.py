"""Masks personal data and secrets of links in log records and mails to ADMINS.

Patterns match by shape, since a library's message or a traceback can contain an address anywhere. Each pattern is anchored at
the beginning of a word, so that a long word costs one attempt, not one per character.
"""

import re
from typing import Any

# Separator within a telephone number; repr() escapes non-ASCII spaces.
GAP = r"(?:[\s.\-]|\\xa0|\\u202f)?"
# URL prefixes that are followed by a secret.
LINK_PREFIXES = "abonnement|candidature|inscription|password_reset/confirm/[^/\\s]+"

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
    # A secret in a URL, whole or truncated. A lower-case word in its place is the name of a step.
    (re.compile(rf"(/(?:{LINK_PREFIXES})/)(?=[a-z-]*[A-Z0-9_])[\w.:=%~-]+"), r"\1…"),
    # Signed values of Django.
    (re.compile(r"(?<![\w.=-])[\w.=-]+:(?:[\w-]{4,8}:)?[\w-]{27,}"), "…"),
    # Fingerprints, session keys, keys without their hyphens.
    (re.compile(r"(?<![A-Za-z0-9])(?=[a-z]*[0-9])[0-9a-z]{32,}"), "…"),
    # Random base64 text: both cases, and digits unless it is long. Task ids are kept, to find the task.
    (re.compile(r"(?<![\w-])(?<!Task id=)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?:(?=[\w-]*[0-9])[A-Za-z0-9_-]{20,}|[A-Za-z0-9_-]{40,})"), "…"),
]  # fmt: skip


def mask(text: str) -> str:
    """Returns ``text`` without e-mail addresses, IP addresses, telephone numbers and secrets."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def masked(value: Any) -> Any:
    """Returns ``value`` with all its strings masked, recursively. Objects other than JSON's types become their masked repr()."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {mask(str(key)): masked(content) for key, content in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(content) for content in value]
    return mask(repr(value))
