"""What an issue says, as plain data: its page, its mail and its leaflet tell the same."""

import orjson
from django.utils.formats import date_format
from django.utils.text import capfirst

from etapes.api import ETAPE
from etapes.carnets.prix import public_prizes
from etapes.carnets.titres import brings_heading, levels
from etapes.inscriptions.rendez_vous import hours
from etapes.models import EtapePage
from fiches.diffusion.corps import Bodies
from fiches.heures import day_of_week
from fiches.models import Edition, FichePage
from fiches.publications import ledger

PULLED = ("fiches", "etapes")


class CarnetBodies(Bodies):
    """The bodies of road books, which name fiches, étapes and prizes too; pages that are not public any more are left out."""

    def __init__(self, bodies):
        super().__init__(bodies)
        raw = [value for body in bodies for value in body.raw_data]
        named = {key for value in raw for key in _named(value)}
        self.visible = {
            pk
            for model in (FichePage, EtapePage)
            for pk in model.objects.visible().filter(pk__in=named).values_list("pk", flat=True)
        }
        editions = {value["value"].get("edition") for value in raw if value["type"] == "prix"}
        self.editions = Edition.objects.in_bulk(editions) if editions else {}

    def _fiches(self, value):
        return self._pages("fiches", value)

    def _etapes(self, value):
        return self._pages("etapes", value)

    def _pages(self, name, value):
        keys = _named({"type": name, "value": value})
        return {"titre": value.get("titre") or "", "ids": [key for key in keys if key in self.visible]}

    def _prix(self, value):
        edition = self.editions.get(value.get("edition"))
        return edition and {"titre": value.get("titre") or "", "edition": edition.annee}


def _named(raw):
    if raw["type"] not in PULLED:
        return []
    items = raw["value"].get(raw["type"]) or ()
    keys = (item["value"] if isinstance(item, dict) else item for item in items)
    return [key for key in keys if isinstance(key, int)]


class _Whole(CarnetBodies):
    """The same with what the named pages say, and each picture with its record, from which other sizes are made."""

    def _pages(self, name, value):
        found = super()._pages(name, value)
        return found["ids"] and {**found, name: _fiches(found["ids"]) if name == "fiches" else _etapes(found["ids"])}

    def _prix(self, value):
        prizes = [_prize(prize) for prize in public_prizes(value.get("edition"))]
        return prizes and {**super()._prix(value), "prix": prizes}

    def _picture(self, value):
        found = super()._picture(value)
        return found and {**found, "image": self.pictures[value["image"] if isinstance(value, dict) else value]}


def contents(carnet):
    """``{"titre", "numero", "mois", "chapo", "exemple", "url", "blocs"}``: each block a dict with its ``type``, and the
    ``niveau`` of the headings of what it pulls in.

    Read from the page as it is given: the live one, or a draft to try. What is pulled in is public or left out.
    """
    return {
        "titre": carnet.title,
        "numero": carnet.numero,
        "mois": date_format(carnet.date, "F Y"),
        "chapo": carnet.chapo,
        "exemple": carnet.exemple,
        "url": carnet.full_url or "",
        "blocs": _levelled(_Whole([carnet.corps]).blocks(carnet.corps)),
    }


def _levelled(blocks):
    marks = [brings_heading(each["type"], each.get("titre"), each.get("html", "")) for each in blocks]
    return [{**each, "niveau": level} for each, level in zip(blocks, levels(marks), strict=True)]


def _in_order(kind, keys):
    texts = ledger.contents(kind, keys)
    return [orjson.loads(texts[key]) for key in keys if key in texts]


def _fiches(keys):
    pictures = FichePage.objects.filter(pk__in=keys).select_related("photo").in_bulk()
    found = _in_order("fiche", keys)
    return [{**fiche, "image": pictures[fiche["id"]].photo} for fiche in found]


def _etapes(keys):
    pages = EtapePage.objects.filter(pk__in=keys).select_related("commune").in_bulk()
    return [{**etape, "quand": _when(pages[etape["id"]]), "ou": _where(etape)} for etape in _in_order(ETAPE, keys)]


def _when(etape):
    """« Lundi 8 avril 2013, 9 h – 13 h »; nothing for one that awaits its new date."""
    if etape.attend_sa_date:
        return str(etape.get_statut_display()).capitalize()
    return ", ".join(filter(None, [capfirst(day_of_week(etape.date)), hours(etape)]))


def _where(etape):
    return ", ".join(filter(None, [etape["lieu"], etape["commune"]]))


def _prize(prize):
    fiche = prize.fiche
    return {
        "libelle": prize.get_rang_display(),
        "categorie": prize.categorie.nom,
        "titre": fiche.title,
        "organisation": fiche.organisation,
        "citation": prize.citation,
        "url": fiche.full_url or "",
        "exemple": fiche.exemple or prize.palmares.exemple,
    }
