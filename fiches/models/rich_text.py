"""Rich text: the marks of a passage in another language (WCAG 3.1.2, RGAA 8.7: ``<span lang="de">``), and the form that the editor
saves, so that two texts can be compared."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.rich_text import features

LANGUAGES = {
    "fr": _("Passage in French"),
    "en": _("Passage in English"),
    "de": _("Passage in German"),
    "it": _("Passage in Italian"),
    "es": _("Passage in Spanish"),
}
FEATURES = [f"passage-{code}" for code in LANGUAGES]


def register_passages(features: Any) -> None:
    """Registers an inline style of the Draftail editor for each language. Hook ``register_rich_text_features``."""
    # Imported late: this module is imported by the models, and Wagtail's converters need them.
    from wagtail.admin.rich_text.converters.html_to_contentstate import InlineStyleElementHandler
    from wagtail.admin.rich_text.editors.draftail.features import InlineStyleFeature

    for code, description in LANGUAGES.items():
        name, style = f"passage-{code}", f"PASSAGE_{code.upper()}"
        data = {
            "type": style,
            "label": code.upper(),
            "description": description,
            "style": {"textDecoration": "underline dotted"},
        }
        features.register_editor_plugin("draftail", name, InlineStyleFeature(data))
        features.register_converter_rule(
            "contentstate",
            name,
            {
                "from_database_format": {f'span[lang="{code}"]': InlineStyleElementHandler(style)},
                "to_database_format": {"style_map": {style: {"element": "span", "props": {"lang": code}}}},
            },
        )


INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Controls, zero-width characters, soft hyphens, marks of direction: nobody types or sees them."""
KEYS = re.compile(r' data-block-key="[^"]*"')
BLANK = re.compile(r"</?(?:p|h\d|li|ul|ol)>|<br/>|\s")


def as_the_editor_writes(html: str, allowed: list[str]) -> str:
    """``html`` as Draftail saves it: only the tags of the features ``allowed``, with a key for each paragraph.

    Missing keys are random. Each ``<br>`` is closed first, since Wagtail's converter requires it.
    """
    if not html:
        return ""
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter  # needs the models

    converter = ContentstateConverter(allowed)
    return converter.to_database_format(converter.from_database_format(html.replace("<br>", "<br/>")))


def without_keys(html: str) -> str:
    """``html`` in a comparable form: as an editor with all features saves it, without the keys of paragraphs; ``""`` if it has no text."""
    text = KEYS.sub("", as_the_editor_writes(html, features.get_converter_features("contentstate")))
    return text if BLANK.sub("", text) else ""
