"""Geographical points and what is typed to give one; the location of a fiche or étape: its validation, and the fields derived from it."""

import math
import re
from functools import partial
from re import Match
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from fiches.models.enums import Precision
from fiches.territoire.territory import territory, territory_words

if TYPE_CHECKING:
    from fiches.models import Commune


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


MAX_KM_FROM_COMMUNE = 30
POSTCODE = RegexValidator(r"\A[0-9]{5}\Z", gettext_lazy("A postcode has five digits."), code="postcode")


def locate(place: Page) -> None:
    """Sets the derived fields of a Localisable (département, postcode, latitude, longitude, precision); never raises.

    The position is that of the point, else the centre of the commune if it is known, else none. With "no location" there is
    none, and the point is deleted so that it can't leak. With an unreadable point there is none either.
    """
    commune = commune_of(place)
    place.departement = commune.departement if commune else ""
    if commune and not place.code_postal and len(commune.codes_postaux) == 1:
        place.code_postal = commune.codes_postaux[0]
    if place.sans_localisation:
        place.point = ""
    point, place.precision = _position(place, commune)
    place.latitude, place.longitude = point or (None, None)


def _position(place: Page, commune: Any) -> tuple[Point | None, str]:
    if place.sans_localisation:
        return None, Precision.AUCUNE
    if place.point:
        try:
            point = parse_point(place.point)
        except ValidationError:
            return None, Precision.AUCUNE
        place.point = point.wkt
        return Point(round(point.lat, 6), round(point.lon, 6)), Precision.EXACTE
    if commune and commune.est_situee:
        return Point(commune.latitude, commune.longitude), Precision.COMMUNE
    return None, Precision.AUCUNE


def location_errors(place: Page) -> dict[str, ValidationError]:
    """``{field: ValidationError}`` of the location that a person typed."""
    commune = commune_of(place)
    checks = {
        "point": partial(_check_point, place, commune),
        "code_postal": partial(check_postcode, place.code_postal, address=place.adresse, commune=commune),
    }
    errors = {}
    for field, check in checks.items():
        try:
            check()
        except ValidationError as error:
            errors[field] = error
    return errors


def commune_of(place: Page) -> "Commune | None":
    """The commune of a Localisable; None also if the stored code is that of no commune, so that validation can report it."""
    try:
        return place.commune
    except ObjectDoesNotExist:
        return None


def _check_point(place: Page, commune: "Commune | None") -> None:
    if place.sans_localisation or not place.point:
        return
    point = parse_point(place.point)
    if not commune:
        return
    if commune.est_situee:
        _check_distance(point, commune)
    elif point not in departement_box(commune.departement):
        message = _("The point %(point)s is not in the département of %(commune)s.")
        raise ValidationError(message, code="far", params={"point": point, "commune": commune})


def _check_distance(point: Point, commune: Any) -> None:
    centre = Point(commune.latitude, commune.longitude)
    distance = point.distance(centre)
    if distance > MAX_KM_FROM_COMMUNE:
        message = _("The point %(point)s is %(distance)s km away from %(commune)s (%(centre)s): correct one of them.")
        params = {"point": point, "distance": french(round(distance)), "commune": commune, "centre": centre}
        raise ValidationError(message, code="far", params=params)


def check_postcode(code: str, *, address: str, commune: "Commune | None") -> None:
    """Checks that a postcode is one of the commune's; an empty one is accepted. A CEDEX code is in no commune's list: it is
    accepted if the address says CEDEX.

    :raises ValidationError: the postcode is malformed, or another commune's.
    """
    if not code:
        return
    POSTCODE(code)
    if commune and code not in commune.codes_postaux and "cedex" not in address.casefold():
        message = _(
            "%(commune)s has the postcode %(codes)s, not %(code)s. For a CEDEX code, write CEDEX in the address."
        )
        params = {"commune": commune.nom, "codes": ", ".join(commune.codes_postaux), "code": code}
        raise ValidationError(message, code="postcode", params=params)
