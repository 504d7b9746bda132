"""`manage.py retention [--a-blanc]`: deletes what is kept too long; to run every night."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.candidatures.models import Jeton, Message, Signalement
from fiches.candidatures.retrait import DAYS_IN_A_MONTH, erase_dossier, old_dossiers

MAILS = timedelta(days=90)
TIPS = timedelta(days=DAYS_IN_A_MONTH * 12)


class Command(BaseCommand):
    help = "Deletes dossiers, files, tips, mails and links that are kept too long."

    def add_arguments(self, parser):
        parser.add_argument("--a-blanc", action="store_true", help="Says what would go, deletes nothing.")

    def handle(self, *args, a_blanc, **options):
        now = timezone.now()
        dossiers = list(old_dossiers(now))
        others = [
            (_("tips"), Signalement.objects.filter(date__lt=now - TIPS)),
            (_("mails"), Message.objects.filter(cree__lt=now - MAILS)),
            (_("links"), Jeton.objects.invalid().filter(cree__lt=now - MAILS)),
        ]
        for dossier in dossiers:
            self.stdout.write(f"{dossier.numero or dossier.pk} {dossier.get_etat_display()} {dossier.depuis:%Y-%m-%d}")
        self.stdout.write(f"{_('dossiers')} : {len(dossiers)}")
        for label, queryset in others:
            self.stdout.write(f"{label} : {queryset.count()}")
        if a_blanc:
            self.stdout.write(_("Dry run: nothing was deleted."))
            return
        for dossier in dossiers:
            erase_dossier(dossier)
        for _label, queryset in others:
            queryset.delete()
