"""API resources of the fiches: list, one fiche, similar and near fiches, GeoJSON, facets."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from fiches import content_site
from fiches.diffusion.api import lists, schemas
from fiches.diffusion.api.lists import Choice
from fiches.diffusion.api.openapi_parameters import IN_LANGUAGE, OF_A_LIST, QUERY_LANGUAGE
from fiches.diffusion.api.page_resource import register_page_type
from fiches.diffusion.contents import contents_of, own_keys, with_related
from fiches.diffusion.opendata import points
from fiches.diffusion.page_lookup import key_named
from fiches.models import FicheIndexPage, FichePage
from fiches.pages import jsonld
from fiches.publications import ledger
from fiches.query.related_fiches import nearest, row_of, similar

router = Router(tags=["fiches"])
SLUG = re.compile(r"[-\w]{1,255}")
GEOJSON = "application/geo+json"
WHICH = ("id", "uid", "exemple", "curseur")


def register() -> None:
    """Registers the page types of `fiches` with the resource ``/pages``; called from ``AppConfig.ready()``."""
    register_page_type(FicheIndexPage, "liste_des_fiches")
    register_page_type(
        FichePage,
        "fiche",
        shape=schemas.Fiche,
        read=lambda fiches: (
            with_related(fiches).select_related("commune", "photo").prefetch_related("photo__renditions")
        ),
        structured=_article,
        draft=contents_of,
    )


def _article(fiche: FichePage, contents: dict[str, Any]) -> dict[str, str]:
    prizes = contents["prix"] if contents else ()
    return jsonld.article(fiche, [f"{each['libelle']}, {each['categorie']} ({each['edition']})" for each in prizes])


@router.get(
    "/fiches",
    response=schemas.Fiches,
    openapi_extra=OF_A_LIST,
    url_name="fiches",
    operation_id="listerFiches",
    summary=_("The fiches that answer a question"),
    description=_("Whole, the newest first unless “tri” says otherwise; follow “next” to the end."),
)
def list_fiches(request: HttpRequest) -> HttpResponse:
    choice = Choice(request, schemas.Fiche, more=own_keys())
    fiches = lists.read_filter(request, choice)
    part = lists.cut_filter(choice, fiches)
    items = ledger.contents("fiche", part.keys).values()
    return lists.list_response(request, count=fiches.count, items=items, part=part, choice=choice)


@router.get(
    "/fiches.geojson",
    response=schemas.FeatureCollection,
    openapi_extra=QUERY_LANGUAGE,
    url_name="geojson",
    operation_id="lireCarteDesFiches",
    summary=_("The places of the fiches, as GeoJSON"),
    description=_("All those that answer, on one page; fiches without a position are left out."),
)
def geojson(request: HttpRequest) -> HttpResponse:
    fiche_filter = lists.read_filter(request, Choice(request, None, WHICH))
    return HttpResponse(b"".join(points(fiche_filter)), content_type=GEOJSON)


@router.get(
    "/fiches/{slug}",
    response=schemas.Fiche,
    openapi_extra=IN_LANGUAGE,
    url_name="fiche",
    operation_id="lireFiche",
    summary=_("One fiche by its address name"),
    description=_("An address name that it had before is answered too."),
)
def read_fiche(request: HttpRequest, slug: str) -> HttpResponse:
    return detail("fiche", slug, request)


@router.get(
    "/fiches/{slug}/semblables",
    response=schemas.Fiches,
    openapi_extra=IN_LANGUAGE,
    url_name="semblables",
    operation_id="listerFichesSemblables",
    summary=_("The fiches most like one"),
    description=_("Those that share the most criteria and keywords: three at most, as its page shows them."),
)
def list_alike(request: HttpRequest, slug: str) -> HttpResponse:
    """Lists the fiches that share the most criteria and keywords, as on the fiche's page."""
    return _neighbours(request, slug, similar)


@router.get(
    "/fiches/{slug}/a-proximite",
    response=schemas.Fiches,
    openapi_extra=IN_LANGUAGE,
    url_name="a_proximite",
    operation_id="listerFichesProches",
    summary=_("The fiches nearest to one"),
    description=_("Within 30 kilometres: three at most."),
)
def list_near(request: HttpRequest, slug: str) -> HttpResponse:
    """Lists the nearest fiches within 30 km."""
    return _neighbours(request, slug, nearest)


def _neighbours(request: HttpRequest, slug: str, find: Callable[..., Any]) -> HttpResponse:
    """Returns the list of the fiches that are related to one.

    :param find: ``find(row)`` returns the primary keys of those related to a row of the register.
    :raises Http404: for a fiche that isn't public.
    """
    key = key_of("fiche", slug, request)
    row = key and row_of(key)
    if not row:
        raise Http404
    items = list(ledger.contents("fiche", find(row)).values())
    return lists.list_response(request, count=len(items), items=items)


@router.get(
    "/facettes",
    response=schemas.Facettes,
    openapi_extra=QUERY_LANGUAGE,
    url_name="facettes",
    operation_id="lireFacettes",
    summary=_("What each filter would give"),
    description=_("How many fiches each value of each filter would show, beside the question."),
)
def read_facets(request: HttpRequest) -> HttpResponse:
    fiche_filter = lists.read_filter(request, Choice(request, None, WHICH))
    data = {"count": fiche_filter.count, "phrase": fiche_filter.sentence(), "facettes": fiche_filter.facets()}
    return HttpResponse(orjson.dumps(data, default=str), content_type="application/json")


def detail(nature: str, slug: str, request: HttpRequest) -> HttpResponse:
    """Returns the response with one page's contents, in the language of the parameter ``langue``.

    :param nature: kind of page in the register, such as ``fiche``.
    :param slug: slug, former slug or UUID.
    :raises QueryError: for an unknown language, or any other parameter.
    :raises Http404: when there is no such public page.
    """
    key = key_of(nature, slug, request)
    text = key and ledger.contents(nature, [key]).get(key)
    if not text:
        raise Http404
    return lists.json_response(text)


def key_of(nature: str, slug: str, request: HttpRequest) -> int | None:
    """Returns the primary key of the public page with this slug, former slug or UUID, in the language of ``langue``; or None.

    :raises QueryError: for an unknown language, or any other parameter.
    :raises Http404: when ``slug`` isn't a valid slug.
    """
    if not SLUG.fullmatch(slug):
        raise Http404
    langue = lists.read_parameters(request, {}).get("langue", "")
    return key_named(nature, slug, langue)


def withdrawn(since: datetime | None) -> QuerySet:
    """Returns the register's rows of withdrawn and expired pages, the oldest first, annotated with ``gone_at``.

    :param since: aware datetime from which to start; None for all.
    """
    gone = content_site.narrow(ledger.external_rows()).filter(
        Q(withdrawn_at__isnull=False) | Q(expires_at__lte=timezone.now())
    )
    gone = gone.annotate(gone_at=Coalesce("withdrawn_at", "expires_at")).order_by("gone_at", "object_id")
    return gone.filter(gone_at__gte=since) if since else gone
