"""`manage.py effacer_personne adresse`: erases the personal data of an address (article 17 of the GDPR)."""

from typing import Any

from django.core.management.base import BaseCommand

from fiches.candidatures.invitation import normalize_address
from fiches.upkeep.personal_data.erasure import erase_person


class Command(BaseCommand):
    help = "Erases what the registry of personal data finds of a person."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("courriel")
        parser.add_argument("--nom", default="", help="The full name, for where the address does not stand.")

    def handle(self, *args: Any, courriel: str, nom: str, **options: Any) -> None:
        for kind, number in erase_person(normalize_address(courriel), nom).items():
            self.stdout.write(f"{kind} : {number}")
