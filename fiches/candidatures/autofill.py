"""Fills in answers at the applicant's request: the organisation from its SIRET, the position from its address.

Only empty answers are filled in from the directory of companies; a message names them.
"""

from typing import TYPE_CHECKING, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from fiches.candidatures.forms import Organisation, bound_form, label_of_answer
from fiches.forms import throttle
from fiches.forms.company_directory import directory_url, find_establishment
from fiches.http import ServiceError
from fiches.models import Commune
from fiches.models.coordinates import Point
from fiches.territoire.geocoding import find_addresses, geocoder_url

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


# Requests to other services that one client may cause.
PER_HOUR = 60


class Autofill(NamedTuple):
    """A result. ``answers``: ``{field: text}`` to save. ``message``: what to show."""

    answers: dict
    message: str


def run_help(name: str, *, dossier: "Dossier", request: HttpRequest) -> Autofill:
    """Runs one of :data:`HELPS` for this dossier, within the limit of requests an hour, and returns an :class:`Autofill`."""
    if throttle.count(request, "aides") > PER_HOUR:
        return Autofill({}, _("Many questions come from your network: fill in by hand, or come back in an hour."))
    return HELPS[name](dossier)


def fill_from_siret(dossier: "Dossier") -> Autofill:
    """Looks the SIRET up in the directory of companies; returns values for the empty answers about the organisation."""
    if not directory_url():
        return Autofill({}, _("The directory of companies is not turned on here: fill in by hand."))
    if not dossier.siret:
        return Autofill({}, _("Type the 14 digits of the SIRET first."))
    try:
        establishment = find_establishment(dossier.siret)
    except ServiceError:
        return Autofill({}, _("The directory of companies does not answer. Fill in by hand, or try again later."))
    if establishment is None:
        return Autofill({}, _("The directory knows no establishment of this number. Check it, or fill in by hand."))
    commune = Commune.objects.filter(pk=establishment.code_insee).first()
    values = establishment._asdict() | {
        "commune": str(commune or ""),
        "point": point_text(establishment.point) if establishment.point else "",
    }
    empty = [champ for champ in Organisation.base_fields if not dossier.reponses.get(champ)]
    answers = {champ: values[champ] for champ in empty if values.get(champ)}
    if not answers:
        return Autofill(
            {}, _("Found in the directory: %(name)s. Nothing was empty.") % {"name": establishment.organisation}
        )
    message = _("Found in the directory: %(name)s. Filled in, to be read over: %(fields)s.")
    return Autofill(
        answers, message % {"name": establishment.organisation, "fields": ", ".join(map(label_of_answer, answers))}
    )


def fill_from_address(dossier: "Dossier") -> Autofill:
    """Geocodes the address and the commune; returns the position, in place of the present one."""
    if not geocoder_url():
        return Autofill({}, _("The address service is not turned on here: place the point on the map."))
    form = bound_form(dossier, Organisation, sending=False)
    form.is_valid()
    address, commune = form.cleaned_data.get("adresse"), form.cleaned_data.get("commune")
    if not address or not commune:
        return Autofill({}, _("Write the address and the commune first."))
    try:
        features = find_addresses(address, commune)
    except ServiceError:
        return Autofill({}, _("The address service does not answer: place the point on the map."))
    if not features:
        return Autofill({}, _("This address was not found. Place the point on the map, or leave it empty."))
    longitude, latitude = features[0]["geometry"]["coordinates"]
    label = features[0]["properties"]["geocoding"]["label"]
    return Autofill(
        {"point": point_text(Point(latitude, longitude))}, _("Placed at: %(address)s.") % {"address": label}
    )


def point_text(point: Point) -> str:
    """Formats a point as the form field expects it."""
    return str(point).replace("\u00a0", " ")


HELPS = {"annuaire": fill_from_siret, "placer": fill_from_address}
