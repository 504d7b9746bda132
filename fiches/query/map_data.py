"""What the map and the search field of the list request: points as GeoJSON, previews, suggestions; and the layers of the map that
other apps add (the road of the étapes)."""

from collections.abc import Callable
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from wagtail import hooks
from wagtail.models import Site

from fiches import content_language
from fiches.models import FicheIndexPage, FichePage
from fiches.models.routes import add_route
from fiches.publications.responses import versioned
from fiches.publications.version import memoize
from fiches.query.completion import completions
from fiches.query.fiche_filter import FicheFilter
from fiches.query.word_search import LATEST

# A map with more points than these is slow on a telephone; the filters show the others.
MOST_POINTS = 2_000

# --- The points --------------------------------------------------------------------------------------------------------------


@versioned
def carte(index_page: FicheIndexPage, request: HttpRequest) -> HttpResponse:
    """The GeoJSON of the query of ``request``, 304, or 400 if it can't be read. Clients must revalidate each time."""
    fiche_filter = FicheFilter.parse(request.GET)
    if fiche_filter.errors:
        return refuse(request, lambda: FicheFilter.parse(request.GET).errors)
    return HttpResponse(collection(fiche_filter), content_type="application/geo+json")


def collection(fiche_filter: FicheFilter) -> bytes:
    """The located fiches of a FicheFilter, the newest first and at most :data:`MOST_POINTS`, as a GeoJSON FeatureCollection (UTF-8) with
    their ``nombre``."""
    rows = fiche_filter.rows().filter(latitude__isnull=False).order_by(*LATEST)
    points: Any = rows.values_list("object_id", "title", "latitude", "longitude", "by_centre")
    features = [_feature(*point) for point in points[:MOST_POINTS]]
    number = fiche_filter.count - fiche_filter.sans_lieu
    return orjson.dumps({"type": "FeatureCollection", "nombre": number, "features": features})


def _feature(pk: int, title: str, latitude: float, longitude: float, by_centre: bool) -> dict:
    """A GeoJSON Feature. It has the property ``precision`` only if the point is the centre of the commune."""
    properties = {"titre": title, "precision": "commune"} if by_centre else {"titre": title}
    point = {"type": "Point", "coordinates": [round(longitude, 5), round(latitude, 5)]}
    return {"type": "Feature", "id": pk, "geometry": point, "properties": properties}


# --- The refusals, of the map and of other files beside the pages ---------------------------------------------------------------

# ``read()`` parses the query in the active language and returns ``{parameter: message}``.
Read = Callable[[], dict[str, str]]


def refuse(request: HttpRequest, read: Read) -> HttpResponse:
    """The 400 response: that of a hook ``refused_query(request, read)``, such as the API's, else plain text."""
    answers = (answer(request, read) for answer in hooks.get_hooks("refused_query"))
    text = " ".join(read().values())
    return next(answers, None) or HttpResponseBadRequest(text, content_type="text/plain; charset=utf-8")


# --- The layers --------------------------------------------------------------------------------------------------------------


def layers(request: HttpRequest) -> dict[str, str]:
    """``{name: address of a GeoJSON}`` from the hooks ``register_map_layer(request)``, which return both or None; kept in memory until
    the version changes."""
    site = Site.find_for_request(request)
    name = ("layers", site and site.pk, content_language.active_language())
    return memoize(name, lambda: dict(filter(None, (find(request) for find in hooks.get_hooks("register_map_layer")))))


# --- The routes --------------------------------------------------------------------------------------------------------------

LARGEST_KEY = 2**63 - 1


@versioned
def apercu(index_page: FicheIndexPage, request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML fragment that a marker of the map opens: a short view of one fiche."""
    fiche = None
    if pk <= LARGEST_KEY:
        fiche = FichePage.objects.child_of(index_page).visible().for_cards().filter(pk=pk).first()
    if fiche is None:
        raise Http404
    return render(request, "fiches/_apercu.html", {"fiche": fiche})


@versioned
def suggestions(index_page: FicheIndexPage, request: HttpRequest) -> HttpResponse:
    """``{"suggestions": [text]}`` that complete the parameter ``q``."""
    return JsonResponse({"suggestions": completions(request.GET.get("q", ""))})


def register_routes() -> None:
    """Adds the routes to the list of fiches. Called once, when Django starts."""
    add_route(FicheIndexPage, "carte.geojson", carte, name="carte")
    add_route(FicheIndexPage, "suggestions.json", suggestions, name="suggestions")
    add_route(FicheIndexPage, "apercu/<int:pk>", apercu, name="apercu")
