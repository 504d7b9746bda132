"""Text that comes from the public: what no keyboard types is taken out, what was written is kept."""

import re
import unicodedata
from html import unescape

import nh3
from django.utils.html import escape
from django.utils.safestring import mark_safe

from fiches.models.rich_text import INVISIBLE

ALLOWED_TAGS = {"p", "br", "h3", "h4", "b", "strong", "i", "em", "ul", "ol", "li"}
PARAGRAPHS = re.compile(r"\n{2,}")


def readable(text):
    """``text`` without controls, surrogates, zero-width or direction marks; composed (NFC); line ends as ``\\n``."""
    text = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def rich_text(text, *, heading=""):
    """Paragraphs of plain ``text`` as HTML of the rich-text whitelist: a tag that somebody typed is shown as typed."""
    parts = [f"<h3>{escape(heading)}</h3>"] if heading else []
    for paragraph in PARAGRAPHS.split(readable(text).strip()):
        parts.append("<p>" + escape(paragraph).replace("\n", "<br/>") + "</p>")
    return mark_safe(nh3.clean("".join(parts), tags=ALLOWED_TAGS, attributes={}))  # noqa: S308  (cleaned here)


def plain_text(html):
    """The words of ``rich_text``, without its heading."""
    html = re.sub(r"<h3[^>]*>.*?</h3>", "", str(html))
    html = re.sub(r"<br\s*/?>", "\n", html)
    paragraphs = re.sub(r"</p>\s*<p[^>]*>", "\n\n", html)
    return unescape(nh3.clean(paragraphs, tags=set())).strip()
