"""`manage.py effacer_personne adresse`: erases the personal data of an address (article 17 of the GDPR)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fiches.candidatures.invitation import normalize_address
from fiches.upkeep.personal_data.erasure import erase_and_list
from fiches.upkeep.personal_data.registry import BEFORE
from fiches.upkeep.personal_data.search import find_person


class Command(BaseCommand):
    help = (
        "Erases the rows of a person, and their e-mail, phones and full name from each row that bears the e-mail or a phone. "
        "Other texts with the name read beside the e-mail are listed."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("courriel")
        parser.add_argument(
            "--nom", default="", help="The full name, replaced in all other texts too: « Jeanne Marmier »."
        )

    def handle(self, *args: Any, courriel: str, nom: str, **options: Any) -> None:
        unread = sum(each() for each in BEFORE)
        person = find_person(normalize_address(courriel), nom)
        by_hand, erased = erase_and_list(person, everywhere=bool(nom))
        for what, counts in erased.in_words():
            for kind, number in counts.items():
                self.stdout.write(f"{what} : {kind} : {number}")
        if person.learnt:
            self.stdout.write(_("Names read beside this address:") + f" {', '.join(sorted(person.learnt))}")
        if by_hand:
            self.stdout.write(_("To be looked at by hand") + f" : {', '.join(map(str, by_hand))}")
        if unread:
            self.stdout.write(
                ngettext(
                    "The text of %(number)s document is not read yet: search again in a few minutes, it may name the person.",
                    "The texts of %(number)s documents are not read yet: search again in a few minutes, they may name the person.",
                    unread,
                )
                % {"number": unread}
            )
