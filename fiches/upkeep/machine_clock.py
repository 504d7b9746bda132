"""Checks this machine's clock before periodic work, so that a wrong date doesn't delete data whose retention has not ended.

The clock is compared with PostgreSQL's, and with the time of the last check, which is stored. At the first check, the latest
migration or log entry in the database stands in for it.
"""

from datetime import datetime, timedelta

from django.db import connections, router
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, PageLogEntry

from fiches.models import Echeance

# Name of the row of Echeance that stores the time of the last check.
LAST_CHECK = "horloge"
# Accepted difference between two clocks.
TOLERANCE = timedelta(minutes=5)
# Checks run every minute: after a longer gap than this, the site was stopped for long, or its clock jumped.
MAX_GAP = timedelta(days=30)
# The time of the last check is stored at most this often.
STORE_EVERY = timedelta(minutes=1)


class WrongClock(Exception):  # noqa: N818 - as Wagtail and ours name what is refused
    """The clock is not plausible; the message says why, and what to do."""


def check_clock(*, believe: bool = False) -> None:
    """Checks the clock and stores the time of this check.

    :param believe: the operator confirms that the clock is right; only the comparison with the database's clock is made.
    :raises WrongClock: when the clock is not plausible.
    """
    now = timezone.now()
    _compare_with_database(now)
    row = Echeance.objects.filter(nom=LAST_CHECK).first()
    seen = row.prochaine if row else _latest_known(now)
    if not believe and not seen - TOLERANCE <= now <= seen + MAX_GAP:
        message = _(
            "This machine's clock says %(now)s, but the site last looked at %(seen)s. If the clock is right, say so once:"
            " manage.py echeances --horloge-juste"
        )
        raise WrongClock(message % {"now": f"{now:%Y-%m-%d %H:%M}", "seen": f"{seen:%Y-%m-%d %H:%M}"})
    if believe or not row:
        Echeance.objects.update_or_create(nom=LAST_CHECK, defaults={"prochaine": now})
    elif now - seen >= STORE_EVERY:
        Echeance.objects.filter(nom=LAST_CHECK, prochaine__lt=now).update(prochaine=now)


def _latest_known(now: datetime) -> datetime:
    """Returns the time of the latest migration or log entry; ``now`` if there is none."""
    times = [
        MigrationRecorder.Migration.objects.aggregate(latest=Max("applied"))["latest"],
        *(log.objects.aggregate(latest=Max("timestamp"))["latest"] for log in (PageLogEntry, ModelLogEntry)),
    ]
    return max([instant for instant in times if instant], default=now)


def _compare_with_database(now: datetime) -> None:
    connection = connections[router.db_for_write(Echeance)]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [database_now] = cursor.fetchone()
    if abs(database_now - now) > TOLERANCE:
        message = _("This machine's clock says %(now)s, the database's %(told)s: set them right.")
        raise WrongClock(message % {"now": f"{now:%Y-%m-%d %H:%M}", "told": f"{database_now:%Y-%m-%d %H:%M}"})
