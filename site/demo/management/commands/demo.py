"""Loads the carnet n° 1 and marked examples, with the accounts."""

import os
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from demo.accounts import USERNAMES
from demo.load import load
from demo.pages import is_written


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        if not settings.RALLYNOV_DEMO:
            raise CommandError(
                _("Nothing was loaded: the demonstration and its accounts are not for a site in production.")
            )
        if is_written() or get_user_model().objects.exists():
            raise CommandError(
                _("Nothing was loaded: this database already holds pages or accounts. Use an empty database.")
            )
        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        pages = load(password=password, today=timezone.localdate())
        self.stdout.write(ngettext("%(count)s page loaded.", "%(count)s pages loaded.", pages) % {"count": pages})
        message = _("Accounts: %(accounts)s; password: %(password)s")
        self.stdout.write(message % {"accounts": ", ".join(USERNAMES), "password": password})
