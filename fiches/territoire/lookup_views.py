"""JSON views that forms call during typing: suggestions of communes, geocoding (RALLYNOV_GEOCODER_URL; format of api-adresse), and the
interpretation of a location."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from fiches.http import ServiceError, get_json
from fiches.models.enums import Precision
from fiches.models.location import Point, french, locate, location_errors, region_box
from fiches.models.territoire import Commune
from fiches.territoire.commune_field import describe
from fiches.territoire.gazetteer import find_communes, resolve_commune
from fiches.territoire.territory import outlines, stored_outlines, territory

TIMEOUT = 3
PRECISE = ("housenumber", "street")


def geocoder_url() -> str:
    """Returns the geocoder's URL; ``""`` when the operator configured none."""
    return getattr(settings, "RALLYNOV_GEOCODER_URL", "")


def find_addresses(text: str, commune: Commune | None = None) -> list[dict[str, Any]]:
    """Returns the GeocodeJSON features of streets and house numbers in the region, and in ``commune`` if it is given.

    :raises ServiceError: when the geocoder does not answer, or not in the expected format.
    """
    query = {"q": f"{text} {commune.nom}" if commune else text, "limit": 5}
    if commune:
        query["citycode"] = commune.code_insee
    features = [feature for feature in map(_feature, _request(query)) if feature]
    return [feature for feature in features if _is_wanted(feature, commune)]


def as_feature(point: Point, **properties: Any) -> dict[str, Any]:
    """Returns a GeocodeJSON feature at ``point``."""
    geometry = {"type": "Point", "coordinates": [point.lon, point.lat]}
    return {"type": "Feature", "geometry": geometry, "properties": {"geocoding": properties}}


def _request(query: dict[str, Any]) -> list[Any]:
    url = geocoder_url()
    answer = get_json(f"{url}{'&' if '?' in url else '?'}{urlencode(query)}", timeout=TIMEOUT)
    features = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(features, list):
        raise ServiceError(url)
    return features


def _feature(raw: Any) -> dict[str, Any] | None:
    """Returns a feature of the geocoder with the properties that we use; None if it is malformed."""
    try:
        longitude, latitude = (float(number) for number in raw["geometry"]["coordinates"][:2])
        properties = {name: str(raw["properties"][name]) for name in ("type", "label", "citycode")}
    except (KeyError, TypeError, ValueError):
        return None
    return as_feature(Point(latitude, longitude), **properties)


def _is_wanted(feature: dict[str, Any], commune: Commune | None) -> bool:
    longitude, latitude = feature["geometry"]["coordinates"]
    properties = feature["properties"]["geocoding"]
    here = not commune or properties["citycode"] == commune.code_insee
    return here and properties["type"] in PRECISE and Point(latitude, longitude) in region_box()


MAX_ADDRESS = 200
# Kilometres from the centre of its commune beyond which a point is to be checked: few communes are as wide.
FAR_FROM_CENTRE = 8
TOWNS = 400


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
    """Returns what the maps show from near, ``{"limites", "noms"}``: the borders of the communes (see
    `fiches.territoire.territory.stored_outlines`) and the names of the others than :func:`towns`."""
    return JsonResponse({"limites": stored_outlines(), "noms": _names()[TOWNS:]})


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


@require_safe
@never_cache
def interpret_location(request: HttpRequest) -> HttpResponse:
    """Returns the position that a location in the form gives, in words too, by the checks and rules of a save."""
    typed = request.GET
    commune = _resolved(typed.get("commune", ""))
    place = SimpleNamespace(
        adresse=typed.get("adresse", ""),
        code_postal="",
        commune=commune,
        point=typed.get("point", ""),
        sans_localisation=typed.get("sans_localisation") == "1",
    )
    error = location_errors(place).get("point")
    locate(place)
    text = " ".join(error.messages) if error else _place_in_words(place)
    return JsonResponse(
        {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "precision": place.precision,
            "texte": text,
            "erreur": bool(error),
        }
    )


def _place_in_words(place: Any) -> str:
    if place.sans_localisation:
        return _("No location: nothing is shown on the map.")
    if place.precision == Precision.AUCUNE and place.commune:
        return _("No position yet: the centre of this commune is unknown, place the point on the map.")
    if place.precision == Precision.AUCUNE:
        return _("No position yet: give a commune, or place the point on the map.")
    params = {"latitude": french(place.latitude), "longitude": french(place.longitude), "commune": place.commune}
    distance = _km_from_centre(place)
    if place.precision == Precision.COMMUNE:
        return _("Centre of the commune %(commune)s: latitude %(latitude)s, longitude %(longitude)s.") % params
    if distance > FAR_FROM_CENTRE:
        text = _(
            "Exact place, %(distance)s km from the centre of %(commune)s: latitude %(latitude)s, longitude %(longitude)s. "
            "Check the point and the commune."
        )
        return text % {**params, "distance": round(distance)}
    if place.commune:
        return _("Exact place in %(commune)s: latitude %(latitude)s, longitude %(longitude)s.") % params
    return _("Exact place: latitude %(latitude)s, longitude %(longitude)s.") % params


def _km_from_centre(place: Any) -> float:
    commune = place.commune
    if not commune or not commune.est_situee:
        return 0.0
    return Point(place.latitude, place.longitude).distance(Point(commune.latitude, commune.longitude))


@require_safe
@never_cache
def geocode(request: HttpRequest) -> HttpResponse:
    """Returns GeocodeJSON: addresses from the operator's geocoder if there is one, then communes of the gazetteer."""
    address, commune = request.GET.get("q", "").strip()[:MAX_ADDRESS], _resolved(request.GET.get("commune", ""))
    answer: dict[str, Any] = {
        "type": "FeatureCollection",
        "geocoding": {"version": "0.1.0", "query": address},
        "features": [],
    }
    if address and geocoder_url():
        try:
            answer["features"] += find_addresses(address, commune)
        except ServiceError:
            answer["geocoding"]["warning"] = _("The address service does not answer: place the point on the map.")
    matches = [commune] if commune else find_communes(address, 5)
    answer["features"] += [_municipality(match) for match in matches if match.est_situee]
    return JsonResponse(answer)


def _resolved(text: str) -> Commune | None:
    try:
        return resolve_commune(text) if text else None
    except ValidationError:
        return None


def _municipality(commune: Any) -> Any:
    point = Point(commune.latitude, commune.longitude)
    return as_feature(point, type="municipality", label=str(commune), citycode=commune.code_insee)


admin_urlpatterns = [
    path("carte/comprendre/", interpret_location, name="fiches_carte_comprendre"),
    path("carte/geocoder/", geocode, name="fiches_carte_geocoder"),
]
