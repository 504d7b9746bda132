"""Cleans text typed by the public, and converts it to rich text and back."""

import re
import unicodedata
from html import unescape
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import mark_safe

from fiches.models.rich_text import INVISIBLE

ALLOWED_TAGS = {"p", "br", "h3", "h4", "b", "strong", "i", "em", "ul", "ol", "li"}
NBSP = "\N{NO-BREAK SPACE}"
HOUR = re.compile(r"\b([01]?\d|2[0-4])h([0-5]\d)?\b")
PARAGRAPHS = re.compile(r"\n{2,}")


def clean_answer_text(text: Any) -> str:
    """Returns ``text`` in NFC without control, surrogate, zero-width or direction characters; line ends are ``\\n``."""
    text = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def typeset(text: str) -> str:
    """Sets plain French text as it is printed: « d’abord », « 18 h », no-break spaces before « : ; ! ? » %, inside quotes and in
    numbers. Web and mail addresses are left as they are."""
    text = re.sub(r"\S+", _typeset_word, text or "")
    text = re.sub(r" (?=[:;!?»%€])|(?<=«) ", NBSP, text)
    text = re.sub(r"(?<=n°) |(?<=\bp\.) ", NBSP, text)
    return re.sub(r"(?<=\d) (?=\d{3}\b|h\b|km\b|t\b)", NBSP, text)


def _typeset_word(word: re.Match[str]) -> str:
    if "://" in word[0] or "@" in word[0]:
        return word[0]
    text = re.sub(r"(?<=\w)'(?=[\w«])", "’", word[0])
    return HOUR.sub(lambda hour: NBSP.join(filter(None, (hour[1], "h", hour[2]))), text)


def rich_text(text: str, *, heading: str = "") -> str:
    """Converts plain text to HTML paragraphs with the allowed tags only. Typed tags are escaped."""
    parts = [f"<h3>{escape(heading)}</h3>"] if heading else []
    for paragraph in PARAGRAPHS.split(clean_answer_text(text).strip()):
        parts.append("<p>" + escape(paragraph).replace("\n", "<br/>") + "</p>")
    return mark_safe(nh3.clean("".join(parts), tags=ALLOWED_TAGS, attributes={}))  # noqa: S308  (cleaned here)


def plain_text(html: str) -> str:
    """Converts the HTML made by :func:`rich_text` back to plain text, without the heading."""
    html = re.sub(r"<h3[^>]*>.*?</h3>", "", str(html))
    html = re.sub(r"<br\s*/?>", "\n", html)
    paragraphs = re.sub(r"</p>\s*<p[^>]*>", "\n\n", html)
    return unescape(nh3.clean(paragraphs, tags=set())).strip()
