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
PARAGRAPHS = re.compile(r"\n{2,}")


def readable(text: Any) -> str:
    """Returns ``text`` in NFC without control, surrogate, zero-width or direction characters; line ends are ``\\n``."""
    text = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def rich_text(text: str, *, heading: str = "") -> str:
    """Converts plain text to HTML paragraphs with the allowed tags only. Typed tags are escaped."""
    parts = [f"<h3>{escape(heading)}</h3>"] if heading else []
    for paragraph in PARAGRAPHS.split(readable(text).strip()):
        parts.append("<p>" + escape(paragraph).replace("\n", "<br/>") + "</p>")
    return mark_safe(nh3.clean("".join(parts), tags=ALLOWED_TAGS, attributes={}))  # noqa: S308  (cleaned here)


def plain_text(html: str) -> str:
    """Converts the HTML made by :func:`rich_text` back to plain text, without the heading."""
    html = re.sub(r"<h3[^>]*>.*?</h3>", "", str(html))
    html = re.sub(r"<br\s*/?>", "\n", html)
    paragraphs = re.sub(r"</p>\s*<p[^>]*>", "\n\n", html)
    return unescape(nh3.clean(paragraphs, tags=set())).strip()
