"""`manage.py rappels`: reminders before closing, the staff's summary, and the mail that a dead worker left; to run every
hour."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from fiches.candidatures.courrier import send_pending
from fiches.candidatures.rappels import remind, summarise_day
from fiches.candidatures.soumission import resume_pending

MORNING = 7


class Command(BaseCommand):
    help = "Reminds of dossiers that are not sent, sums the day up for the staff, sends what was left behind."

    def handle(self, *args, **options):
        self.stdout.write(f"rappels : {remind()}")
        if timezone.localtime().hour >= MORNING:
            self.stdout.write(f"récapitulatif : {len(summarise_day())}")
        self.stdout.write(f"relectures ouvertes : {resume_pending()}")
        self.stdout.write(f"courriels en attente : {send_pending()}")
