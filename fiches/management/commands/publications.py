"""`manage.py publications`: rebuilds the register of public pages from the pages themselves."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from fiches.publications.ledger import rebuild


class Command(BaseCommand):
    help = "Rebuilds the register of public pages. The site goes on with the old rows until it is done."

    def handle(self, *args: Any, **options: Any) -> None:
        number = rebuild()
        self.stdout.write(ngettext("%(number)d public page.", "%(number)d public pages.", number) % {"number": number})
