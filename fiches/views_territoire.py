"""What the forms ask while one types: communes, and how a place was understood."""

import json
from types import SimpleNamespace
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fiches.coordonnees import REGION, Point, french
from fiches.enums import Precision
from fiches.localisation import locate, location_errors
from fiches.models.territoire import DEPARTEMENTS
from fiches.territoire import find_communes, resolve_commune
from fiches.widgets import describe

TIMEOUT = 3
MAX_ANSWER = 500_000


@require_safe
@cache_control(public=True, max_age=86400)
def communes(request):
    """`{"communes": […]}`: at most ten communes whose name or code begins like `q`."""
    found = find_communes(request.GET.get("q", ""))
    return JsonResponse({"communes": [_commune(commune) for commune in found]})


def _commune(commune):
    return {
        "code_insee": commune.code_insee,
        "nom": commune.nom,
        "codes_postaux": commune.codes_postaux,
        "departement": commune.departement,
        "departement_nom": DEPARTEMENTS[commune.departement],
        "latitude": commune.latitude,
        "longitude": commune.longitude,
        "libelle": str(commune),
        "compris": describe(commune),
    }


@require_safe
@cache_control(private=True, no_store=True)
def comprendre(request):
    """How an editor's place is understood before it is saved: the same check and the same derivation as on save."""
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


def _place_in_words(place):
    if place.sans_localisation:
        return _("No location: nothing is shown on the map.")
    if place.precision == Precision.AUCUNE:
        return _("No position yet: the centre of this commune is unknown, place the point on the map.") if (
            place.commune
        ) else _("No position yet: give a commune, or place the point on the map.")
    params = {"latitude": french(place.latitude), "longitude": french(place.longitude), "commune": place.commune}
    if place.precision == Precision.COMMUNE:
        return _("Centre of the commune %(commune)s: latitude %(latitude)s, longitude %(longitude)s.") % params
    if place.commune:
        return _("Exact place in %(commune)s: latitude %(latitude)s, longitude %(longitude)s.") % params
    return _("Exact place: latitude %(latitude)s, longitude %(longitude)s.") % params


@require_safe
@cache_control(private=True, no_store=True)
def geocoder(request):
    """GeocodeJSON: the address by the geocoder that the operator turned on, then the communes of the gazetteer."""
    address, commune = request.GET.get("q", "").strip()[:200], _resolved(request.GET.get("commune", ""))
    answer = {"type": "FeatureCollection", "geocoding": {"version": "0.1.0", "query": address}, "features": []}
    if address and settings_url("RALLYNOV_GEOCODER_URL"):
        try:
            answer["features"] = _addresses(address, commune)
        except (URLError, OSError, ValueError):
            answer["geocoding"]["warning"] = _("The address service does not answer: place the point on the map.")
    found = [commune] if commune else find_communes(address, 5)
    answer["features"] += [_municipality(commune) for commune in found if commune.est_situee]
    return JsonResponse(answer)


def _resolved(text):
    try:
        return resolve_commune(text) if text else None
    except ValidationError:
        return None


def settings_url(name, default=""):
    return getattr(settings, name, default) or default


def _addresses(address, commune):
    """Features of a street or a house number, in the commune asked for and in the region."""
    query = {"q": f"{address} {commune.nom}" if commune else address, "limit": 5}
    if commune:
        query["citycode"] = commune.code_insee
    url = settings_url("RALLYNOV_GEOCODER_URL")
    request = Request(f"{url}{'&' if '?' in url else '?'}{urlencode(query)}", headers={"Accept": "application/json"})
    with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310 - the operator's own setting
        features = json.loads(response.read(MAX_ANSWER)).get("features", [])
    return [feature for feature in map(_feature, features) if feature and _is_wanted(feature, commune)]


def _feature(found):
    """A feature of another's making, reduced to what is used here; None where it isn't one."""
    try:
        longitude, latitude = (float(number) for number in found["geometry"]["coordinates"][:2])
        properties = found["properties"]
        kept = {name: str(properties.get(name, "")) for name in ("type", "label", "citycode")}
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return _as_feature(Point(latitude, longitude), kept)


def _is_wanted(feature, commune):
    longitude, latitude = feature["geometry"]["coordinates"]
    properties = feature["properties"]["geocoding"]
    here = not commune or properties["citycode"] == commune.code_insee
    return here and properties["type"] in ("housenumber", "street") and Point(latitude, longitude) in REGION


def _municipality(commune):
    kept = {"type": "municipality", "label": str(commune), "citycode": commune.code_insee}
    return _as_feature(Point(commune.latitude, commune.longitude), kept)


def _as_feature(point, properties):
    geometry = {"type": "Point", "coordinates": [point.lon, point.lat]}
    return {"type": "Feature", "geometry": geometry, "properties": {"geocoding": properties}}


admin_urlpatterns = [
    path("carte/comprendre/", comprendre, name="fiches_carte_comprendre"),
    path("carte/geocoder/", geocoder, name="fiches_carte_geocoder"),
]
