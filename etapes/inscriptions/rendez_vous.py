"""When and where, as those registered were told: in words, and as a fingerprint by which a change is noticed."""

from hashlib import blake2s

from django.utils.translation import gettext as _

from fiches.heures import day, day_of_week, hour


def fingerprint(etape):
    """Changes with what a person who comes has to know: the day, the hours, the place, and whether it goes ahead."""
    outcome = "annulee" if etape.annulee else "reportee" if etape.attend_sa_date else ""
    place = (etape.lieu.strip().casefold(), etape.commune_id)
    facts = (etape.date, etape.debut, etape.fin, etape.moment, *place, outcome)
    return blake2s(repr(facts).encode(), digest_size=16).hexdigest()


def when(etape):
    """« jeudi 15 octobre 2026, 16 h – 19 h »; for an étape that awaits its date, that it does."""
    if etape.attend_sa_date:
        return _("New date to come (was %(date)s)") % {"date": day(etape.date)}
    return ", ".join(filter(None, [day_of_week(etape.date), hours(etape)]))


def hours(etape):
    """« 16 h – 19 h 30 », « après-midi », or nothing."""
    if etape.debut:
        return " – ".join(hour(each) for each in (etape.debut, etape.fin) if each)
    return str(etape.get_moment_display()) if etape.moment else ""


def where(etape):
    """The hall, the street and the commune, in one line."""
    town = " ".join(filter(None, [etape.code_postal, etape.commune.nom if etape.commune else ""]))
    return ", ".join(filter(None, [etape.lieu, etape.adresse, town])) or _("place to be announced")
