"""Geographical points: parsing of typed coordinates, the map widget's format, distances."""

import math
import re
from re import Match
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
    def wkt(self) -> str:
        """The point as wagtailgeowidget stores it (WKT with an SRID)."""
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
    r"(?:SRID=(?P<srid>[0-9]{1,6});)?POINT\s?\(\s*(?P<lon>-?[0-9]{1,9}(?:\.[0-9]{1,20})?)\s+"
    r"(?P<lat>-?[0-9]{1,9}(?:\.[0-9]{1,20})?)\s*\)",
    re.IGNORECASE,
)
_ANGLE = (
    r"(?:(?P<before{n}>[NSEOW])\s*)?(?P<degrees{n}>[+-]?[0-9]{{1,9}}(?:[.,][0-9]{{1,20}})?)"
    r"(?:\s*°(?:\s*(?P<minutes{n}>[0-5]?[0-9](?:[.,][0-9]{{1,20}})?)\s*'"
    r"(?:\s*(?P<seconds{n}>[0-5]?[0-9](?:[.,][0-9]{{1,20}})?)\s*(?:\"|''))?)?)?"
    r"(?:\s*(?P<after{n}>[NSEOW]))?"
)
PAIR = re.compile(
    _ANGLE.format(n=1) + r"(?P<separator>\s*[;/]\s*|\s*,\s+|\s+,\s*|\s+|,)" + _ANGLE.format(n=2), re.IGNORECASE
)
LONE_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,20})?")
TYPOGRAPHY = str.maketrans({"−": "-", "–": "-", "’": "'", "′": "'", "″": '"', "”": '"', "“": '"', "º": "°"})


def plain_number(number: float) -> str:
    """A number with at most 6 decimals (11 cm), without trailing zeros and never ``-0``."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def french(number: float) -> str:
    """A number with a decimal comma."""
    return plain_number(number).replace(".", ",")


def read_point(text: str) -> Point:
    """The :class:`Point` written in ``text``: latitude then longitude, with decimal points or commas, or in degrees, minutes and
    seconds; or WKT.

    :raises ValidationError: it can't be read, or a value is out of range.
    """
    text = text.strip() if isinstance(text, str) else ""
    if len(text) > MAX_LENGTH:
        raise _unreadable()
    match = WKT.fullmatch(text)
    point = _from_wkt(match) if match else _from_pair(text.translate(TYPOGRAPHY).strip("()[] "))
    if abs(point.lat) > 90:
        message = _("The latitude lies between −90 and 90: %(latitude)s can’t be one.")
        raise ValidationError(message, code="latitude", params={"latitude": french(point.lat)})
    if abs(point.lon) > 180:
        message = _("The longitude lies between −180 and 180: %(longitude)s can’t be one.")
        raise ValidationError(message, code="longitude", params={"longitude": french(point.lon)})
    return point


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


def _unreadable() -> ValidationError:
    message = _("Write a latitude then a longitude, such as « 47,24 ; 6,02 ».")
    return ValidationError(message, code="unreadable")


def _from_wkt(match: Match) -> Point:
    if match["srid"] not in (None, "4326"):
        raise _unreadable()
    return Point(float(match["lat"]), float(match["lon"]))


def _from_pair(text: str) -> Point:
    if LONE_NUMBER.fullmatch(text):
        message = _("Only one number was understood: %(number)s. Write a latitude then a longitude.")
        raise ValidationError(message, code="lone", params={"number": french(float(text.replace(",", ".")))})
    match = PAIR.fullmatch(text)
    if not match or _is_ambiguous(match):
        raise _unreadable()
    first, second = _angle(match, 1), _angle(match, 2)
    axes = _axis(match, 1), _axis(match, 2)
    if axes in (("lon", "lat"), ("lon", None), (None, "lat")):
        return Point(second, first)
    if axes in (("lat", "lon"), ("lat", None), (None, "lon"), (None, None)):
        return Point(first, second)
    raise _unreadable()


def _is_ambiguous(match: Match) -> bool:
    """Whether commas both separate and mark decimals, as in « 47,64,6 »."""
    decimals = ["," in match["degrees1"], "," in match["degrees2"]]
    return match["separator"] == "," and any(decimals) and not all(decimals)


def _hemisphere(match: Match, n: int) -> str:
    return (match[f"before{n}"] or match[f"after{n}"] or "").upper()


def _axis(match: Match, n: int) -> Any:
    return {"N": "lat", "S": "lat", "E": "lon", "O": "lon", "W": "lon"}.get(_hemisphere(match, n))


def _angle(match: Match, n: int) -> float:
    degrees, minutes, seconds = (
        float((match[f"{part}{n}"] or "0").replace(",", ".")) for part in ("degrees", "minutes", "seconds")
    )
    size = abs(degrees) + minutes / 60 + seconds / 3600
    negative = match[f"degrees{n}"].startswith("-") != (_hemisphere(match, n) in ("S", "O", "W"))
    return -size if negative else size
