"""A body's blocks as the outside gets them, one shape a type, and the whole as HTML and as plain text."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from wagtail.documents import get_document_model
from wagtail.rich_text import expand_db_html, get_text_for_indexing

from fiches.diffusion.images import absolute, picture, read_pictures
from fiches.models.rich_text import KEYS

OURS = re.compile(r'((?:href|src)=")(/[^"]*)')


class Bodies:
    """Reads the pictures and documents of several bodies at once, then gives each body's blocks."""

    def __init__(self, bodies):
        raw = [value for body in bodies for value in body.raw_data]
        self.pictures = read_pictures(_keys(raw, "image"))
        documents = _keys(raw, "document")
        self.documents = get_document_model().objects.in_bulk(documents) if documents else {}

    def blocks(self, body):
        """The blocks in order; one of a type that the outside doesn't know, or whose picture is gone, is left out."""
        found = (self._block(raw["type"], raw["value"]) for raw in body.raw_data)
        return [block for block in found if block]

    def _block(self, kind, value):
        make = getattr(self, f"_{kind}", None)
        data = make(value) if make else None
        return data and {"type": kind, **data}

    def _texte(self, value):
        markup = rich_text(value)
        return {"html": markup, "texte": plain(markup)}

    def _titre(self, value):
        return {"titre": value}

    def _citation(self, value):
        return {name: value.get(name) or "" for name in ("texte", "auteur", "fonction")}

    def _image(self, value):
        found = self._picture(value.get("image"))
        return found and {"image": found, "legende": value.get("legende") or ""}

    def _galerie(self, value):
        shown = [found for item in _items(value.get("images")) if (found := self._image(item))]
        return {"images": shown} if shown else None

    def _chiffres_cles(self, value):
        return {"chiffres": [_only(item, "valeur", "libelle") for item in _items(value.get("chiffres"))]}

    def _mise_en_oeuvre(self, value):
        return {"etapes": [_only(item, "quand", "titre", "texte") for item in _items(value.get("etapes"))]}

    def _video(self, value):
        transcript = rich_text(value.get("transcription") or "")
        still = self._picture(value.get("vignette"))
        return {**_only(value, "adresse", "titre", "duree"), "vignette": still, "transcription": transcript}

    def _document(self, value):
        document = self.documents.get(value.get("document"))
        return document and {
            "titre": value.get("titre") or document.title,
            "url": absolute(document.url),
            "format": document.file_extension,
            "octets": document.file_size,
        }

    def _picture(self, value):
        """``value`` is what ``ImageBlock`` keeps: a picture's key, its text, whether it is decorative."""
        if not value:
            return None
        key, alt, decorative = (
            (value.get("image"), value.get("alt_text") or "", value.get("decorative"))
            if isinstance(value, dict)
            else (value, "", False)
        )
        return picture(self.pictures.get(key), alt=alt, decorative=decorative)


def _items(raw):
    """The values of a list block, whichever way they were stored."""
    return [item["value"] if isinstance(item, dict) and item.get("type") == "item" else item for item in raw or ()]


def _only(value, *names):
    return {name: value.get(name) or "" for name in names}


def _keys(raw, name):
    """The numbers that stand under ``name`` at any depth of raw blocks."""
    found = set()
    if isinstance(raw, list):
        for item in raw:
            found |= _keys(item, name)
    elif isinstance(raw, dict):
        for key, value in raw.items():
            if isinstance(value, int) and key in (name, *(("vignette",) if name == "image" else ())):
                found.add(value)
            found |= _keys(value, name)
    return found


def rich_text(value):
    """Stored rich text as HTML that stands alone: its links lead here from anywhere."""
    markup = KEYS.sub("", expand_db_html(value or ""))
    return OURS.sub(lambda found: found[1] + absolute(found[2]), markup)


def plain(markup):
    """The same without tags, a line a block."""
    return "\n".join(line for line in map(str.strip, get_text_for_indexing(markup).splitlines()) if line)


# --- The whole body, for readers that know nothing of blocks ----------------------------------------------------------


def as_html(blocks):
    """Semantic HTML without classes."""
    parts = [_HTML[block["type"]](block) for block in blocks if block["type"] in _HTML]
    return mark_safe("\n".join(parts))  # noqa: S308 - format_html made them, or the rich text editor's own whitelist


def as_text(blocks):
    return plain(as_html(blocks))


def figure(block):
    image, caption = block["image"], block["legende"]
    size = image["tailles"]["moyenne"]
    words = " – ".join(filter(None, [caption, image["credit"] and f"© {image['credit']}"]))
    return format_html(
        '<figure><img src="{}" alt="{}" width="{}" height="{}">{}</figure>',
        size["url"],
        image["alt"],
        size["largeur"],
        size["hauteur"],
        format_html("<figcaption>{}</figcaption>", words) if words else "",
    )


def _quotation(block):
    who = ", ".join(filter(None, [block["auteur"], block["fonction"]]))
    return format_html(
        "<blockquote><p>« {} »</p>{}</blockquote>",
        block["texte"],
        format_html("<footer>{}</footer>", who) if who else "",
    )


def _steps(block):
    items = [
        (format_html("{} : ", step["quand"]) if step["quand"] else "", step["titre"], step["texte"])
        for step in block["etapes"]
    ]
    return format_html("<ol>{}</ol>", format_html_join("", "<li><strong>{}{}</strong> {}</li>", items))


_HTML = {
    "texte": lambda block: block["html"],
    "titre": lambda block: format_html("<h2>{}</h2>", block["titre"]),
    "citation": _quotation,
    "image": figure,
    "galerie": lambda block: "".join(figure(item) for item in block["images"]),
    "chiffres_cles": lambda block: format_html(
        "<ul>{}</ul>",
        format_html_join(
            "", "<li><strong>{}</strong> {}</li>", ((item["valeur"], item["libelle"]) for item in block["chiffres"])
        ),
    ),
    "mise_en_oeuvre": _steps,
    "video": lambda block: (
        format_html('<p><a href="{}">{}</a></p>', block["adresse"], block["titre"]) + block["transcription"]
    ),
    "document": lambda block: format_html('<p><a href="{}">{}</a></p>', block["url"], block["titre"]),
}
