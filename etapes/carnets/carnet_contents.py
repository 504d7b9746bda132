"""Contents of a road book as plain data, for its API resource, mail and leaflet."""

from typing import TYPE_CHECKING, Any

import orjson
from django.utils.formats import date_format
from django.utils.text import capfirst
from wagtail.blocks import StreamValue

from etapes.api import ETAPE
from etapes.carnets.heading_levels import has_heading, levels
from etapes.carnets.public_prizes import public_prizes_of_edition
from etapes.inscriptions.date_and_place import when
from etapes.models import EtapePage
from fiches.diffusion.body_content import Bodies
from fiches.models import Edition, FichePage
from fiches.publications import ledger

if TYPE_CHECKING:
    from etapes.carnets.models import CarnetPage
    from fiches.palmares.models import Prix


# Block types that select pages.
PAGE_BLOCKS = ("fiches", "etapes")


class CarnetBodies(Bodies):
    """Renders bodies of road books, including the blocks that select fiches, étapes and prizes. Pages that are not visible
    are left out."""

    def __init__(self, bodies: list[StreamValue]) -> None:
        super().__init__(bodies)
        raw = [value for body in bodies for value in body.raw_data]
        selected = {key for value in raw for key in _page_keys(value)}
        self.visible = {
            pk
            for model in (FichePage, EtapePage)
            for pk in model.objects.visible().filter(pk__in=selected).values_list("pk", flat=True)
        }
        editions = {value["value"].get("edition") for value in raw if value["type"] == "prix"}
        self.editions = Edition.objects.in_bulk(editions) if editions else {}

    def _fiches(self, value: dict[str, Any]) -> dict[str, Any] | list[Any]:
        return self._pages("fiches", value)

    def _etapes(self, value: dict[str, Any]) -> dict[str, Any]:
        return self._pages("etapes", value)

    def _pages(self, name: str, value: dict[str, Any]) -> dict[str, Any]:
        keys = _page_keys({"type": name, "value": value})
        return {"titre": value.get("titre") or "", "ids": [key for key in keys if key in self.visible]}

    def _prix(self, value: dict[str, Any]) -> Any:
        edition = self.editions.get(value.get("edition"))
        return edition and {"titre": value.get("titre") or "", "edition": edition.annee}


def _page_keys(raw: dict[str, Any]) -> list[int]:
    """The pks of the pages that a raw block selects."""
    if raw["type"] not in PAGE_BLOCKS:
        return []
    items = raw["value"].get(raw["type"]) or ()
    keys = (item["value"] if isinstance(item, dict) else item for item in items)
    return [key for key in keys if isinstance(key, int)]


class _ExpandedBodies(CarnetBodies):
    """`CarnetBodies` with the contents of the selected pages and prizes, and each picture as an image object, for
    renditions."""

    def _pages(self, name: Any, value: Any) -> Any:
        block = super()._pages(name, value)
        return block["ids"] and {**block, name: _fiches(block["ids"]) if name == "fiches" else _etapes(block["ids"])}

    def _prix(self, value: Any) -> Any:
        prizes = [_prize(prize) for prize in public_prizes_of_edition(value.get("edition"))]
        return prizes and {**super()._prix(value), "prix": prizes}

    def _picture(self, value: Any) -> Any:
        picture = super()._picture(value)
        return picture and {**picture, "image": self.pictures[value["image"] if isinstance(value, dict) else value]}


def contents(carnet: "CarnetPage") -> Any:
    """Returns ``{"titre", "numero", "mois", "chapo", "exemple", "url", "blocs"}``. Each block is a dict with its ``type``
    and ``niveau``, the heading level of the pages that it selects.

    ``carnet`` may be the live page or a draft. Selected pages that are not visible are left out.
    """
    return {
        "titre": carnet.title,
        "numero": carnet.numero,
        "mois": date_format(carnet.date, "F Y"),
        "chapo": carnet.chapo,
        "exemple": carnet.exemple,
        "url": carnet.full_url or "",
        "blocs": _with_levels(_ExpandedBodies([carnet.corps]).blocks(carnet.corps)),
    }


def _with_levels(blocks: list[Any]) -> list[Any]:
    have_heading = [has_heading(each["type"], each.get("titre"), each.get("html", "")) for each in blocks]
    return [{**each, "niveau": level} for each, level in zip(blocks, levels(have_heading), strict=True)]


def _in_order(kind: str, keys: list[int]) -> Any:
    """The published contents of these pages, in the order of ``keys``."""
    texts = ledger.contents(kind, keys)
    return [orjson.loads(texts[key]) for key in keys if key in texts]


def _fiches(keys: list[int]) -> Any:
    pictures = FichePage.objects.filter(pk__in=keys).select_related("photo").in_bulk()
    return [{**fiche, "image": pictures[fiche["id"]].photo} for fiche in _in_order("fiche", keys)]


def _etapes(keys: list[int]) -> Any:
    pages = EtapePage.objects.filter(pk__in=keys).select_related("commune").in_bulk()
    return [{**etape, "quand": _when(pages[etape["id"]]), "ou": _where(etape)} for etape in _in_order(ETAPE, keys)]


def _when(etape: EtapePage) -> str:
    """« Lundi 8 avril 2013, 9 h – 13 h »; the state of a postponed étape without a new date."""
    if etape.reportee and etape.attend_sa_date:
        return str(etape.get_statut_display()).capitalize()
    return str(capfirst(when(etape)))


def _where(etape: dict[str, Any]) -> str:
    return ", ".join(filter(None, [etape["lieu"], etape["commune"]]))


def _prize(prize: "Prix") -> dict[str, str]:
    fiche = prize.fiche
    return {
        "libelle": prize.libelle,
        "categorie": prize.categorie.nom,
        "titre": fiche.title,
        "organisation": fiche.organisation,
        "citation": prize.citation,
        "url": fiche.full_url or "",
        "exemple": fiche.exemple or prize.palmares.exemple,
    }
