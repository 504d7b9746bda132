"""An étape, in schema.org's words."""

from django.utils import timezone

from etapes.enums import Statut
from fiches.jsonld import CONTEXT, organization, place, without_blanks

EVENT_STATUS = {Statut.ANNULEE: "EventCancelled", Statut.REPORTEE: "EventPostponed"}


def event(etape):
    """An ``Event``. Hours that nobody announced are left out: the date alone is ISO 8601 too."""
    status = EVENT_STATUS.get(etape.statut, "EventScheduled")
    return without_blanks(
        {
            "@context": CONTEXT,
            "@type": "Event",
            "name": etape.title,
            "description": etape.chapo,
            "url": etape.full_url,
            "inLanguage": "fr",
            "startDate": starts(etape),
            "endDate": ends(etape),
            "eventStatus": f"{CONTEXT}/{status}",
            "eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode",
            "location": place(etape, name=etape.lieu or (etape.commune.nom if etape.commune else "")),
            "organizer": [organization(link.partenaire) for link in etape.organisations.all()],
            "maximumAttendeeCapacity": etape.capacite,
        }
    )


def starts(etape):
    return timezone.localtime(etape.commence_le).isoformat() if etape.debut else etape.date.isoformat()


def ends(etape):
    return timezone.localtime(etape.termine_le).isoformat() if etape.fin else None
