"""The routes below the list of fiches that the map and the search field request: GeoJSON, previews, suggestions."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from fiches.models import FicheIndexPage, FichePage
from fiches.models.routes import add_route
from fiches.publications.responses import versioned
from fiches.query.completion import completions
from fiches.query.map_data import geojson_response

LARGEST_KEY = 2**63 - 1


def carte(index_page: FicheIndexPage, request: HttpRequest) -> HttpResponseBase:
    """The GeoJSON of the map."""
    return geojson_response(request)


@versioned
def _apercu(request: HttpRequest, fiche: FichePage) -> HttpResponse:
    return render(request, "fiches/_apercu.html", {"fiche": fiche})


def apercu(index_page: FicheIndexPage, request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML fragment that a marker of the map opens: a short view of one fiche."""
    fiche = None
    if pk <= LARGEST_KEY:
        fiche = FichePage.objects.child_of(index_page).visible().for_cards().filter(pk=pk).first()
    if fiche is None:
        raise Http404
    return _apercu(request, fiche)


@versioned
def _suggestions(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"suggestions": completions(request.GET.get("q", ""))})


def suggestions(index_page: FicheIndexPage, request: HttpRequest) -> HttpResponse:
    """``{"suggestions": [text]}`` that complete the parameter ``q``."""
    return _suggestions(request)


def register_routes() -> None:
    """Adds the routes to the list of fiches. Called once, when Django starts."""
    add_route(FicheIndexPage, "carte.geojson", carte, name="carte")
    add_route(FicheIndexPage, "suggestions.json", suggestions, name="suggestions")
    add_route(FicheIndexPage, "apercu/<int:pk>", apercu, name="apercu")
