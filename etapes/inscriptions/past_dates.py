"""Changes of the date of an étape to a past one, or to none: recorded in its history, so that nothing is deleted soon after."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from etapes.models import EtapePage

# The actions that the history of an étape names.
MOVED_TO_THE_PAST = "etapes.move_to_the_past"
LOST_ITS_DATE = "etapes.lose_date"


def becomes_past(etape: EtapePage, before: EtapePage | None) -> bool:
    """Whether ``etape`` counts as over, and ``before``, the version that it replaces online, did not."""
    return bool(before and not before.passee and etape.passee and etape.a_lieu)


def record_past_date(etape: EtapePage, before: EtapePage | None) -> None:
    """Records in the history that ``etape``, now online, has a past date that ``before`` did not have, or no longer has a date."""
    if before is None or (before.date, before.attend_sa_date) == (etape.date, etape.attend_sa_date):
        return
    if etape.date is None and before.date:
        log(etape, LOST_ITS_DATE, revision=etape.live_revision)
    elif etape.termine_le and etape.termine_le < timezone.now():
        log(etape, MOVED_TO_THE_PAST, revision=etape.live_revision)


def latest(action: str) -> dict[UUID, datetime]:
    """``{translation key: moment}`` of the latest line of each étape's history that has this action. One query."""
    entries = PageLogEntry.objects.filter(action=action).order_by()
    return dict(entries.values_list("page__translation_key").annotate(Max("timestamp")))
