"""Word-by-word differences of texts as HTML, with ``<del>`` and ``<ins>``."""

import difflib
import re
from typing import Any

from bs4 import BeautifulSoup
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

TOKENS = re.compile(r"\w+(?:[’'-]\w+)*|\s+|[^\w\s]", re.UNICODE)
MARKS = {"h2": "■ ", "h3": "▪ ", "h4": "▫ ", "li": "• "}
BLOCKS = ["h2", "h3", "h4", "p", "li"]


def added(text: str) -> str:
    return format_html('<ins><span class="w-sr-only">{} </span>{}</ins>', _("added:"), text) if text else ""


def removed(text: str) -> str:
    return format_html('<del><span class="w-sr-only">{} </span>{}</del>', _("taken out:"), text) if text else ""


def replaced(before: str, after: str) -> str:
    """The old value as removed, then the new one as added."""
    return format_html("{} {}", removed(before), added(after))


def words(before: str, after: str) -> str:
    """The difference of two plain texts, with their line ends."""
    old, new = TOKENS.findall(before), TOKENS.findall(after)
    parts = []
    for kind, i1, i2, j1, j2 in _merged(difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes(), old):
        if kind == "equal":
            parts.append(format_html("{}", "".join(new[j1:j2])))
        else:
            parts += [removed("".join(old[i1:i2])), added("".join(new[j1:j2]))]
    return format_html('<span class="diff__texte">{}</span>', mark_safe("".join(parts)))  # noqa: S308 - each is escaped


def _merged(opcodes: Any, old: list[str]) -> Any:
    """Merges changes that only white space separates, so that « le four » is replaced as a whole and not word by word."""
    merged = []
    for kind, i1, i2, j1, j2 in opcodes:
        before = merged[-1] if merged else None
        if kind == "equal" and before and before[0] != "equal" and "".join(old[i1:i2]).isspace():
            merged.append(("blank", i1, i2, j1, j2))
        elif kind != "equal" and before and before[0] == "blank":
            merged.pop()
            first = merged.pop()
            merged.append(("replace", first[1], i2, first[3], j2))
        else:
            merged.append((kind, i1, i2, j1, j2))
    return [("equal", *each[1:]) if each[0] == "blank" else each for each in merged]


def text_of_html(html: Any) -> str:
    """Rich text as plain text: headings and list items keep a mark, links their target."""
    soup = BeautifulSoup(html or "", "html.parser")
    for link in soup.find_all("a"):
        target = link.get("href") or f"{link.get('linktype', '')} {link.get('id', '')}".strip()
        link.append(f" [→ {target}]")
    for line_end in soup.find_all("br"):
        line_end.replace_with("\n")
    lines = [MARKS.get(tag.name, "") + tag.get_text().strip() for tag in soup.find_all(BLOCKS)]
    return "\n\n".join(lines) if lines else soup.get_text()


def items(before: list[Any], after: list[str]) -> str:
    """The difference of two lists of names."""
    gone = [(removed(name),) for name in before if name not in after]
    present = [(name if name in before else added(name),) for name in after]
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", [*present, *gone]))
