"""`manage.py effacer_personne adresse`: erases the personal data of an address (article 17 of the GDPR)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from fiches.candidatures.invitation import normalize_address
from fiches.upkeep.personal_data.erasure import erase
from fiches.upkeep.personal_data.search import find_person, mentions_of, place_of


class Command(BaseCommand):
    help = (
        "Erases the rows of a person, and their e-mail, phones and full name from each row that bears the e-mail or a phone. "
        "Other texts with the name read beside the e-mail are listed."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("courriel")

    def handle(self, *args: Any, courriel: str, **options: Any) -> None:
        person = find_person(normalize_address(courriel))
        for kind, number in erase(person).items():
            self.stdout.write(f"{kind} : {number}")
        if person.names:
            self.stdout.write(_("Names read beside this address:") + f" {', '.join(sorted(person.names))}")
        if left := {str(place_of(mention.row)) for mention in mentions_of(person)}:
            self.stdout.write(_("To be looked at by hand") + f" : {', '.join(sorted(left))}")
