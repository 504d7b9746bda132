"""The road books as a feed, Atom and JSON, the last one first, whole."""

from django.conf import settings

from etapes.carnets.api import CARNET
from etapes.carnets.models import CarnetIndexPage, CarnetPage
from fiches.diffusion.feeds import builder
from fiches.publications import ledger


def entry(carnet):
    """An entry from an issue's contents."""
    return builder.entry_of(
        carnet,
        auteur=settings.WAGTAIL_SITE_NAME,
        resume=carnet["chapo"],
        html=builder.with_photo(None, carnet["chapo"], carnet["texte_html"]),
        texte="\n\n".join(filter(None, [carnet["chapo"], carnet["texte"]])),
        categories=builder.example_category(carnet["exemple"]),
    )


def feed(index_page, request):
    """The issues that are online, the last one first."""
    asked = builder.read_single_page(request)
    pages = CarnetPage.objects.child_of(index_page).registered().visible().order_by("-date", "-pk")
    if asked["depuis"]:
        pages = pages.filter(pk__in=ledger.changed_since(asked["depuis"]))
    keys = list(pages.values_list("pk", flat=True)[: asked["par_page"]])
    return builder.feed_of(index_page, request, builder.entries_of(CARNET, keys, entry))


def register_routes():
    builder.register_feed(CarnetIndexPage, feed)
