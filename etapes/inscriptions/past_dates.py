"""Changes of the date of an étape to a past one: recorded in its history, so that nothing is deleted soon after a mistake."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from etapes.models import EtapePage

# The action that the history of an étape names.
MOVED_TO_THE_PAST = "etapes.move_to_the_past"


def becomes_past(etape: EtapePage, before: EtapePage | None) -> bool:
    """Whether ``etape`` counts as over, and ``before``, the version that it replaces online, did not."""
    return bool(before and not before.passee and etape.passee and etape.a_lieu)


def record_past_date(etape: EtapePage, before: EtapePage | None) -> None:
    """Records in the history that ``etape``, now online, has a past date that ``before`` did not have."""
    if before is None or etape.termine_le is None or etape.termine_le >= timezone.now():
        return
    if (before.date, before.attend_sa_date) != (etape.date, etape.attend_sa_date):
        log(etape, MOVED_TO_THE_PAST, revision=etape.live_revision)


def moves_to_the_past() -> dict[UUID, datetime]:
    """``{translation key: moment}`` of the latest change of each étape's date to a past one. One query."""
    entries = PageLogEntry.objects.filter(action=MOVED_TO_THE_PAST).order_by()
    return dict(entries.values_list("page__translation_key").annotate(Max("timestamp")))
