"""Normalises rich text to the form that the editor saves, so that two texts can be compared."""

import re

KEYS = re.compile(r' data-block-key="[^"]*"')
BLANK = re.compile(r"</?(?:p|h\d|li|ul|ol)>|<br/>|\s")


def as_the_editor_writes(html: str, features: list[str]) -> str:
    """``html`` as Draftail saves it: only the tags of ``features``, with a key for each paragraph.

    Missing keys are random. Each ``<br>`` is closed first, since Wagtail's converter requires it.
    """
    if not html:
        return ""
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter  # needs the models

    converter = ContentstateConverter(features)
    return converter.to_database_format(converter.from_database_format(html.replace("<br>", "<br/>")))


def without_keys(html: str, features: list[str]) -> str:
    """``html`` in a comparable form: as the editor saves it, without the keys of paragraphs; ``""`` if it has no text."""
    text = KEYS.sub("", as_the_editor_writes(html, features))
    return text if BLANK.sub("", text) else ""
