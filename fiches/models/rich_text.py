"""Rich text as the editor writes it, and two rich texts compared by what they say."""

import re

KEYS = re.compile(r' data-block-key="[^"]*"')
BLANK = re.compile(r"</?(?:p|h\d|li|ul|ol)>|<br/>|\s")


def as_the_editor_writes(html: str, features: list[str]) -> str:
    """``html`` as Draftail saves it: its tags, a key for each paragraph, and nothing that the editor has no button for.

    The keys are drawn at random where ``html`` has none. The editor can't open a ``<br>`` that isn't closed: it becomes one that is.
    """
    if not html:
        return ""
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter  # it needs the models

    converter = ContentstateConverter(features)
    return converter.to_database_format(converter.from_database_format(html.replace("<br>", "<br/>")))


def without_keys(html: str, features: list[str]) -> str:
    """What two rich texts that say the same have in common; ``""`` for one that says nothing."""
    text = KEYS.sub("", as_the_editor_writes(html, features))
    return text if BLANK.sub("", text) else ""
