"""Fills in the empty answers about the organisation from its SIRET, at the applicant's request; a message names them."""

from typing import TYPE_CHECKING, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from fiches.candidatures.forms import Organisation, label_of_answer
from fiches.forms import throttle
from fiches.forms.company_directory import directory_url, find_establishment
from fiches.http import ServiceError
from fiches.models import Commune

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


# Requests to other services that one client may cause.
PER_HOUR = 60


class Autofill(NamedTuple):
    """A result. ``answers``: ``{field: text}`` to save. ``message``: what to show."""

    answers: dict
    message: str


def fill_from_siret(*, dossier: "Dossier", request: HttpRequest) -> Autofill:
    """Looks the SIRET up in the directory of companies, within the limit of requests an hour; returns values for the empty answers
    about the organisation."""
    if throttle.count(request, "aides") > PER_HOUR:
        return Autofill({}, _("Many questions come from your network: fill in by hand, or come back in an hour."))
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
    values = establishment._asdict() | {"commune": str(commune or "")}
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
