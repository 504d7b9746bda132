"""Whether this machine's clock can be believed: what is deleted after so many months is not deleted by a wrong date.

The database's own clock is asked where it has one; and what was last seen is remembered, since a machine alone has no
other witness. The first time, the latest thing that the database knows stands for it: its tables are made, and people's
deeds noted, before any periodic work.
"""

from datetime import timedelta

from django.db import connections, router
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, PageLogEntry

from fiches.models import Echeance

# The name of the row that holds when periodic work last looked.
MEMORY = "horloge"
# How far two machines' clocks may stand apart.
APART = timedelta(minutes=5)
# A site looks every minute; one that finds that so much went by was stopped for long, or its clock jumped.
LEAP = timedelta(days=30)
EACH = timedelta(minutes=1)


class WrongClock(Exception):  # noqa: N818 - as Wagtail and ours name what is refused
    """The message says what is strange, and what to do."""


def check_clock(*, believe=False):
    """Raises :class:`WrongClock`; ``believe`` is a person's word that the clock is right."""
    now = timezone.now()
    _compare_with_database(now)
    row = Echeance.objects.filter(nom=MEMORY).first()
    seen = row.prochaine if row else _latest_known(now)
    if not believe and not seen - APART <= now <= seen + LEAP:
        message = _(
            "This machine's clock says %(now)s, but the site last looked at %(seen)s. If the clock is right, say so once:"
            " manage.py echeances --horloge-juste"
        )
        raise WrongClock(message % {"now": f"{now:%Y-%m-%d %H:%M}", "seen": f"{seen:%Y-%m-%d %H:%M}"})
    if believe or not row:
        Echeance.objects.update_or_create(nom=MEMORY, defaults={"prochaine": now})
    elif now - seen >= EACH:
        Echeance.objects.filter(nom=MEMORY, prochaine__lt=now).update(prochaine=now)


def _latest_known(now):
    """When the database last noted something: a migration, or what a member of the staff did."""
    noted = [
        MigrationRecorder.Migration.objects.aggregate(latest=Max("applied"))["latest"],
        *(log.objects.aggregate(latest=Max("timestamp"))["latest"] for log in (PageLogEntry, ModelLogEntry)),
    ]
    return max([instant for instant in noted if instant], default=now)


def _compare_with_database(now):
    connection = connections[router.db_for_write(Echeance)]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [told] = cursor.fetchone()
    if abs(told - now) > APART:
        message = _("This machine's clock says %(now)s, the database's %(told)s: set them right.")
        raise WrongClock(message % {"now": f"{now:%Y-%m-%d %H:%M}", "told": f"{told:%Y-%m-%d %H:%M}"})
