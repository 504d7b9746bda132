"""Passages of a text in another language than its page's, marked by who writes (WCAG 3.1.2, RGAA 8.7): ``<span lang="de">``."""

from django.utils.translation import gettext_lazy as _

LANGUAGES = {
    "fr": _("Passage in French"),
    "en": _("Passage in English"),
    "de": _("Passage in German"),
    "it": _("Passage in Italian"),
    "es": _("Passage in Spanish"),
}
FEATURES = [f"passage-{code}" for code in LANGUAGES]


def register(features):
    """An inline style for each language: the editor shows it with dots below, a reader of screens says it as it is said."""
    # Blocks, and so models, name these features before Wagtail's converters can be imported.
    from wagtail.admin.rich_text.converters.html_to_contentstate import InlineStyleElementHandler
    from wagtail.admin.rich_text.editors.draftail.features import InlineStyleFeature

    for code, told in LANGUAGES.items():
        name, style = f"passage-{code}", f"PASSAGE_{code.upper()}"
        data = {
            "type": style,
            "label": code.upper(),
            "description": told,
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
