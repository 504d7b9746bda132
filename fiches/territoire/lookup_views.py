"""JSON views that forms call during typing: suggestions of communes, and what their maps draw."""

import gzip
import json
from typing import Any

from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fiches.models.territoire import Commune
from fiches.territoire.commune_field import describe
from fiches.territoire.gazetteer import find_communes
from fiches.territoire.territory import DATA, outlines, territory

TOWNS = 400
# The borders of communes that are shipped, and of which départements they are: each line as ``[x, y, dx, dy, dx, dy…]`` in
# ten-thousandths of a degree, longitude first.
BORDERS = DATA / "limites-franche-comte.json.gz"
BORDERS_OF = {"25", "39", "70", "90"}


@require_safe
@cache_control(public=True, max_age=86400)
def communes(request: HttpRequest) -> HttpResponse:
    """Returns ``{"communes": […]}``: at most ten communes whose name or code starts with ``q``."""
    matches = find_communes(request.GET.get("q", ""))
    return JsonResponse({"communes": [_commune(commune) for commune in matches]})


@require_safe
def departement_outlines(request: HttpRequest) -> HttpResponse:
    """Returns the outlines of the territory's départements as GeoJSON, for maps without tiles."""
    return JsonResponse({"type": "FeatureCollection", "features": outlines()}, content_type="application/geo+json")


@require_safe
def towns(request: HttpRequest) -> HttpResponse:
    """Returns ``[[name, latitude, longitude]]`` of the largest communes, the largest first: what the maps name."""
    return JsonResponse(_names()[:TOWNS], safe=False)


@require_safe
def borders(request: HttpRequest) -> HttpResponse:
    """Returns what the maps show from near, ``{"limites", "noms"}``: the borders of the communes, shipped for one territory alone, and
    the names of the others than :func:`towns`."""
    is_shipped = set(territory().departements) == BORDERS_OF
    lines = json.loads(gzip.decompress(BORDERS.read_bytes())) if is_shipped else []
    return JsonResponse({"limites": lines, "noms": _names()[TOWNS:]})


def _names() -> list[list[Any]]:
    """``[name, latitude, longitude]`` of each commune of the territory, the largest first."""
    communes = Commune.objects.located().filter(departement__in=territory().departements)
    rows = communes.order_by(Coalesce("population", 0).desc(), "pk").values_list("nom", "latitude", "longitude")
    return [list(row) for row in rows]


def _commune(commune: Commune) -> dict[str, Any]:
    return {
        "code_insee": commune.code_insee,
        "nom": commune.nom,
        "codes_postaux": commune.codes_postaux,
        "departement": commune.departement,
        "departement_nom": commune.get_departement_display(),
        "latitude": commune.latitude,
        "longitude": commune.longitude,
        "libelle": str(commune),
        "compris": describe(commune),
    }
