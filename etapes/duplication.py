"""Copies an étape as a draft for the next year."""

import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from etapes.enums import Inscriptions, StatutEtape
from fiches.models import Edition

if TYPE_CHECKING:
    from etapes.models import EtapePage


WEEK = datetime.timedelta(weeks=1)

CLEARED: dict[str, Any] = {
    "numero": None,
    "statut": StatutEtape.PREVUE,
    "ancienne_date": None,
    "inscriptions": Inscriptions.AUCUNE,
    "inscriptions_jusqu_au": None,
    "compte_rendu": [],
    "compte_rendu_ecarte": False,
    "participants": None,
    "go_live_at": None,
    "expire_at": None,
}


@transaction.atomic
def next_year(*, etape: "EtapePage", by: AbstractUser | AnonymousUser) -> "EtapePage":
    """Creates a draft of ``etape`` for the next year, on the same day of the week; without a date if ``etape`` has none.

    Keeps organisers, place, programme and fiches. Leaves out the report, the attendance and the registrations. The copy gets
    a new iCalendar UID.

    :returns: the new étape.
    """
    date = a_year_later(etape.date) if etape.date else None
    year = date.year if date else (etape.edition.annee if etape.edition else timezone.localdate().year) + 1
    overrides = {
        **CLEARED,
        "title": etape.title,
        "slug": _free_slug(etape, year),
        "date": date,
        "edition": Edition.objects.filter(annee=year).first(),
    }
    latest = etape.get_latest_revision_as_object()
    return latest.copy(update_attrs=overrides, keep_live=False, copy_revisions=False, user=by)


def a_year_later(date: datetime.date) -> datetime.date:
    """The date 52 or 53 weeks later: same day of the week, always in the next calendar year."""
    later = date + 52 * WEEK
    return later if later.year > date.year else later + WEEK


def _free_slug(etape: "EtapePage", year: int) -> str:
    base = slugify(etape.title)[:200] or "etape"
    taken = set(type(etape).objects.sibling_of(etape).values_list("slug", flat=True))
    names = [f"{base}-{year}", *(f"{base}-{year}-{number}" for number in range(2, 1000))]
    return next(name for name in names if name not in taken)
