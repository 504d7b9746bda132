"""Loads the carnet n° 1 and marked examples, with the accounts; --retirer-exemples removes the examples."""

import os

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.first_page import is_written
from demo.accounts import USERNAMES, open_accounts
from demo.load import load, started
from demo.removal import remove_examples


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "--retirer-exemples",
            action="store_true",
            help="remove every page, partner, picture and document marked as an example",
        )

    def handle(self, *args, retirer_exemples, **options):
        if retirer_exemples:
            self.remove()
        else:
            self.load()

    def load(self):
        if not settings.RALLYNOV_DEMO:
            raise CommandError(
                _("Nothing was loaded: the demonstration and its accounts are not for a site in production.")
            )
        if not started() and (is_written() or get_user_model().objects.exists()):
            raise CommandError(
                _("Nothing was loaded: this database already holds pages or accounts. Use an empty database.")
            )
        pages, password = load(password=os.environ.get("DEMO_PASSWORD"), today=timezone.localdate())
        message = ngettext("%(count)s page loaded.", "%(count)s pages loaded.", pages) % {"count": pages}
        self.stdout.write(message if pages else _("The demonstration is already in place."))
        if password:
            message = _("Accounts: %(accounts)s; password: %(password)s")
            self.stdout.write(message % {"accounts": ", ".join(USERNAMES), "password": password})

    def remove(self):
        pages, records, kept = remove_examples()
        message = _("Examples removed: %(pages)s pages, %(records)s partners, pictures and documents.")
        self.stdout.write(message % {"pages": pages, "records": records})
        if kept:
            self.stdout.write(_("Kept, since real content uses them: %(names)s.") % {"names": ", ".join(kept)})
        accounts = open_accounts()
        if accounts:
            message = _(
                "Accounts that stay open, since they signed the pages of the carnet n° 1: %(accounts)s. Their password was"
                " shown when the demonstration was loaded: change it or close them, in Settings, Users."
            )
            self.stdout.write(message % {"accounts": ", ".join(accounts)})
