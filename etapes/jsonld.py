"""JSON-LD of an étape (schema.org)."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from etapes.inscriptions.availability import Ouverture
from fiches import content_language
from fiches.pages.jsonld import CONTEXT, organization, picture_url, place, without_blanks

if TYPE_CHECKING:
    from etapes.models import EtapePage


def event(etape: "EtapePage") -> dict[str, str]:
    """Builds an ``Event``; empty without a date, since an ``Event`` has a ``startDate``. Without announced hours, that is a date
    (ISO 8601)."""
    if etape.date is None:
        return {}
    return without_blanks(
        {
            "@context": CONTEXT,
            "@type": "Event",
            "name": etape.title,
            "description": etape.chapo,
            "url": etape.full_url,
            "inLanguage": content_language.language_of(etape),
            "image": picture_url(etape),
            "startDate": starts(etape),
            "previousStartDate": etape.ancienne_date and etape.ancienne_date.isoformat(),
            "endDate": ends(etape),
            "eventStatus": f"{CONTEXT}/{status(etape)}",
            "eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode",
            "location": place(etape, name=etape.lieu or (etape.commune.nom if etape.commune else "")),
            "organizer": [organization(link.partenaire) for link in etape.organisations.all()],
            "maximumAttendeeCapacity": etape.capacite,
            "remainingAttendeeCapacity": etape.guichet.restantes if etape.guichet.ouvert else None,
            "offers": offer(etape),
        }
    )


def status(etape: "EtapePage") -> str:
    """The ``eventStatus``: ``EventPostponed`` without a new date, ``EventRescheduled`` with one."""
    if etape.annulee:
        return "EventCancelled"
    if etape.attend_sa_date:
        return "EventPostponed"
    return "EventRescheduled" if etape.reportee else "EventScheduled"


def offer(etape: "EtapePage") -> dict[str, Any] | None:
    """The free ``Offer`` that links to the registration form; None when registration is not open."""
    guichet = etape.guichet
    if not guichet.ouvert:
        return None
    stock = "SoldOut" if guichet.ouverture == Ouverture.ATTENTE else "InStock"
    return {
        "@type": "Offer",
        "url": f"{etape.full_url}inscription/",
        "price": 0,
        "priceCurrency": "EUR",
        "availability": f"{CONTEXT}/{stock}",
        "validThrough": timezone.localtime(guichet.ferme_le).isoformat(),
    }


def starts(etape: "EtapePage") -> str | None:
    if etape.date is None:
        return None
    return timezone.localtime(etape.commence_le).isoformat() if etape.debut else etape.date.isoformat()


def ends(etape: "EtapePage") -> str | None:
    return timezone.localtime(etape.termine_le).isoformat() if etape.fin else None
