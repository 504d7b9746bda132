"""Refuses a year that nobody means: a slip such as 9999 or 0206 in a date that staff type."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

FIRST_YEAR = 1900
YEARS_AHEAD = 10


def check_year(date: datetime.date | None) -> None:
    """Checks the year of a date or a moment; None is accepted.

    :raises ValidationError: it is before 1900, or more than ten years ahead.
    """
    last = timezone.localdate().year + YEARS_AHEAD
    if date and not FIRST_YEAR <= date.year <= last:
        message = _("The year %(year)s is surely a slip: give one between %(first)s and %(last)s.")
        years = {"year": date.year, "first": FIRST_YEAR, "last": last}
        raise ValidationError(message % {name: str(year) for name, year in years.items()})


def year_errors(**dates: datetime.date | None) -> dict[str, ValidationError]:
    """``{name: error}`` of those of these dates whose year is refused."""
    errors = {}
    for name, date in dates.items():
        try:
            check_year(date)
        except ValidationError as error:
            errors[name] = error
    return errors
