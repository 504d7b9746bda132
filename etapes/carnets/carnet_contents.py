"""The body of a road book: as data for the API, and as one HTML for its mail and its leaflet."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.utils.formats import date_format
from wagtail.blocks import StreamValue

from etapes.carnets.blocks import public_prizes_of_edition, still_visible
from etapes.inscriptions.date_and_place import when
from etapes.models import EtapePage
from fiches.diffusion.body_content import Bodies, as_html
from fiches.models import Edition, FichePage

if TYPE_CHECKING:
    from etapes.carnets.models import CarnetPage

# Given an image, returns its ``{"url", "largeur", "hauteur"}``; None when its file is lost.
Picture = Callable[[Any], dict[str, Any] | None]
# Block types that select pages.
PAGE_BLOCKS = ("fiches", "etapes")
INDENT = re.compile(r"[ \t\r\n]+")
PARAGRAPHS = ["p", "h2", "h3", "h4", "ul", "ol", "figure", "blockquote"]


class CarnetBodies(Bodies):
    """Serializes bodies of road books for the API. Pages that are not visible are left out."""

    def __init__(self, bodies: list[StreamValue]) -> None:
        super().__init__(bodies)
        raw = [value for body in bodies for value in body.raw_data]
        selected = {key for value in raw if value["type"] in PAGE_BLOCKS for key in _page_keys(value["type"], value)}
        self.visible = {
            pk
            for model in (FichePage, EtapePage)
            for pk in model.objects.visible().filter(pk__in=selected).values_list("pk", flat=True)
        }
        editions = {value["value"].get("edition") for value in raw if value["type"] == "prix"}
        self.editions = Edition.objects.in_bulk(editions) if editions else {}

    def _fiches(self, value: dict[str, Any]) -> dict[str, Any]:
        return self._pages("fiches", value)

    def _etapes(self, value: dict[str, Any]) -> dict[str, Any]:
        return self._pages("etapes", value)

    def _pages(self, name: str, value: dict[str, Any]) -> dict[str, Any]:
        keys = _page_keys(name, {"value": value})
        return {"titre": value.get("titre") or "", "ids": [key for key in keys if key in self.visible]}

    def _prix(self, value: dict[str, Any]) -> Any:
        edition = self.editions.get(value.get("edition"))
        return edition and {"titre": value.get("titre") or "", "edition": edition.annee}


def _page_keys(name: str, raw: dict[str, Any]) -> list[int]:
    """The pks of the pages that a raw block selects."""
    keys = (item["value"] if isinstance(item, dict) else item for item in raw["value"].get(name) or ())
    return [key for key in keys if isinstance(key, int)]


class _PrintedBodies(Bodies):
    """Gives a selection of pages or prizes as its HTML, and the pictures as ``picture`` has them."""

    def __init__(self, bodies: list[StreamValue], picture: Picture) -> None:
        super().__init__(bodies)
        self.picture = picture

    def _picture(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        image = super()._picture(value)
        size = image and value and self.picture(self.pictures[value["image"] if isinstance(value, dict) else value])
        return {**image, "tailles": {"moyenne": size}} if image and size else None

    def _fiches(self, value: dict[str, Any]) -> dict[str, str]:
        fiches = still_visible(_page_keys("fiches", {"value": value}), FichePage)
        return _selection(value, fiches=[(fiche, fiche.photo and self.picture(fiche.photo)) for fiche in fiches])

    def _etapes(self, value: dict[str, Any]) -> dict[str, str]:
        etapes = still_visible(_page_keys("etapes", {"value": value}), EtapePage)
        return _selection(value, etapes=[(etape, when(etape)) for etape in etapes])

    def _prix(self, value: dict[str, Any]) -> dict[str, str]:
        return _selection(value, prix=public_prizes_of_edition(value.get("edition")))


def _selection(value: dict[str, Any], **chosen: list[Any]) -> dict[str, str]:
    """Returns the HTML of a block that selects ``chosen``; "" without any."""
    context = {"titre": value.get("titre") or "", **chosen}
    return {"html": render_to_string("carnets/_selection.html", context) if any(chosen.values()) else ""}


def printed(carnet: "CarnetPage", picture: Picture) -> dict[str, Any]:
    """Returns the context of a road book's mail and leaflet: ``corps`` is its body as HTML without classes and styles.

    ``carnet`` may be the live page or a draft. Selected pages that are not visible are left out.
    """
    return {
        "titre": carnet.title,
        "numero": carnet.numero,
        "mois": date_format(carnet.date, "F Y"),
        "chapo": carnet.chapo,
        "exemple": carnet.exemple,
        "url": carnet.full_url or "",
        "corps": as_html(_PrintedBodies([carnet.corps], picture).blocks(carnet.corps)),
    }


def as_plain_text(markup: str) -> str:
    """Converts HTML to plain text: blank lines between paragraphs, dashes for list items, addresses in parentheses."""
    soup = BeautifulSoup(INDENT.sub(" ", markup), "html.parser")
    for image in soup.find_all("img"):
        image.replace_with(f"[{image['alt']}] " if image["alt"] else "")
    for link in soup.find_all("a", href=True):
        link.append(f" ({link['href']})")
    for heading in soup.find_all(["h2", "h3"]):
        heading.insert(0, "== " if heading.name == "h2" else "= ")
    for item in soup.find_all("li"):
        item.insert(0, "- ")
        item.append("\n")
    for line in soup.find_all("br"):
        line.replace_with("\n")
    for paragraph in soup.find_all(PARAGRAPHS):
        paragraph.append("\n\n")
    text = "\n".join(map(str.strip, soup.get_text().split("\n")))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
