"""The partner API's endpoints for road books, and their Atom feed."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema

from etapes.carnets.carnet_contents import CarnetBodies
from etapes.carnets.models import CarnetIndexPage, CarnetPage
from fiches import content_language
from fiches.diffusion import atom
from fiches.diffusion.api import openapi_parameters, register_router, schemas
from fiches.diffusion.api.fiche_resources import detail
from fiches.diffusion.api.lists import Choice, choice_parameters, list_of_kind, read_paging
from fiches.diffusion.api.page_resource import register_page_type
from fiches.diffusion.body_content import as_html, as_text
from fiches.diffusion.contents import instant, page_context
from fiches.publications import ledger

router = Router(tags=["carnets"])
LIST_PARAMETERS = {"parameters": [*openapi_parameters.PAGED, *choice_parameters()]}
CARNET = "carnet"


class BlocDePages(Schema):
    """Pages that a road book presents, by their ``id`` in the resources ``fiches`` and ``etapes``."""

    type: Literal["fiches", "etapes"]
    titre: str
    ids: list[int]


class BlocDePrix(Schema):
    """The prizes of an edition, by its year. The resource ``palmares`` has them once they are public."""

    type: Literal["prix"]
    titre: str
    edition: int


Bloc = Annotated[
    schemas.BlocTexte
    | schemas.BlocTitre
    | schemas.BlocCitation
    | schemas.BlocImage
    | schemas.BlocGalerie
    | schemas.BlocDocument
    | schemas.BlocChiffresCles
    | BlocDePages
    | BlocDePrix,
    schemas.ONE_BLOCK,
]


class Carnet(Schema):
    id: int
    uid: UUID = schemas.described(_("The same across sites: names it in feeds and calendars."))
    type: Literal["carnet"]
    langue: schemas.CodeDeLangue = schemas.described(_("Language of its words."), "fr")
    titre: str
    slug: str
    url: str
    exemple: bool
    numero: int
    date: date
    chapo: str
    corps: list[Bloc]
    texte_html: str = schemas.described(_("The blocks as one text, in HTML."))
    texte: str = schemas.described(_("The blocks as one text, without tags."))
    publie_le: schemas.datetime | None
    modifie_le: schemas.datetime | None


class Carnets(schemas.Liste):
    items: list[Carnet]


@router.get(
    "/carnets",
    response=Carnets,
    openapi_extra=LIST_PARAMETERS,
    url_name="carnets",
    operation_id="listerCarnets",
    summary=_("The road books"),
    description=_("Whole, the newest first."),
)
def list_carnets(request: HttpRequest) -> HttpResponse:
    choice = Choice(request, Carnet)
    paging = read_paging(request)
    carnets = CarnetPage.objects.visible().here(paging["langue"]).order_by("-date", "-pk")
    carnets = carnets.filter(*choice.conditions(uid="translation_key").values())
    return list_of_kind(request, CARNET, carnets, choice, paging)


@router.get(
    "/carnets/{slug}",
    response=Carnet,
    openapi_extra=openapi_parameters.IN_LANGUAGE,
    url_name="carnet",
    operation_id="lireCarnet",
    summary=_("One road book by its address name"),
    description=_("An address name that it had before is answered too."),
)
def read_carnet(request: HttpRequest, slug: str) -> HttpResponse:
    return detail(CARNET, slug, request)


def build_carnets(pks: list[int]) -> dict[int, dict[str, Any]]:
    """Returns ``{pk: contents}`` for the visible road books among ``pks``, in a fixed number of queries."""
    return _contents(list(CarnetPage.objects.visible().filter(pk__in=pks)))


def draft(carnet: CarnetPage) -> dict[str, Any]:
    """Returns the contents of one road book from the instance in memory, even if it isn't public: for a preview."""
    return _contents([carnet])[carnet.pk]


def _contents(carnets: list[CarnetPage]) -> dict[int, dict[str, Any]]:
    bodies = CarnetBodies([carnet.corps for carnet in carnets])
    contents = {}
    for carnet in carnets:
        with page_context(carnet):
            contents[carnet.pk] = _carnet(carnet, bodies.blocks(carnet.corps))
    return contents


def _carnet(carnet: CarnetPage, blocks: list[Any]) -> dict[str, Any]:
    return {
        "id": carnet.pk,
        "uid": str(carnet.translation_key),
        "type": CARNET,
        "langue": content_language.language_of(carnet),
        "titre": carnet.title,
        "slug": carnet.slug,
        "url": carnet.full_url or "",
        "exemple": carnet.exemple,
        "numero": carnet.numero,
        "date": carnet.date.isoformat(),
        "chapo": carnet.chapo,
        "corps": blocks,
        "texte_html": as_html(blocks),
        "texte": as_text(blocks),
        "publie_le": instant(carnet.first_published_at),
        "modifie_le": instant(carnet.last_published_at),
    }


def entry(carnet: dict[str, Any]) -> dict[str, Any]:
    """Builds a feed entry from a road book's API contents."""
    return atom.entry_of(
        carnet,
        author=settings.WAGTAIL_SITE_NAME,
        summary=carnet["chapo"],
        html=carnet["texte_html"],
        categories=[],
    )


def feed(index_page: CarnetIndexPage, request: HttpRequest) -> atom.Feed:
    """Builds the feed of the visible road books below ``index_page``, the latest first."""
    paging = atom.read_single_page(request)
    pages = CarnetPage.objects.child_of(index_page).registered().visible().order_by("-date", "-pk")
    if paging["depuis"]:
        pages = pages.filter(pk__in=ledger.changed_since(paging["depuis"]))
    keys = list(pages.values_list("pk", flat=True)[: paging["par_page"]])
    return atom.feed_of(index_page, request, atom.entries_of(CARNET, keys, entry))


def register() -> None:
    atom.register_feed(CarnetIndexPage, feed)
    ledger.register_kind(CARNET, CarnetPage, build_carnets)
    register_page_type(CarnetIndexPage, "liste_des_carnets")
    register_page_type(CarnetPage, CARNET, shape=Carnet, draft=draft)
    register_router(router)
