"""The fiches, their places and their facets."""

import re

import orjson
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Router

from fiches.diffusion.api import listes, schemas
from fiches.diffusion.api.choix import Choice
from fiches.diffusion.api.langage import IN_LANGUAGE, OF_A_LIST, QUERY_LANGUAGE
from fiches.diffusion.opendata.geojson import collection
from fiches.publications import ledger
from fiches.query import parametres

router = Router(tags=["fiches"])
SLUG = re.compile(r"[-\w]{1,255}")
GEOJSON = "application/geo+json"
WHICH = ("id", "uid", "exemple")


@router.get("/fiches", response=schemas.Fiches, openapi_extra=OF_A_LIST, url_name="fiches")
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


@router.get("/fiches.geojson", response=schemas.FeatureCollection, openapi_extra=QUERY_LANGUAGE, url_name="geojson")
def geojson(request):
    found, _cursor = listes.asked(request, Choice(request, None, WHICH))
    return HttpResponse(orjson.dumps(collection(found)), content_type=GEOJSON)


@router.get("/fiches/{slug}", response=schemas.Fiche, openapi_extra=IN_LANGUAGE, url_name="fiche")
def read_fiche(request, slug: str):
    return one("fiche", slug, request)


@router.get("/facettes", response=schemas.Facettes, openapi_extra=QUERY_LANGUAGE, url_name="facettes")
def read_facets(request):
    found, _cursor = listes.asked(request, Choice(request, None, WHICH))
    data = {"count": found.count, "phrase": found.sentence(), "facettes": found.facets()}
    return HttpResponse(orjson.dumps(data, default=str), content_type="application/json")


def one(nature, slug, request):
    """The page at an address, in the language that ``langue`` asks for.

    :raises QueryError: for a language that there isn't, or any other parameter.
    :raises Http404: also for a page that the public may not see.
    """
    if not SLUG.fullmatch(slug):
        raise Http404
    langue = listes.read_query(request, {"langue": parametres.one_language}).get("langue", "")
    pk = (
        ledger.kind(nature)
        .model.objects.visible()
        .in_language(langue)
        .filter(slug=slug)
        .values_list("pk", flat=True)
        .first()
    )
    text = pk and ledger.contents(nature, [pk]).get(pk)
    if not text:
        raise Http404
    return listes.one_of(text)


def withdrawn(since):
    """What is to be forgotten, the oldest first: pages withdrawn, and those that expired by themselves."""
    gone = ledger.shown_outside().filter(Q(withdrawn_at__isnull=False) | Q(expires_at__lte=timezone.now()))
    gone = gone.annotate(gone_at=Coalesce("withdrawn_at", "expires_at")).order_by("gone_at", "object_id")
    return gone.filter(gone_at__gte=since) if since else gone
