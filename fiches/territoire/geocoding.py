"""Addresses from the geocoder that the operator turned on (RALLYNOV_GEOCODER_URL, as api-adresse answers)."""

from urllib.parse import urlencode

from django.conf import settings

from fiches.models.coordonnees import REGION, Point
from fiches.webservice import ServiceError, get_json

TIMEOUT = 3
PRECISE = ("housenumber", "street")


def geocoder_url():
    return getattr(settings, "RALLYNOV_GEOCODER_URL", "")


def find_addresses(text, commune=None):
    """GeocodeJSON features of streets and house numbers, in the commune if one is given and in the region; ServiceError
    where the geocoder does not answer so."""
    query = {"q": f"{text} {commune.nom}" if commune else text, "limit": 5}
    if commune:
        query["citycode"] = commune.code_insee
    features = [feature for feature in map(_feature, _asked(query)) if feature]
    return [feature for feature in features if _is_wanted(feature, commune)]


def as_feature(point, **properties):
    geometry = {"type": "Point", "coordinates": [point.lon, point.lat]}
    return {"type": "Feature", "geometry": geometry, "properties": {"geocoding": properties}}


def _asked(query):
    url = geocoder_url()
    answer = get_json(f"{url}{'&' if '?' in url else '?'}{urlencode(query)}", timeout=TIMEOUT)
    features = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(features, list):
        raise ServiceError(url)
    return features


def _feature(found):
    """A feature of another's making, reduced to what is used here; None where it isn't one."""
    try:
        longitude, latitude = (float(number) for number in found["geometry"]["coordinates"][:2])
        properties = {name: str(found["properties"][name]) for name in ("type", "label", "citycode")}
    except (KeyError, TypeError, ValueError):
        return None
    return as_feature(Point(latitude, longitude), **properties)


def _is_wanted(feature, commune):
    longitude, latitude = feature["geometry"]["coordinates"]
    properties = feature["properties"]["geocoding"]
    here = not commune or properties["citycode"] == commune.code_insee
    return here and properties["type"] in PRECISE and Point(latitude, longitude) in REGION
