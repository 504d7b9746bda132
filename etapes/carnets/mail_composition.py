"""Composes the mail of a road book: HTML with tables and inline styles, as mail programs need, and plain text."""

import re
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup, NavigableString, Tag
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from wagtail.images.models import SourceImageIOError

from etapes.carnets.carnet_contents import contents
from fiches import content_language
from fiches.colours import colours
from fiches.diffusion.renditions import absolute

if TYPE_CHECKING:
    from etapes.carnets.models import CarnetPage


# Placeholder for each subscriber's unsubscribe URL, replaced when the mail is sent.
STOP = "https://arret.invalid/"
WIDE, SMALL = "max-560x700|format-jpeg", "fill-240x160|format-jpeg"
TEXT = "margin:0 0 14px;font-family:Verdana,Arial,sans-serif;font-size:16px;line-height:1.55;color:{ink}"
HEADING = "margin:22px 0 8px;font-family:Georgia,serif;line-height:1.25;color:{fir};"
STYLES = {
    "p": TEXT,
    "h2": f"{HEADING}font-size:24px",
    "h3": f"{HEADING}font-size:20px",
    "h4": f"{HEADING}font-size:17px",
    "ul": f"{TEXT};padding-left:22px",
    "ol": f"{TEXT};padding-left:26px",
    "li": "margin:0 0 6px",
    "a": "color:{link};text-decoration:underline",
}


def styles() -> dict[str, str]:
    """Returns ``{tag: inline style}`` with the site's colours."""
    return {tag: style.format_map(colours()) for tag, style in STYLES.items()}


def compose(carnet: "CarnetPage", language: str | None = None) -> tuple[str, str]:
    """Returns ``(html, text)``, the same for all subscribers except for :data:`STOP`.

    The road book is in its own language; the text around it is in ``language``, the same by default.
    """
    own = content_language.language_of(carnet)
    language = language or own
    with content_language.in_language_of(carnet):
        context = contents(carnet)
        context["style"], context["marque"] = styles(), own if own != language else ""
        blocks = {kind: _blocks(kind, context) for kind in ("html", "txt")}
    with translation.override(language):
        context |= {"site": settings.WAGTAIL_SITE_NAME, "arret": STOP, "langue": language}
        context["mois"] = date_format(carnet.date, "F Y")
        html, texte = (
            render_to_string(f"courriels/numero.{kind}", {**context, "blocs": blocks[kind]}) for kind in blocks
        )
    return html, re.sub(r"\n{3,}", "\n\n", texte).strip()


def _blocks(kind: str, context: dict[str, Any]) -> str:
    prepare = _html_block if kind == "html" else _text_block
    return render_to_string(
        f"courriels/_blocs.{kind}", {**context, "blocs": [prepare(block) for block in context["blocs"]]}
    )


def in_other_languages(carnet: "CarnetPage", wanted: set[str]) -> dict[str, dict[str, str]]:
    """Returns ``{language: {"html", "texte"}}`` for the languages in ``wanted`` that the site offers.

    Uses the road book's translation if it is visible, else the road book itself, with its language marked and the text
    around it in the reader's language.
    """
    versions = {}
    for code in content_language.languages():
        if code in wanted and code != content_language.language_of(carnet):
            pages = type(carnet).objects.visible().in_language(code)
            page = pages.filter(translation_key=carnet.translation_key).first() or carnet
            html, texte = compose(page, code)
            versions[code] = {"html": html, "texte": texte}
    return versions


def _html_block(block: dict[str, Any]) -> dict[str, Any]:
    """The block with inline styles in its text and JPEG renditions of its pictures."""
    if "html" in block:
        return {**block, "type": "texte", "html": inline_styles(block["html"])}
    if block["type"] == "image":
        return {**block, "vue": rendition(block["image"]["image"], WIDE)}
    if block["type"] == "galerie":
        return {
            **block,
            "images": [{**each, "vue": rendition(each["image"]["image"], WIDE)} for each in block["images"]],
        }
    if block["type"] == "fiches":
        return {**block, "fiches": [{**fiche, "vue": rendition(fiche["image"], SMALL)} for fiche in block["fiches"]]}
    return block


def _text_block(block: dict[str, Any]) -> dict[str, Any]:
    return {**block, "type": "texte", "mots": as_plain_text(block["html"])} if "html" in block else block


def inline_styles(markup: str) -> str:
    """Puts inline styles on the tags of rich text, since mail programs drop style sheets."""
    soup = BeautifulSoup(markup, "html.parser")
    written = styles()
    for tag in soup.find_all(written):
        tag["style"] = written[tag.name]
    return mark_safe(str(soup))  # noqa: S308 - the rich text editor's own whitelist


def as_plain_text(markup: str) -> str:
    """Converts rich text to plain text: blank lines between paragraphs, dashes for list items, URLs in parentheses."""
    lines = []
    for node in BeautifulSoup(markup, "html.parser").children:
        if isinstance(node, NavigableString):
            lines.append(node.strip())
        elif isinstance(node, Tag) and node.name in ("ul", "ol"):
            lines.append("\n".join(f"- {_sentence(item)}" for item in node.find_all("li", recursive=False)))
        else:
            lines.append(_sentence(node))
    return "\n\n".join(filter(None, lines))


def _sentence(node: Any) -> str:
    for link in node.find_all("a", href=True):
        link.append(f" ({link['href']})")
    return " ".join(node.get_text(" " if node.name == "div" else "").split())


def rendition(image: Any, spec: Any) -> dict[str, Any] | None:
    """Returns ``{"url", "largeur", "hauteur"}`` of an image's rendition; ``None`` without an image or without its file."""
    if image is None:
        return None
    try:
        image_rendition = image.get_rendition(spec)
    except (SourceImageIOError, OSError):
        return None
    return {
        "url": absolute(image_rendition.url),
        "largeur": image_rendition.width,
        "hauteur": image_rendition.height,
    }
