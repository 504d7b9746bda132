"""The road books as a feed, Atom and JSON, the last one first, whole."""

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from etapes.carnets.api import CARNET
from etapes.carnets.models import CarnetIndexPage, CarnetPage
from fiches import langues
from fiches.diffusion import flux
from fiches.diffusion.api.pagination import read_paging
from fiches.diffusion.api.problemes import QueryError
from fiches.publications import ledger
from fiches.publications.conditional import versioned
from fiches.routes import add_route


def entry(carnet):
    """An entry from an issue's contents."""
    return flux.Entry(
        uid=f"urn:uuid:{carnet['uid']}",
        url=carnet["url"],
        titre=flux.marked(carnet),
        auteur=settings.WAGTAIL_SITE_NAME,
        resume=carnet["chapo"],
        html=flux.illustrated(None, carnet["chapo"], carnet["texte_html"]),
        texte="\n\n".join(filter(None, [carnet["chapo"], carnet["texte"]])),
        image="",
        publie_le=carnet["publie_le"],
        modifie_le=carnet["modifie_le"],
        categories=[_("example")] if carnet["exemple"] else [],
        point=None,
    )


def feed(index_page, request):
    """The issues that are online, the last one first."""
    asked = read_paging(request)
    if asked["page"] > 1:
        raise QueryError({"page": _("This feed has one page: say how many with “par_page”.")})
    pages = CarnetPage.objects.child_of(index_page).visible().order_by("-date", "-pk")
    if asked["depuis"]:
        pages = pages.filter(pk__in=ledger.changed_since(asked["depuis"]))
    keys = list(pages.values_list("pk", flat=True)[: asked["par_page"]])
    return flux.Feed(
        titre=f"{settings.WAGTAIL_SITE_NAME} – {index_page.title}",
        sous_titre=index_page.introduction,
        page=index_page.full_url,
        adresse=request.build_absolute_uri(),
        suite=None,
        entrees=[entry(orjson.loads(text)) for text in ledger.contents(CARNET, keys).values()],
        langue=langues.language_of(index_page),
    )


def atom(index_page, request):
    return flux.answer(request, lambda: flux.atom(feed(index_page, request)), flux.ATOM)


def as_json(index_page, request):
    return flux.answer(request, lambda: flux.json_feed(feed(index_page, request)), flux.JSON_FEED)


def register_routes():
    add_route(CarnetIndexPage, "flux.atom", versioned(atom), name="flux_atom")
    add_route(CarnetIndexPage, "flux.json", versioned(as_json), name="flux_json")
