"""Embeds for other sites: the road books, and a single one. The builder doesn't offer them; pasted addresses become them (oEmbed)."""

from datetime import date
from typing import Any

import orjson
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etapes.carnets.api import CARNET
from etapes.carnets.models import CarnetIndexPage, CarnetPage
from fiches.diffusion.embeds import (
    Contents,
    Element,
    Embed,
    page_contents,
    public_page,
    register_embed,
    unknown_parameters,
)
from fiches.publications import ledger

# Road books that the list shows.
LATEST = 6


def register() -> None:
    """Called from ``AppConfig.ready()``."""
    register_embed(Embed("carnets", gettext_lazy("the road books"), read_latest, pages=(CarnetIndexPage,)))
    register_embed(
        Embed(
            CARNET,
            gettext_lazy("one road book"),
            read_one,
            hauteur=840,
            une_page=True,
            pages=(CarnetPage,),
        )
    )


def read_latest(query: QueryDict) -> Contents:
    """Returns the Contents of the list: the latest road books, the newest first."""
    index = CarnetIndexPage.objects.registered().visible().here().first()
    keys = CarnetPage.objects.visible().here().order_by("-date", "-pk").values_list("pk", flat=True)[:LATEST]
    texts = ledger.contents(CARNET, list(keys)).values()
    return Contents(
        titre=_("Road books"),
        url=index.full_url or "" if index else "",
        elements=[_card(orjson.loads(text)) for text in texts],
        errors=unknown_parameters(query),
    )


def read_one(query: QueryDict, slug: str) -> Contents:
    """Returns the Contents of one road book."""
    carnet = public_page(CARNET, slug)
    return page_contents(carnet, query, _card(carnet))


def _card(carnet: dict[str, Any]) -> Element:
    pictures = (block["image"] for block in carnet["corps"] if block["type"] == "image")
    return Element(
        titre=carnet["titre"],
        url=carnet["url"],
        sur=date_format(date.fromisoformat(carnet["date"]), "F Y"),
        texte=carnet["chapo"],
        marques=[_("example")] if carnet["exemple"] else [],
        image=next(pictures, None),
    )
