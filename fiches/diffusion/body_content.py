"""Serializes a body (StreamField) for the API: its blocks as JSON, and the whole as HTML and as plain text."""

import json
import re
from typing import Any

import nh3
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.rich_text import expand_db_html, get_text_for_indexing

from fiches.diffusion.renditions import absolute, picture_resource, pictures_by_key
from fiches.models.fields import REGISTERED_BLOCKS
from fiches.models.rich_text import KEYS

SITE_LINK = re.compile(r'((?:href|src)=")(/[^"]*)')
# What is kept of the HTML of a block that another app added.
_TAGS = """
a abbr b blockquote br caption cite code dd dl dt em figcaption figure footer h2 h3 h4 i img li ol p q s small span strong sub sup
table tbody td th thead tr u ul
"""
TAGS = set(_TAGS.split())
ATTRIBUTES = {
    "a": {"href"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "span": {"lang"},
    **{cell: {"colspan", "rowspan", "scope"} for cell in ("td", "th")},
}


class Bodies:
    """Loads the pictures and documents of several bodies at once; :meth:`blocks` then serializes each body."""

    def __init__(self, bodies: list[StreamValue]) -> None:
        raw = [value for body in bodies for value in body.raw_data]
        self.pictures = pictures_by_key(_keys(raw, "image"))
        documents = _keys(raw, "document")
        self.documents = get_document_model().objects.in_bulk(documents) if documents else {}

    def blocks(self, body: StreamValue) -> list[Any]:
        """Returns the blocks in order, without those of a type that the API doesn't define or whose picture is deleted."""
        added = REGISTERED_BLOCKS
        blocks = (
            _added(body[index]) if raw["type"] in added else self._block(raw["type"], raw["value"])
            for index, raw in enumerate(body.raw_data)
        )
        return [block for block in blocks if block]

    def _block(self, kind: str, value: dict[str, Any] | str) -> Any:
        serialize = getattr(self, f"_{kind}", None)
        data = serialize(value) if serialize else None
        return data and {"type": kind, **data}

    def _texte(self, value: str) -> dict[str, str]:
        markup = rich_text(value)
        return {"html": markup, "texte": plain_markup(markup)}

    def _titre(self, value: str) -> dict[str, str]:
        return {"titre": value}

    def _citation(self, value: dict[str, str]) -> dict[str, str]:
        return {name: value.get(name) or "" for name in ("texte", "auteur", "fonction")}

    def _image(self, value: dict[str, Any]) -> Any:
        image = self._picture(value.get("image"))
        return image and {"image": image, "legende": value.get("legende") or ""}

    def _galerie(self, value: Any) -> Any:
        images = [image for item in _items(value.get("images")) if (image := self._image(item))]
        return {"images": images} if images else None

    def _chiffres_cles(self, value: Any) -> Any:
        return {"chiffres": [_only(item, "valeur", "libelle") for item in _items(value.get("chiffres"))]}

    def _mise_en_oeuvre(self, value: Any) -> Any:
        return {"etapes": [_only(item, "quand", "titre", "texte") for item in _items(value.get("etapes"))]}

    def _video(self, value: dict[str, Any]) -> dict[str, Any]:
        transcript = rich_text(value.get("transcription") or "")
        still = self._picture(value.get("vignette"))
        return {**_only(value, "adresse", "titre", "duree"), "vignette": still, "transcription": transcript}

    def _document(self, value: dict[str, Any]) -> Any:
        document = self.documents.get(value.get("document"))
        return document and {
            "titre": value.get("titre") or document.title,
            "url": absolute(document.url),
            "format": document.file_extension,
            "octets": _size(document),
        }

    def _picture(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """:param value: as ``ImageBlock`` stores it: an image's key, its alternative text, whether it is decorative."""
        if not value:
            return None
        key, alt, decorative = (
            (value.get("image"), value.get("alt_text") or "", value.get("decorative"))
            if isinstance(value, dict)
            else (value, "", False)
        )
        return picture_resource(self.pictures.get(key), alt=alt, decorative=decorative)


def _size(document: Any) -> int | None:
    """The bytes of a document, whose row has them only if it was uploaded in the admin; None when its file is lost."""
    try:
        return document.file_size or document.file.size
    except OSError:
        return None


def _added(child: Any) -> dict[str, Any]:
    """Serializes a block that another app added: its type, what its own ``get_api_representation`` gives, and its HTML.

    :param child: a ``StreamValue.StreamChild``.
    """
    data = child.block.get_api_representation(child.value, {"request": as_html_request()})
    keys = json.loads(json.dumps(data if isinstance(data, dict) else {"valeur": data}, cls=DjangoJSONEncoder))
    return {"type": child.block_type, **keys, "html": semantic(child.block.render(child.value))}


def as_html_request() -> HttpRequest:
    """Returns a request with which Wagtail's blocks give rich text as HTML, and not as the database has it."""
    request = HttpRequest()
    request.GET = QueryDict("rich_text_format=html")
    return request


def semantic(markup: str) -> str:
    """Returns the HTML of a template without classes, scripts and forms, with absolute links."""
    clean = nh3.clean(markup, tags=TAGS, attributes=ATTRIBUTES, link_rel=None)
    return _absolute_links(re.sub(r"\s+", " ", clean).strip())


def _items(raw: Any) -> Any:
    """Returns the values of a list block, in both formats in which Wagtail stored them."""
    return [item["value"] if isinstance(item, dict) and item.get("type") == "item" else item for item in raw or ()]


def _only(value: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: value.get(name) or "" for name in names}


def _keys(raw: Any, name: str) -> set[int]:
    """Returns the integers stored under the key ``name`` at any depth of raw blocks."""
    keys = set()
    if isinstance(raw, list):
        for item in raw:
            keys |= _keys(item, name)
    elif isinstance(raw, dict):
        for key, value in raw.items():
            if isinstance(value, int) and key in (name, *(("vignette",) if name == "image" else ())):
                keys.add(value)
            keys |= _keys(value, name)
    return keys


def rich_text(value: str) -> str:
    """Converts stored rich text to HTML whose links are absolute, so that other sites can show it."""
    return _absolute_links(KEYS.sub("", expand_db_html(value or "")))


def _absolute_links(markup: str) -> str:
    return SITE_LINK.sub(lambda match: match[1] + absolute(match[2]), markup)


def plain_markup(markup: str) -> str:
    """Returns HTML as plain text, one line per block."""
    return "\n".join(line for line in map(str.strip, get_text_for_indexing(markup).splitlines()) if line)


# --- The whole body as one text ---------------------------------------------------------------------------------------


def as_html(blocks: list[Any]) -> str:
    """Returns serialized blocks as semantic HTML without classes."""
    parts = [_HTML.get(block["type"], _html_of)(block) for block in blocks]
    return mark_safe("\n".join(filter(None, parts)))  # noqa: S308 - format_html made them, the rich text editor's own whitelist, or nh3


def as_text(blocks: list[Any]) -> str:
    """Returns serialized blocks as plain text."""
    return plain_markup(as_html(blocks))


def _html_of(block: dict[str, Any]) -> str:
    """Returns the HTML of a block that another app added; ``""`` for one that selects pages."""
    return block.get("html", "")


def figure(block: dict[str, Any]) -> str:
    image, caption = block["image"], block["legende"]
    size = image["tailles"]["moyenne"]
    credit = ", ".join(filter(None, [image["credit"] and f"© {image['credit']}", image["licence"]]))
    words = " – ".join(filter(None, [caption, credit]))
    return format_html(
        '<figure><img src="{}" alt="{}" width="{}" height="{}">{}</figure>',
        size["url"],
        image["alt"],
        size["largeur"],
        size["hauteur"],
        format_html("<figcaption>{}</figcaption>", words) if words else "",
    )


def _quotation(block: dict[str, str]) -> str:
    who = ", ".join(filter(None, [block["auteur"], block["fonction"]]))
    return format_html(
        "<blockquote><p>«\u00a0{}\u00a0»</p>{}</blockquote>",
        block["texte"],
        format_html("<footer>{}</footer>", who) if who else "",
    )


def _steps(block: Any) -> str:
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
