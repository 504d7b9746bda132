"""When an étape is: hours that are known, or only a moment of the day."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etapes.enums import Moment

SPANS = {
    Moment.MATIN: (datetime.time(0, 0), datetime.time(12, 0)),
    Moment.APRES_MIDI: (datetime.time(12, 0), datetime.time(19, 0)),
    Moment.SOIREE: (datetime.time(17, 0), datetime.time(23, 59)),
    Moment.JOURNEE: (datetime.time(0, 0), datetime.time(23, 59)),
    "": (datetime.time(0, 0), datetime.time(23, 59)),
}
"""Where a moment begins and ends *for sorting*. Never shown: nobody announced these hours."""


def check_hours(*, date, debut, fin, moment):
    """:raises ValidationError: for an end before the start, hours and a moment at once, or an hour that the
    change to summer time skips on that day."""
    if fin and not debut:
        raise ValidationError({"debut": _("Give the start, or leave the end empty too.")})
    if debut and fin and fin <= debut:
        raise ValidationError({"fin": _("The end comes before the start.")})
    if debut and moment:
        raise ValidationError({"moment": _("Give hours or a moment of the day, not both.")})
    for name, hour in (("debut", debut), ("fin", fin)):
        if date and hour and skipped(date, hour):
            message = _("This hour does not exist on that day: clocks go forward.")
            raise ValidationError({name: message})


def skipped(date, hour):
    """Whether the change to summer time jumps over ``hour`` on ``date``, in the site's time zone."""
    local = datetime.datetime.combine(date, hour, tzinfo=timezone.get_default_timezone())
    return local.astimezone(datetime.UTC).astimezone(local.tzinfo).time() != hour


def bounds(*, date, debut, fin, moment):
    """First and last instant (aware datetimes) between which the étape surely takes place."""
    first, last = SPANS[moment or ""]
    zone = timezone.get_default_timezone()
    end = fin or (last if not debut else datetime.time(23, 59))
    return (
        datetime.datetime.combine(date, debut or first, tzinfo=zone),
        datetime.datetime.combine(date, end, tzinfo=zone),
    )
