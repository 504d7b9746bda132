"""`manage.py retention [--a-blanc]`: deletes records past their retention period, as the periodic work does every night.

After a month without it, `--horloge-juste` confirms that the machine's date is right.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from fiches.upkeep.retention import WrongClock, delete_when_due, too_old


class Command(BaseCommand):
    help = "Deletes the records past their retention period, of all apps."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--a-blanc", action="store_true", help="Lists what would be deleted; deletes nothing.")
        parser.add_argument("--horloge-juste", action="store_true", help="A person checked this machine's clock.")

    def handle(self, *args: Any, a_blanc: bool, horloge_juste: bool, **options: Any) -> None:
        for rule, expired in too_old():
            if rule.describe:
                for record in expired:
                    self.stdout.write(rule.describe(record))
            self.stdout.write(f"{rule.label} : {expired.count()}")
        if a_blanc:
            self.stdout.write(_("Dry run: nothing was deleted."))
            return
        try:
            delete_when_due(believe=horloge_juste)
        except WrongClock as error:
            raise CommandError(str(error)) from None
