"""Hours as they are read, one way everywhere: « 16 h », « 16 h 30 » in French, 16:30 elsewhere; no line breaks in one."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def hour(time):
    """The hour of a time, or of an instant as it is here."""
    if hasattr(time, "tzinfo") and time.tzinfo:
        time = timezone.localtime(time)
    if not (get_language() or "").startswith("fr"):
        return f"{time:%H:%M}"
    return f"{time.hour}\N{NO-BREAK SPACE}h" + (f"\N{NO-BREAK SPACE}{time:%M}" if time.minute else "")


def moment(instant):
    """A day and its hour: « 25 janvier 2027 à 23 h 59 »."""
    day = date_format(timezone.localtime(instant), _("j F Y"))
    return _("%(day)s, %(hour)s") % {"day": day, "hour": hour(instant)}
