"""`manage.py oublier_double_facteur NOM`: removes the second factor of a user who lost their telephone and recovery codes."""

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "Removes an account's second factor and recovery codes, and closes its sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: object, username: str, **options: object) -> None:
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(_("No account is named “%(name)s”.") % {"name": username})
        Authenticator.objects.filter(user=user).delete()
        for session in Session.objects.iterator():  # few: visitors have none
            if session.get_decoded().get("_auth_user_id") == str(user.pk):
                session.delete()
        self.stdout.write(_("Done: %(name)s makes a new second factor at the next log-in.") % {"name": username})
