"""Cleans text typed by the public, and converts it to rich text and back."""

import re
import unicodedata
from html import unescape

import nh3
from django.utils.html import escape
from django.utils.safestring import mark_safe

ALLOWED_TAGS = {"p", "br", "h3", "h4", "b", "strong", "i", "em", "ul", "ol", "li"}
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
PARAGRAPHS = re.compile(r"\n{2,}")


def readable(text):
    """Returns ``text`` in NFC without control, surrogate, zero-width or direction characters; line ends are ``\\n``."""
    text = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def rich_text(text, *, heading=""):
    """Converts plain text to HTML paragraphs with the allowed tags only. Typed tags are escaped."""
    parts = [f"<h3>{escape(heading)}</h3>"] if heading else []
    for paragraph in PARAGRAPHS.split(readable(text).strip()):
        parts.append("<p>" + escape(paragraph).replace("\n", "<br/>") + "</p>")
    return mark_safe(nh3.clean("".join(parts), tags=ALLOWED_TAGS, attributes={}))  # noqa: S308  (cleaned here)


def plain_text(html):
    """Converts the HTML made by :func:`rich_text` back to plain text, without the heading."""
    html = re.sub(r"<h3[^>]*>.*?</h3>", "", str(html))
    html = re.sub(r"<br\s*/?>", "\n", html)
    paragraphs = re.sub(r"</p>\s*<p[^>]*>", "\n\n", html)
    return unescape(nh3.clean(paragraphs, tags=set())).strip()
