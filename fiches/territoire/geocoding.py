"""Finds addresses with the geocoder that the operator configured (RALLYNOV_GEOCODER_URL; format of api-adresse)."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings

from fiches.http import ServiceError, get_json
from fiches.models.coordinates import Point, region_box

if TYPE_CHECKING:
    from fiches.models import Commune


TIMEOUT = 3
PRECISE = ("housenumber", "street")


def geocoder_url() -> str:
    """Returns the geocoder's URL; ``""`` when the operator configured none."""
    return getattr(settings, "RALLYNOV_GEOCODER_URL", "")


def find_address(text: str, commune: "Commune") -> tuple[str, Point] | None:
    """Returns the label and the position of a street or house number of ``commune``; None if there is none.

    :raises ServiceError: when the geocoder does not answer, or not in the expected format.
    """
    url = geocoder_url()
    query = urlencode({"q": f"{text} {commune.nom}", "limit": 5, "citycode": commune.code_insee})
    answer = get_json(f"{url}{'&' if '?' in url else '?'}{query}", timeout=TIMEOUT)
    try:
        for feature in answer["features"]:
            properties, geometry = feature["properties"], feature["geometry"]
            is_here = properties["type"] in PRECISE and properties["citycode"] == commune.code_insee
            if is_here and geometry:
                longitude, latitude = map(float, geometry["coordinates"][:2])
                if (point := Point(latitude, longitude)) in region_box():
                    return str(properties["label"]), point
    except (KeyError, TypeError, ValueError) as error:
        raise ServiceError(url) from error
    return None
