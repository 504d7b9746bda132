"""The text of a fiche in a cell: plain paragraphs, or its blocks as JSON."""

import json
import re
from typing import Any

import nh3
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks import StreamBlock, StreamValue

from fiches.models import FichePage
from fiches.models.blocks import RICH_TEXT_FEATURES

TAGS = {"p", "br", "h2", "h3", "h4", "b", "strong", "i", "em", "ul", "ol", "li", "a", "span"}
ATTRIBUTES = {"a": {"href", "linktype", "id"}, "span": {"lang"}, "*": {"data-block-key"}}
# The names of HTML that cells copied from a site or from a text processor hold: « Atelier <Bois> » is no markup.
HTML = (
    "a abbr article b big blockquote body br caption center cite code col colgroup dd del div dl dt em figcaption figure font footer"
    " form h1 h2 h3 h4 h5 h6 head header hr html i iframe img ins label li link main mark meta nav object ol p picture pre q s script"
    " section small source span strike strong style sub sup svg table tbody td tfoot th thead title tr tt u ul video"
)
TAG = re.compile(rf"<!--.*?-->|</?({HTML.replace(' ', '|')}|[a-z]+:[a-z]+)(\s[^<>]*)?/?>", re.IGNORECASE | re.DOTALL)
NO_TAG = re.compile(rf"(?!{TAG.pattern})<", re.IGNORECASE | re.DOTALL)
ENTITY = re.compile(r"&(#\d+|#x[\da-f]+|[a-z]+\d*);", re.IGNORECASE)
PROTOCOL = re.compile(r"^(https?://(www\.)?|mailto:|tel:)", re.IGNORECASE)
LINES = ("p", "div", "li", "h1", "h2", "h3", "h4", "tr")
KEYS = re.compile(r' data-block-key="\w+"')


def stream() -> Any:
    return FichePage._meta.get_field("corps").stream_block


def paragraphs(text: str) -> list[Any]:
    """``[{"type", "value"}]``: one rich text block made from plain text, whose paragraphs are separated by blank lines."""
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    if not parts:
        return []
    html = "".join("<p>" + escape(part).replace("\n", "<br/>") + "</p>" for part in parts)
    return [{"type": "texte", "value": html}]


def without_markup(text: str) -> str:
    """``text`` without the HTML that a cell copied from a site holds; paragraphs are separated by blank lines, the address of a link
    follows its text."""
    if not (TAG.search(text) or ENTITY.search(text)):
        return text
    soup = BeautifulSoup(NO_TAG.sub("&lt;", text), "html.parser")
    for link in soup.find_all("a", href=PROTOCOL):
        address = str(link["href"]).strip()
        if PROTOCOL.sub("", address, count=1).rstrip("/") not in link.get_text():
            link.append(f" ({address})")
    for line_end in soup.find_all("br"):
        line_end.replace_with("\n")
    for part in soup.find_all(LINES):
        part.append("\n\n")
    return re.sub(r"\n{3,}", "\n\n", soup.get_text()).strip()


def blocks_of(body: StreamValue) -> list[Any]:
    """``[{"type", "value"}]`` of the blocks of a fiche's text, without their ids."""
    return [{"type": each["type"], "value": each["value"]} for each in body.get_prep_value()]


def plain_body(body: StreamValue) -> str:
    """The plain text of the rich text blocks; other blocks are left out."""
    parts = []
    for child in body:
        if child.block_type == "texte":
            soup = BeautifulSoup(child.value.source, "html.parser")
            for line_end in soup.find_all("br"):
                line_end.replace_with("\n")
            parts += [each.get_text().strip() for each in soup.find_all(["p", "h2", "h3", "h4", "li"])]
    return "\n\n".join(part for part in parts if part)


def from_json(text: str) -> StreamValue:
    """The StreamField value of exported blocks, validated as in the form, with sanitised rich text.

    :raises ValidationError: they can't be read, or a block is invalid.
    """
    try:
        raw = json.loads(text)
        value = stream().to_python(_sanitised(raw, stream()))
        return stream().clean(value)
    except ValidationError:
        raise ValidationError(_("A block of the text isn't complete: open the fiche to see which.")) from None
    except (ValueError, TypeError, KeyError, AttributeError, LookupError, RecursionError):
        raise ValidationError(_("The blocks can't be read: leave this cell as the export wrote it.")) from None


def _sanitised(raw: Any, block: Any) -> Any:
    """The raw value of a block with sanitised rich text; raises KeyError for an unknown block type."""
    if isinstance(block, StreamBlock):
        known = block.child_blocks
        return [{**each, "value": _sanitised(each["value"], known[each["type"]])} for each in raw]
    if hasattr(block, "child_blocks"):
        return {name: _sanitised(each, block.child_blocks[name]) for name, each in raw.items()}
    if hasattr(block, "child_block"):
        return [{**each, "value": _sanitised(each["value"], block.child_block)} for each in raw]
    if hasattr(block, "features"):
        return sanitise(raw)
    return raw


def sanitise(html: Any) -> str:
    """Rich text reduced to what the editor allows; unchanged if nothing had to be removed."""
    sound = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, link_rel=None).replace("<br>", "<br/>")
    converter = ContentstateConverter(RICH_TEXT_FEATURES)
    saved = converter.to_database_format(converter.from_database_format(sound))
    return html if KEYS.sub("", saved) == KEYS.sub("", html) else saved
