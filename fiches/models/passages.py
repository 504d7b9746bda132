"""Editor features that mark a passage in another language (WCAG 3.1.2, RGAA 8.7): ``<span lang="de">``."""

from typing import Any

from django.utils.translation import gettext_lazy as _

LANGUAGES = {
    "fr": _("Passage in French"),
    "en": _("Passage in English"),
    "de": _("Passage in German"),
    "it": _("Passage in Italian"),
    "es": _("Passage in Spanish"),
}
FEATURES = [f"passage-{code}" for code in LANGUAGES]


def register(features: Any) -> None:
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
