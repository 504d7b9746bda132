"""Loads the centres of the communes from geo.api.gouv.fr, only when the operator runs the command."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fiches.json_service import NotJsonError, ServiceError, get_json
from fiches.models.coordinates import Point, departement_box
from fiches.models.territoire import Commune
from fiches.territoire.gazetteer import API_SOURCE, relocate
from fiches.territoire.territory import territory

DEFAULT_URL = "https://geo.api.gouv.fr"


class GeoApiError(Exception):
    """The API does not answer, or not in the expected format; the message is for the operator."""


def update_centres(*, timeout: float = 20) -> tuple[int, int]:
    """Updates all centres that the API knows, in one transaction, and the records that depend on them.

    :param timeout: seconds for each request.
    :returns: ``(communes updated, communes still without centre)``.
    :raises GeoApiError: when the API fails; nothing is changed then.
    """
    base = (getattr(settings, "RALLYNOV_GEO_API_URL", "") or DEFAULT_URL).rstrip("/")
    if not base.startswith(("https://", "http://")):
        raise GeoApiError(_("RALLYNOV_GEO_API_URL must begin with https://: %(url)s.") % {"url": base})
    centres = {}
    for departement in territory().departements:
        centres.update(_centres(base, departement, timeout))
    with transaction.atomic():
        communes = list(Commune.objects.select_for_update().filter(pk__in=centres))
        for commune in communes:
            commune.latitude, commune.longitude = centres[commune.pk]
            commune.source = API_SOURCE
        Commune.objects.bulk_update(communes, ["latitude", "longitude", "source"], batch_size=200)
        relocate()
    return len(communes), Commune.objects.unlocated().count()


def _centres(base: str, departement: str, timeout: float) -> dict[str, Point]:
    """Returns ``{INSEE code: Point}`` of one département."""
    query = urlencode({"fields": "code,centre", "format": "json"})
    answer: Any = _answer(base, f"/departements/{departement}/communes?{query}", timeout)
    try:
        coordinates = {str(c["code"]): c["centre"]["coordinates"] for c in answer if c.get("centre")}
        centres = {code: Point(float(lat), float(lon)) for code, (lon, lat) in coordinates.items()}
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise GeoApiError(_("%(url)s did not answer with communes.") % {"url": base}) from error
    box = departement_box(departement)
    for code, centre in centres.items():
        if centre not in box:
            params = {"url": base, "code": code, "point": centre}
            raise GeoApiError(_("%(url)s places commune %(code)s outside its département: %(point)s.") % params)
    if not centres:
        raise GeoApiError(_("%(url)s knows no commune of %(departement)s.") % {"url": base, "departement": departement})
    return centres


def _answer(base: str, path: str, timeout: float) -> dict[str, int] | list[Any] | None:
    try:
        return get_json(f"{base}{path}", timeout=timeout)
    except NotJsonError as error:
        raise GeoApiError(_("%(url)s did not answer in JSON.") % {"url": base}) from error
    except ServiceError as error:
        raise GeoApiError(_("%(url)s does not answer: %(error)s.") % {"url": base, "error": error}) from error
