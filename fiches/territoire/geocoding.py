"""Finds addresses with the geocoder that the operator configured (RALLYNOV_GEOCODER_URL; format of api-adresse)."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings

from fiches.http import ServiceError, get_json
from fiches.models.location import Point, region_box

if TYPE_CHECKING:
    from fiches.models import Commune


TIMEOUT = 3
PRECISE = ("housenumber", "street")


def geocoder_url() -> str:
    """Returns the geocoder's URL; ``""`` when the operator configured none."""
    return getattr(settings, "RALLYNOV_GEOCODER_URL", "")


def find_addresses(text: str, commune: "Commune | None" = None) -> list[dict[str, Any]]:
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


def _is_wanted(feature: dict[str, Any], commune: "Commune | None") -> bool:
    longitude, latitude = feature["geometry"]["coordinates"]
    properties = feature["properties"]["geocoding"]
    here = not commune or properties["citycode"] == commune.code_insee
    return here and properties["type"] in PRECISE and Point(latitude, longitude) in region_box()
