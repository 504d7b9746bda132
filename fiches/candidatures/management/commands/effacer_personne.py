"""`manage.py effacer_personne adresse`: everything that hangs on an address, erased (article 17 of the GDPR)."""

from django.core.management.base import BaseCommand

from fiches.candidatures.invitation import normal
from fiches.candidatures.retrait import erase_person


class Command(BaseCommand):
    help = "Erases a person's dossiers, files, tips and mails."

    def add_arguments(self, parser):
        parser.add_argument("courriel")

    def handle(self, *args, courriel, **options):
        for kind, number in erase_person(normal(courriel)).items():
            self.stdout.write(f"{kind} : {number}")
