"""Converts the plain text of ``contenu/`` to French typography and rich text."""

import re

from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from fiches.candidatures.text_cleaning import typeset
from fiches.models.blocks import RICH_TEXT_FEATURES

LIST_ITEM = re.compile(r"^- ", re.MULTILINE)


def rich(text):
    """Converts text to HTML: blank lines separate paragraphs, ``##`` marks headings, ``-`` list items.

    Normalised by Wagtail's rich text converter, so that opening it in the admin changes nothing.
    """
    blocks = re.split(r"\n\s*\n", text.strip())
    html = "".join(_block(typeset(block.strip())) for block in blocks)
    converter = ContentstateConverter(RICH_TEXT_FEATURES)
    return converter.to_database_format(converter.from_database_format(html))


def _block(text):
    if text.startswith("## "):
        return f"<h2>{_line(text[3:])}</h2>"
    if text.startswith("- "):
        items = (_line(item) for item in LIST_ITEM.split(text)[1:])
        return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    return f"<p>{_line(text)}</p>"


def _line(text):
    return re.sub(r"[ \n]+", " ", text).strip()
