"""Addresses from the geocoder that the operator turned on (RALLYNOV_GEOCODER_URL, as api-adresse answers)."""

import json
from http.client import HTTPException
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings

from fiches.coordonnees import REGION, Point

TIMEOUT = 3
MAX_ANSWER = 500_000
PRECISE = ("housenumber", "street")


class GeocoderError(Exception):
    """The geocoder did not answer, or not with addresses."""


def geocoder_url():
    return getattr(settings, "RALLYNOV_GEOCODER_URL", "")


def find_addresses(text, commune=None):
    """GeocodeJSON features of streets and house numbers, in the commune if one is given and in the region."""
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
    request = Request(f"{url}{'&' if '?' in url else '?'}{urlencode(query)}", headers={"Accept": "application/json"})
    try:
        with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310 - the operator's own setting
            answer = json.loads(response.read(MAX_ANSWER))
    except (OSError, HTTPException, ValueError) as error:
        raise GeocoderError from error
    features = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(features, list):
        raise GeocoderError
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
