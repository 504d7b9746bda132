"""Dates and hours of an étape: validation, start and end for sorting."""

import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etapes.enums import Inscriptions, MomentDeLaJournee, StatutEtape
from fiches.models.page_forms import year_errors

if TYPE_CHECKING:
    from etapes.models import EtapePage


# Start and end of each moment of the day, for sorting only. Never shown: these hours were not announced.
SPANS = {
    MomentDeLaJournee.MATIN: (datetime.time(0, 0), datetime.time(12, 0)),
    MomentDeLaJournee.APRES_MIDI: (datetime.time(12, 0), datetime.time(19, 0)),
    MomentDeLaJournee.SOIREE: (datetime.time(17, 0), datetime.time(23, 59)),
    MomentDeLaJournee.JOURNEE: (datetime.time(0, 0), datetime.time(23, 59)),
    "": (datetime.time(0, 0), datetime.time(23, 59)),
}


def check_rendezvous(etape: "EtapePage") -> None:
    """Validates dates, hours, capacity and the end of registration.

    :raises ValidationError: with the messages by field.
    """
    names = ("date", "ancienne_date", "inscriptions_jusqu_au")
    if implausible := year_errors(**{name: getattr(etape, name) for name in names}):
        raise ValidationError(implausible)
    errors: dict[str, Any] = {}
    for check in (_check_when, _check_registration, _check_registered):
        try:
            check(etape)
        except ValidationError as error:
            error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _check_when(etape: "EtapePage") -> None:
    if not etape.date and etape.statut == StatutEtape.REPORTEE:
        raise ValidationError(
            {"date": _("Give the date first announced: a postponed étape keeps it until the new one.")}
        )
    if etape.ancienne_date and etape.ancienne_date == etape.date:
        raise ValidationError({"ancienne_date": _("This is the date of the étape: give the one that it had before.")})
    if etape.ancienne_date and etape.statut != StatutEtape.REPORTEE:
        raise ValidationError({"ancienne_date": _("Only a postponed étape has a date of before: choose that state.")})
    check_hours(debut=etape.debut, fin=etape.fin, moment=etape.moment)


def _check_registration(etape: "EtapePage") -> None:
    if etape.inscriptions == Inscriptions.OUVERTES and etape.capacite == 0:
        raise ValidationError({"capacite": _("Nobody can register for no place.")})
    closes = etape.inscriptions_jusqu_au
    if closes and etape.termine_le and closes > etape.termine_le:
        raise ValidationError({"inscriptions_jusqu_au": _("Registration closes before the étape is over.")})


def _check_registered(etape: "EtapePage") -> None:
    """Refuses to empty the date, or to make an étape that is to come a past one, while people are registered."""
    is_over = etape.passee and not etape.annulee
    if not etape.pk or not (etape.date is None or is_over) or not etape.inscrits.active().exists():
        return
    if etape.date is None:
        text = _("People are registered. Keep this date and choose the state “postponed”: they are told by mail.")
        raise ValidationError({"date": text})
    if not type(etape).objects.get(pk=etape.pk).passee:
        raise ValidationError({"date": _("This date is past, and people are registered. Check the day and the year.")})


def check_hours(*, debut: datetime.time | None, fin: datetime.time | None, moment: str) -> None:
    """Validates the hours of one day, which may be unknown.

    :raises ValidationError: the end is not after the start, or hours and a moment are both given.
    """
    if fin and not debut:
        raise ValidationError({"debut": _("Give the start, or leave the end empty too.")})
    if debut and fin and fin <= debut:
        raise ValidationError({"fin": _("The end comes before the start.")})
    if debut and moment:
        raise ValidationError({"moment": _("Give hours or a moment of the day, not both.")})


def bounds(
    *, date: datetime.date | None, debut: datetime.time | None, fin: datetime.time | None, moment: str
) -> tuple[datetime.datetime, datetime.datetime] | tuple[None, None]:
    """Returns ``(start, end)``, aware datetimes, or ``(None, None)`` without a date. Without hours: the bounds of the moment of
    the day, or the whole day."""
    if date is None:
        return None, None
    first, last = SPANS[moment or ""]
    zone = timezone.get_default_timezone()
    end = fin or (last if not debut else datetime.time(23, 59))
    return (
        datetime.datetime.combine(date, debut or first, tzinfo=zone),
        datetime.datetime.combine(date, end, tzinfo=zone),
    )
