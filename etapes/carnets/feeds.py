"""The Atom feed of the road books, with their whole text."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest

from etapes.carnets.api import CARNET
from etapes.carnets.models import CarnetIndexPage, CarnetPage
from fiches.diffusion import atom
from fiches.publications import ledger

if TYPE_CHECKING:
    from fiches.diffusion.atom import Feed


def entry(carnet: dict[str, Any]) -> dict[str, Any]:
    """Builds a feed entry from a road book's API contents."""
    return atom.entry_of(
        carnet,
        author=settings.WAGTAIL_SITE_NAME,
        summary=carnet["chapo"],
        html=carnet["texte_html"],
        categories=[],
    )


def feed(index_page: CarnetIndexPage, request: HttpRequest) -> "Feed":
    """Builds the feed of the visible road books below ``index_page``, the latest first."""
    paging = atom.read_single_page(request)
    pages = CarnetPage.objects.child_of(index_page).registered().visible().order_by("-date", "-pk")
    if paging["depuis"]:
        pages = pages.filter(pk__in=ledger.changed_since(paging["depuis"]))
    keys = list(pages.values_list("pk", flat=True)[: paging["par_page"]])
    return atom.feed_of(index_page, request, atom.entries_of(CARNET, keys, entry))


def register_routes() -> None:
    atom.register_feed(CarnetIndexPage, feed)
