"""What the map and the search field ask for, as addresses under the list of the fiches, wherever a host puts it."""

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from fiches.models import FicheIndexPage, FichePage
from fiches.models.routes import add_route
from fiches.query.completion import completions
from fiches.query.map import geojson_response

LARGEST_KEY = 2**63 - 1


def carte(index_page, request):
    return geojson_response(request)


@cache_control(public=True, max_age=300)
def _apercu(request, fiche):
    return render(request, "fiches/_apercu.html", {"fiche": fiche})


def apercu(index_page, request, pk):
    """What a marker opens: a fiche in a few lines."""
    fiche = None
    if pk <= LARGEST_KEY:
        fiche = FichePage.objects.child_of(index_page).visible().for_cards().filter(pk=pk).first()
    if fiche is None:
        raise Http404
    return _apercu(request, fiche)


@cache_control(public=True, max_age=60)
def _suggestions(request):
    return JsonResponse({"suggestions": completions(request.GET.get("q", ""))})


def suggestions(index_page, request):
    """``{"suggestions": [text]}`` for what is typed so far. One query."""
    return _suggestions(request)


def register_routes():
    add_route(FicheIndexPage, "carte.geojson", carte, name="carte")
    add_route(FicheIndexPage, "suggestions.json", suggestions, name="suggestions")
    add_route(FicheIndexPage, "apercu/<int:pk>", apercu, name="apercu")
