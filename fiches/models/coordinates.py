"""Geographical points: parsing of typed coordinates, the map widget's format, distances."""

import math
import re
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fiches.territoire.territory import territory, territory_words

MAX_LENGTH = 255
EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = 111.2


class Point(NamedTuple):
    """A position in degrees, WGS 84."""

    lat: float
    lon: float

    def __str__(self) -> str:
        """The point in French notation: « 47,64 ; 6,86 »."""
        return f"{french(self.lat)}\u00a0; {french(self.lon)}"

    @property
    def typed(self) -> str:
        """The point as a form field shows it, with ordinary spaces."""
        return str(self).replace("\u00a0", " ")

    @property
    def wkt(self) -> str:
        """The point as it is stored: WKT with an SRID."""
        return f"SRID=4326;POINT({plain_number(self.lon)} {plain_number(self.lat)})"

    def distance(self, other: "Point") -> float:
        """Kilometres to another point, along the great circle."""
        lat1, lat2 = math.radians(self.lat), math.radians(other.lat)
        half_lat, half_lon = (lat2 - lat1) / 2, math.radians(other.lon - self.lon) / 2
        chord = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
        return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


class Box(NamedTuple):
    """A bounding box in degrees, edges included."""

    south: float
    west: float
    north: float
    east: float

    def __contains__(self, point: Any) -> Any:
        return self.south <= point.lat <= self.north and self.west <= point.lon <= self.east

    def widened(self, kilometres: float) -> "Box":
        """The box with a margin on each side."""
        high = kilometres / KM_PER_DEGREE
        wide = high / math.cos(math.radians((self.south + self.north) / 2))
        return Box(self.south - high, self.west - wide, self.north + high, self.east + wide)


# Margins around the outlines, which are approximate.
MARGIN_KM, DEPARTEMENT_MARGIN_KM = 15, 10


def region_box() -> Box:
    """The territory with its margin: what lies outside is not a point of this site."""
    return Box(*territory().box).widened(MARGIN_KM)


def departement_box(code: str) -> Box:
    """A département of the territory with its margin."""
    return Box(*territory().boxes[code]).widened(DEPARTEMENT_MARGIN_KM)


WKT = re.compile(
    r"(?:SRID=4326;)?POINT\s?\(\s*(-?[0-9]{1,9}(?:\.[0-9]{1,20})?)\s+(-?[0-9]{1,9}(?:\.[0-9]{1,20})?)\s*\)",
    re.IGNORECASE,
)
# Latitude then longitude, both with a decimal point or both with a comma, which may also separate them before a space.
NUMBER = r"([+-]?[0-9]{1,9}(?:[.,][0-9]{1,20})?)"
PAIR = re.compile(rf"{NUMBER}(?:\s*[;/]\s*|\s*,\s+|\s+){NUMBER}")
POINTED = re.compile(r"([+-]?[0-9]{1,9}\.[0-9]{1,20}),([+-]?[0-9]{1,9}\.[0-9]{1,20})")


def plain_number(number: float) -> str:
    """A number with at most 6 decimals (11 cm), without trailing zeros and never ``-0``."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def french(number: float) -> str:
    """A number with a decimal comma."""
    return plain_number(number).replace(".", ",")


def read_point(text: str) -> Point:
    """The :class:`Point` written in ``text``: latitude then longitude, with decimal points or commas; or WKT.

    :raises ValidationError: it can't be read.
    """
    text = text.strip() if isinstance(text, str) and len(text) <= MAX_LENGTH else ""
    if wkt := WKT.fullmatch(text):
        lon, lat = map(float, wkt.groups())
        return Point(lat, lon)
    bare = text.strip("() ")
    if pair := PAIR.fullmatch(bare) or POINTED.fullmatch(bare):
        return Point(*(float(number.replace(",", ".")) for number in pair.groups()))
    raise ValidationError(_("Write a latitude then a longitude, such as « 47,24 ; 6,02 »."), code="unreadable")


def parse_point(text: str) -> Point:
    """Like :func:`read_point`, for a point in or near the territory.

    :raises ValidationError: it can't be read, or lies elsewhere.
    """
    point = read_point(text)
    region = region_box()
    if point in region:
        return point
    swapped = Point(point.lon, point.lat)
    if swapped in region:
        message = _("Latitude and longitude look swapped. Write the latitude first: %(swapped)s.")
        raise ValidationError(message, code="swapped", params={"swapped": swapped})
    message = _("This point is outside %(of_territory)s. What was understood: latitude and longitude %(point)s.")
    raise ValidationError(message, code="outside", params={"point": point, **territory_words()})
