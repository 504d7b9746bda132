"""An issue as a mail: tables, inline style and pictures with their text, as mail programs want them; and as plain text."""

import re

from bs4 import BeautifulSoup, NavigableString
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from wagtail.images.models import SourceImageIOError

from etapes.carnets.contenu import contents
from fiches import langues
from fiches.couleurs import colours
from fiches.diffusion.images import absolute

# Where the address of each one's stop comes, at the moment of sending.
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


def styles():
    """The style of each tag, in the colours of the one colour file."""
    return {tag: style.format_map(colours()) for tag, style in STYLES.items()}


def composed(carnet, language=None):
    """``(html, text)``, the same for everyone but for :data:`STOP`: the issue in its own words, those around it in
    ``language`` (the issue's, unless another is asked for)."""
    own = langues.language_of(carnet)
    language = language or own
    with langues.in_language_of(carnet):
        said = contents(carnet)
        said["style"], said["marque"] = styles(), own if own != language else ""
        blocks = {kind: _blocks(kind, said) for kind in ("html", "txt")}
    with translation.override(language):
        said |= {"site": settings.WAGTAIL_SITE_NAME, "arret": STOP, "langue": language}
        said["mois"] = date_format(carnet.date, "F Y")
        html, texte = (render_to_string(f"courriels/numero.{kind}", {**said, "blocs": blocks[kind]}) for kind in blocks)
    return html, re.sub(r"\n{3,}", "\n\n", texte).strip()


def _blocks(kind, said):
    shaped = _dressed if kind == "html" else _worded
    return render_to_string(f"courriels/_blocs.{kind}", {**said, "blocs": [shaped(block) for block in said["blocs"]]})


def in_other_languages(carnet, wanted):
    """``{language: {"html", "texte"}}`` for the ``wanted`` ones that the site offers: the issue's translation where it is
    online, else the issue, marked as what it is, in a frame of that language."""
    found = {}
    for code in langues.languages():
        if code in wanted and code != langues.language_of(carnet):
            pages = type(carnet).objects.visible().in_language(code)
            page = pages.filter(translation_key=carnet.translation_key).first() or carnet
            html, texte = composed(page, code)
            found[code] = {"html": html, "texte": texte}
    return found


def _dressed(block):
    """The block with its running text styled tag by tag, and its pictures in a format that every program shows."""
    if block["type"] == "texte":
        return {**block, "html": inlined(block["html"])}
    if block["type"] == "image":
        return {**block, "vue": sized(block["image"]["image"], WIDE)}
    if block["type"] == "galerie":
        return {**block, "images": [{**each, "vue": sized(each["image"]["image"], WIDE)} for each in block["images"]]}
    if block["type"] == "fiches":
        return {**block, "fiches": [{**fiche, "vue": sized(fiche["image"], SMALL)} for fiche in block["fiches"]]}
    return block


def _worded(block):
    return {**block, "mots": worded(block["html"])} if block["type"] == "texte" else block


def inlined(markup):
    """Rich text whose tags carry their own style: mail programs drop style sheets."""
    soup = BeautifulSoup(markup, "html.parser")
    written = styles()
    for tag in soup.find_all(written):
        tag["style"] = written[tag.name]
    return mark_safe(str(soup))  # noqa: S308 - the rich text editor's own whitelist


def worded(markup):
    """Rich text as plain text: paragraphs apart, items marked, addresses written out."""
    lines = []
    for node in BeautifulSoup(markup, "html.parser").children:
        if isinstance(node, NavigableString):
            lines.append(node.strip())
        elif node.name in ("ul", "ol"):
            lines.append("\n".join(f"- {_sentence(item)}" for item in node.find_all("li", recursive=False)))
        else:
            lines.append(_sentence(node))
    return "\n\n".join(filter(None, lines))


def _sentence(node):
    for link in node.find_all("a", href=True):
        link.append(f" ({link['href']})")
    return " ".join(node.get_text(" " if node.name == "div" else "").split())


def sized(image, spec):
    """``{"url", "largeur", "hauteur"}`` of a picture, ``None`` without one or when its file is lost."""
    if image is None:
        return None
    try:
        found = image.get_rendition(spec)
    except (SourceImageIOError, OSError):
        return None
    return {"url": absolute(found.url), "largeur": found.width, "hauteur": found.height}
