"""`manage.py effacer_personne adresse`: erases the personal data of an address (article 17 of the GDPR)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fiches.candidatures.invitation import normalize_address
from fiches.upkeep.personal_data.erasure import COMMON_NAME, erase_and_list, find_person
from fiches.upkeep.personal_data.registry import BEFORE


class Command(BaseCommand):
    help = "Erases what the registry of personal data finds of a person."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("courriel")
        parser.add_argument("--nom", default="", help="The full name, for where the address does not stand.")

    def handle(self, *args: Any, courriel: str, nom: str, **options: Any) -> None:
        unread = sum(each() for each in BEFORE)
        person = find_person(normalize_address(courriel), nom)
        by_hand, counts = erase_and_list(person)
        for kind, number in counts.items():
            self.stdout.write(f"{kind} : {number}")
        for name in sorted(person.common_names):
            self.stdout.write(COMMON_NAME % {"name": name})
        if by_hand:
            self.stdout.write(_("To be looked at by hand") + f" : {', '.join(by_hand)}")
        if unread:
            self.stdout.write(
                ngettext(
                    "The text of %(number)s document is not read yet: search again in a few minutes, it may name the person.",
                    "The texts of %(number)s documents are not read yet: search again in a few minutes, they may name the person.",
                    unread,
                )
                % {"number": unread}
            )
