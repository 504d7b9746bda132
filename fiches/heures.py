"""Days and hours as they are read, one way everywhere: « 1er mars 2027 », « 16 h », « 16 h 30 » in French, 1. März 2027 in
German, 16:30 elsewhere; no line breaks in an hour."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def hour(time):
    """The hour of a time, or of an instant as it is here."""
    if hasattr(time, "tzinfo") and time.tzinfo:
        time = timezone.localtime(time)
    if not _french():
        return f"{time:%H:%M}"
    return f"{time.hour}\N{NO-BREAK SPACE}h" + (f"\N{NO-BREAK SPACE}{time:%M}" if time.minute else "")


def day(date):
    """« 1er mars 2027 »: a date, or that of an instant as it is here."""
    return _written(date, _("j F Y"))


def day_of_week(date):
    """The same, after the day of its week: « lundi 1er mars 2027 »."""
    return _written(date, _("l j F Y"))


def _written(date, how):
    if getattr(date, "tzinfo", None):
        date = timezone.localtime(date)
    if date.day == 1 and _french():
        how = how.replace("j", r"j\e\r")
    return date_format(date, how)


def _french():
    return (get_language() or "").startswith("fr")


def moment(instant):
    """A day and its hour: « 25 janvier 2027 à 23 h 59 »."""
    return _("%(day)s, %(hour)s") % {"day": day(instant), "hour": hour(instant)}
