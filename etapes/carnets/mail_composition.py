"""Composes the mail of a road book: HTML with inline styles, as mail programs need, and plain text."""

from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from wagtail.images.models import SourceImageIOError

from etapes.carnets.carnet_contents import as_plain_text, printed
from fiches import content_language
from fiches.diffusion.renditions import absolute
from fiches.pages.colours import colours

if TYPE_CHECKING:
    from etapes.carnets.models import CarnetPage


# Placeholder for each subscriber's unsubscribe URL, replaced when the mail is sent.
STOP = "https://arret.invalid/"
PICTURE = "max-560x700|format-jpeg"
TEXT = "margin:0 0 14px;font-family:Verdana,Arial,sans-serif;font-size:16px;line-height:1.55;color:{ink}"
HEADING = "margin:22px 0 8px;font-family:Georgia,serif;line-height:1.25;color:{fir};"
STYLES = {
    "p": TEXT,
    "h1": f"{HEADING}font-size:28px",
    "h2": f"{HEADING}font-size:24px",
    "h3": f"{HEADING}font-size:20px",
    "h4": f"{HEADING}font-size:17px",
    "ul": f"{TEXT};padding-left:22px",
    "ol": f"{TEXT};padding-left:26px",
    "li": "margin:0 0 6px",
    "a": "color:{link};text-decoration:underline",
    "blockquote": "margin:0 0 14px;padding-left:14px;border-left:4px solid {gold};font-style:italic",
    "footer": f"{TEXT};font-size:14px",
    "figure": "margin:0 0 14px",
    "figcaption": f"{TEXT};font-size:13px",
    "img": "display:block;max-width:100%;height:auto;border:0",
}


def compose(carnet: "CarnetPage", language: str | None = None) -> tuple[str, str]:
    """Returns ``(html, text)``, the same for all subscribers except for :data:`STOP`.

    The road book is in its own language; the text around it is in ``language``, the same by default.
    """
    own = content_language.language_of(carnet)
    language = language or own
    with content_language.in_language_of(carnet):
        context = printed(carnet, rendition)
    context |= {"texte": as_plain_text(context["corps"]), "marque": own if own != language else ""}
    with translation.override(language):
        context |= {"site": settings.WAGTAIL_SITE_NAME, "arret": STOP, "langue": language}
        context["mois"] = date_format(carnet.date, "F Y")
        html, texte = (render_to_string(f"courriels/numero.{kind}", context) for kind in ("html", "txt"))
    return inline_styles(html), texte.strip()


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


def inline_styles(markup: str) -> str:
    """Puts inline styles on the tags that have none, since mail programs drop style sheets."""
    soup = BeautifulSoup(markup, "html.parser")
    for tag in soup.find_all(STYLES, style=False):
        tag["style"] = STYLES[tag.name].format_map(colours())
    return mark_safe(str(soup))  # noqa: S308 - the template's, and the rich text editor's own whitelist


def rendition(image: Any) -> dict[str, Any] | None:
    """Returns ``{"url", "largeur", "hauteur"}`` of an image's JPEG rendition; None without its file."""
    try:
        picture = image.get_rendition(PICTURE)
    except (SourceImageIOError, OSError):
        return None
    return {"url": absolute(picture.url), "largeur": picture.width, "hauteur": picture.height}
