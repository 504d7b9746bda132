"""Formats of dates, times and numbers in the current language: « 1er mars 2027 », « 16 h », « 16 h 30 » in French, « 1. März
2027 » in German, « 16:30 » elsewhere. Spaces inside a time or number do not break. Aware datetimes are converted to the
current time zone.
"""

import re
from datetime import date, datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def hour(time: Any) -> str:
    """« 16 h 30 »: formats a time or a datetime."""
    if hasattr(time, "tzinfo") and time.tzinfo:
        time = timezone.localtime(time)
    if not _is_french():
        return f"{time:%H:%M}"
    return f"{time.hour}\N{NO-BREAK SPACE}h" + (f"\N{NO-BREAK SPACE}{time:%M}" if time.minute else "")


def day(date: Any) -> str:
    """« 1er mars 2027 »: formats a date or a datetime."""
    return _formatted(date, _("j F Y"))


def day_of_week(date: date) -> str:
    """« lundi 1er mars 2027 »: formats a date or a datetime with its day of the week."""
    return _formatted(date, _("l j F Y"))


def _formatted(date: Any, how: str) -> str:
    if getattr(date, "tzinfo", None):
        date = timezone.localtime(date)
    if date.day == 1 and _is_french():
        how = how.replace("j", r"j\e\r")
    return date_format(date, how)


def _is_french() -> bool:
    return (get_language() or "").startswith("fr")


def moment(instant: datetime) -> str:
    """« 25 janvier 2027 à 23 h 59 »: formats a datetime with its day and time."""
    return _("%(day)s, %(hour)s") % {"day": day(instant), "hour": hour(instant)}


def size(octets: int) -> str:
    """« 30 Mo », « 2,3 Mo »: formats the size of a file, without a decimal that is zero."""
    return re.sub(r"[.,]0(?=\D)", "", filesizeformat(octets))


def quoted(text: str) -> str:
    """« texte », “text”, „Text“: puts a text in the quotation marks of the current language."""
    return _("“%(text)s”") % {"text": text}


def thousands(number: Any) -> str:
    """« 12 345 » with a narrow no-break space in French, « 12,345 » in English, « 12.345 » in German: groups digits by three."""
    return number_format(number, force_grouping=True).replace("\u00a0", "\u202f")
