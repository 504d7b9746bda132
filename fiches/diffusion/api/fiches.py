"""The fiches, their places and their facets."""

import re

import orjson
from django.db.models import Case, F, Q, When
from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Router

from fiches.diffusion import journal
from fiches.diffusion.api import listes, schemas
from fiches.diffusion.api.langage import IN_LANGUAGE, QUERY_LANGUAGE
from fiches.diffusion.geojson import collection
from fiches.diffusion.models import Trace
from fiches.recherche import parametres

router = Router(tags=["fiches"])
SLUG = re.compile(r"[-\w]{1,255}")
GEOJSON = "application/geo+json"


@router.get("/fiches", response=schemas.Fiches, openapi_extra=QUERY_LANGUAGE, url_name="fiches")
def list_fiches(request):
    found, cursor = listes.asked(request)
    window = listes.Window(found, cursor)
    contents = journal.contents("fiche", window.page)
    parameters = [(name, value) for name, value in found.parameters() if name != "page"]
    return listes.answer(
        request,
        count=found.count,
        items=contents.values(),
        parameters=parameters,
        following=window.next,
        preceding=window.previous,
    )


@router.get("/fiches.geojson", response=schemas.FeatureCollection, openapi_extra=QUERY_LANGUAGE, url_name="geojson")
def geojson(request):
    found, _cursor = listes.asked(request)
    return HttpResponse(orjson.dumps(collection(found)), content_type=GEOJSON)


@router.get("/fiches/{slug}", response=schemas.Fiche, openapi_extra=IN_LANGUAGE, url_name="fiche")
def read_fiche(request, slug: str):
    return one("fiche", slug, request)


@router.get("/facettes", response=schemas.Facettes, openapi_extra=QUERY_LANGUAGE, url_name="facettes")
def read_facets(request):
    found, _cursor = listes.asked(request)
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
    pages = journal.pages(nature)
    pk = pages.model.objects.visible().in_language(langue).filter(slug=slug).values_list("pk", flat=True).first()
    text = pk and journal.contents(nature, [pk]).get(pk)
    if not text:
        raise Http404
    return listes.one_of(text)


def withdrawn(since):
    """What is to be forgotten, the oldest first: pages withdrawn, and those that expired by themselves."""
    now = timezone.now()
    gone = Q(retiree=True) | Q(expire_le__lte=now)
    when = Case(When(retiree=True, then=F("modifie_le")), default=F("expire_le"))
    traces = Trace.objects.filter(gone).annotate(retire_le=when).order_by("retire_le", "page")
    return traces.filter(retire_le__gte=since) if since else traces
