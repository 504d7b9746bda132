"""Date and place of an étape as text, and as a fingerprint that detects changes."""

from hashlib import blake2s
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from fiches.formats import day, day_of_week, hour

if TYPE_CHECKING:
    from etapes.models import EtapePage


def meeting_fingerprint(etape: "EtapePage") -> str:
    """A hex digest of the date, the hours, the place and whether the étape takes place. Without a date, hours count for nothing."""
    outcome = "annulee" if etape.annulee else "reportee" if etape.attend_sa_date else ""
    place = (etape.lieu.strip().casefold(), etape.commune_id)
    time = (etape.date, etape.debut, etape.fin, etape.moment) if etape.date else (None,) * 4
    facts = (*time, *place, outcome)
    return blake2s(repr(facts).encode(), digest_size=16).hexdigest()


def when(etape: "EtapePage") -> str:
    """« jeudi 15 octobre 2026, 16 h – 19 h »; while the date is to come, words that say so."""
    if etape.date and etape.attend_sa_date:
        return _("New date to come (was %(date)s)") % {"date": day(etape.date)}
    return announced(etape)


def announced(etape: "EtapePage") -> str:
    """The day and the hours of an étape as written on its page, though it is postponed."""
    known = day_of_week(etape.date) if etape.date else without_date(is_cancelled=etape.annulee)
    return ", ".join(filter(None, [known, hours(etape)]))


def without_date(*, is_cancelled: bool) -> str:
    """What is written in the place of the date that an étape does not have."""
    return _("No date") if is_cancelled else _("Date to be announced")


def hours(etape: "EtapePage") -> str:
    """« 16 h – 19 h 30 », « après-midi », or ""."""
    if etape.debut:
        return " – ".join(hour(each) for each in (etape.debut, etape.fin) if each)
    return str(etape.get_moment_display()) if etape.moment else ""


def where(etape: "EtapePage") -> str:
    """Name of the place, street and commune on one line."""
    town = " ".join(filter(None, [etape.code_postal, etape.commune.nom if etape.commune else ""]))
    return ", ".join(filter(None, [etape.lieu, etape.adresse, town])) or _("place to be announced")
