"""The fiches, their places and their facets."""

import re

import orjson
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from fiches.diffusion.api import listes, schemas
from fiches.diffusion.api.choix import Choice
from fiches.diffusion.api.langage import IN_LANGUAGE, OF_A_LIST, QUERY_LANGUAGE
from fiches.diffusion.chemins import key_named
from fiches.diffusion.opendata.geojson import collection
from fiches.publications import ledger
from fiches.query import parametres
from fiches.query.similaires import nearest, row_of, similar

router = Router(tags=["fiches"])
SLUG = re.compile(r"[-\w]{1,255}")
GEOJSON = "application/geo+json"
WHICH = ("id", "uid", "exemple")


@router.get(
    "/fiches",
    response=schemas.Fiches,
    openapi_extra=OF_A_LIST,
    url_name="fiches",
    operation_id="listerFiches",
    summary=_("The fiches that answer a question"),
    description=_("Whole, the newest first unless “tri” says otherwise; follow “next” to the end."),
)
def list_fiches(request):
    choice = Choice(request, schemas.Fiche)
    found, cursor = listes.asked(request, choice)
    window = listes.Window(found, cursor)
    contents = ledger.contents("fiche", window.page)
    parameters = [(name, value) for name, value in found.parameters() if name != "page"]
    return listes.answer(
        request,
        count=found.count,
        items=contents.values(),
        parameters=parameters,
        following=window.next,
        preceding=window.previous,
        choice=choice,
    )


@router.get(
    "/fiches.geojson",
    response=schemas.FeatureCollection,
    openapi_extra=QUERY_LANGUAGE,
    url_name="geojson",
    operation_id="lireCarteDesFiches",
    summary=_("The places of the fiches, as GeoJSON"),
    description=_("All those that answer, on one page; fiches without a position are left out."),
)
def geojson(request):
    found, _cursor = listes.asked(request, Choice(request, None, WHICH))
    return HttpResponse(orjson.dumps(collection(found)), content_type=GEOJSON)


@router.get(
    "/fiches/{slug}",
    response=schemas.Fiche,
    openapi_extra=IN_LANGUAGE,
    url_name="fiche",
    operation_id="lireFiche",
    summary=_("One fiche by its address name"),
    description=_("An address name that it had before is answered too."),
)
def read_fiche(request, slug: str):
    return one("fiche", slug, request)


@router.get(
    "/fiches/{slug}/semblables",
    response=schemas.Fiches,
    openapi_extra=IN_LANGUAGE,
    url_name="semblables",
    operation_id="listerFichesSemblables",
    summary=_("The fiches most like one"),
    description=_("Those that share the most criteria and keywords: three at most, as its page shows them."),
)
def list_alike(request, slug: str):
    """Those that share the most criteria and keywords, as the fiche's page names them."""
    return _neighbours(request, slug, similar)


@router.get(
    "/fiches/{slug}/a-proximite",
    response=schemas.Fiches,
    openapi_extra=IN_LANGUAGE,
    url_name="a_proximite",
    operation_id="listerFichesProches",
    summary=_("The fiches nearest to one"),
    description=_("Within 30 kilometres: three at most, as its page shows them."),
)
def list_near(request, slug: str):
    """The nearest within 30 km, as the fiche's page names them."""
    return _neighbours(request, slug, nearest)


def _neighbours(request, slug, find):
    """:param find: gives the keys of the fiches that stand beside a row of the register.
    :raises Http404: for a fiche that the public may not see."""
    key = key_of("fiche", slug, request)
    row = row_of(key)
    if row is None:
        raise Http404
    items = list(ledger.contents("fiche", find(row)).values())
    return listes.answer(request, count=len(items), items=items)


@router.get(
    "/facettes",
    response=schemas.Facettes,
    openapi_extra=QUERY_LANGUAGE,
    url_name="facettes",
    operation_id="lireFacettes",
    summary=_("What each filter would give"),
    description=_("How many fiches each value of each filter would show, beside the question."),
)
def read_facets(request):
    found, _cursor = listes.asked(request, Choice(request, None, WHICH))
    data = {"count": found.count, "phrase": found.sentence(), "facettes": found.facets()}
    return HttpResponse(orjson.dumps(data, default=str), content_type="application/json")


def one(nature, slug, request):
    """The page at an address, in the language that ``langue`` asks for.

    :raises QueryError: for a language that there isn't, or any other parameter.
    :raises Http404: also for a page that the public may not see.
    """
    key = key_of(nature, slug, request)
    text = key and ledger.contents(nature, [key]).get(key)
    if not text:
        raise Http404
    return listes.one_of(text)


def key_of(nature, slug, request):
    """The key of the visible page that has or had that name, or that identifier, in the language that ``langue`` asks for; ``None`` without one.

    :raises QueryError, Http404: as :func:`one`.
    """
    if not SLUG.fullmatch(slug):
        raise Http404
    langue = listes.read_query(request, {"langue": parametres.one_language}).get("langue", "")
    return key_named(nature, slug, langue)


def withdrawn(since):
    """What is to be forgotten, the oldest first: pages withdrawn, and those that expired by themselves."""
    gone = ledger.shown_outside().filter(Q(withdrawn_at__isnull=False) | Q(expires_at__lte=timezone.now()))
    gone = gone.annotate(gone_at=Coalesce("withdrawn_at", "expires_at")).order_by("gone_at", "object_id")
    return gone.filter(gone_at__gte=since) if since else gone
