"""When an étape is: hours that are known, or only a moment of the day."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etapes.enums import Inscriptions, Moment, Statut

SPANS = {
    Moment.MATIN: (datetime.time(0, 0), datetime.time(12, 0)),
    Moment.APRES_MIDI: (datetime.time(12, 0), datetime.time(19, 0)),
    Moment.SOIREE: (datetime.time(17, 0), datetime.time(23, 59)),
    Moment.JOURNEE: (datetime.time(0, 0), datetime.time(23, 59)),
    "": (datetime.time(0, 0), datetime.time(23, 59)),
}
"""Where a moment begins and ends *for sorting*. Never shown: nobody announced these hours."""


def check_rendezvous(etape):
    """What is wrong with when an étape is and for how many, each beside its field.

    :raises ValidationError: with a message for each field.
    """
    errors = {}
    for check in (_check_when, _check_registration):
        try:
            check(etape)
        except ValidationError as error:
            error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _check_when(etape):
    if not etape.date:
        return
    if etape.ancienne_date and etape.ancienne_date == etape.date:
        raise ValidationError({"ancienne_date": _("This is the date of the étape: give the one that it had before.")})
    if etape.ancienne_date and etape.statut != Statut.REPORTEE:
        raise ValidationError({"ancienne_date": _("Only a postponed étape has a date of before: choose that state.")})
    check_hours(date=etape.date, debut=etape.debut, fin=etape.fin, moment=etape.moment)


def _check_registration(etape):
    if etape.inscriptions == Inscriptions.OUVERTES and etape.capacite == 0:
        raise ValidationError({"capacite": _("Nobody can register for no place.")})
    closes = etape.inscriptions_jusqu_au
    if closes and etape.termine_le and closes > etape.termine_le:
        raise ValidationError({"inscriptions_jusqu_au": _("Registration closes before the étape is over.")})


def check_hours(*, date, debut, fin, moment):
    """:raises ValidationError: for an end before the start, hours and a moment at once, or an hour that the change of
    the clocks skips or repeats on that day."""
    if fin and not debut:
        raise ValidationError({"debut": _("Give the start, or leave the end empty too.")})
    if debut and fin and fin <= debut:
        raise ValidationError({"fin": _("The end comes before the start.")})
    if debut and moment:
        raise ValidationError({"moment": _("Give hours or a moment of the day, not both.")})
    for name, hour in (("debut", debut), ("fin", fin)):
        if date and hour and (message := clock_change(date, hour)):
            raise ValidationError({name: message})


def clock_change(date, hour):
    """What the change of the clocks does to ``hour`` on ``date``, in words; ``""`` on all other days."""
    if skipped(date, hour):
        return _("This hour does not exist on that day: clocks go forward.")
    if repeated(date, hour):
        return _("This hour comes twice on that day: clocks go back. Choose another.")
    return ""


def skipped(date, hour):
    """Whether the change to summer time jumps over ``hour`` on ``date``, in the site's time zone."""
    local = datetime.datetime.combine(date, hour, tzinfo=timezone.get_default_timezone())
    return local.astimezone(datetime.UTC).astimezone(local.tzinfo).time() != hour


def repeated(date, hour):
    """Whether ``hour`` comes twice on ``date``: at the change to winter time."""
    local = datetime.datetime.combine(date, hour, tzinfo=timezone.get_default_timezone())
    return not skipped(date, hour) and local.utcoffset() != local.replace(fold=1).utcoffset()


def bounds(*, date, debut, fin, moment):
    """First and last instant (aware datetimes) between which the étape surely takes place."""
    first, last = SPANS[moment or ""]
    zone = timezone.get_default_timezone()
    end = fin or (last if not debut else datetime.time(23, 59))
    return (
        datetime.datetime.combine(date, debut or first, tzinfo=zone),
        datetime.datetime.combine(date, end, tzinfo=zone),
    )
