"""The location of a fiche or étape: validation of what was typed, and the fields derived from it."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from fiches.models.coordinates import Point, departement_box, french, parse_point
from fiches.models.enums import Precision

if TYPE_CHECKING:
    from fiches.models import Commune


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
