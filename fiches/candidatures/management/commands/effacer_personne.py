"""`manage.py effacer_personne adresse`: erases the personal data of an address (article 17 of the GDPR)."""

import shlex
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fiches.candidatures.invitation import normalize_address
from fiches.upkeep.personal_data.erasure import erase_and_list
from fiches.upkeep.personal_data.identification import COMMON_NAME, find_person, is_common
from fiches.upkeep.personal_data.person import Person
from fiches.upkeep.personal_data.registry import BEFORE


class Command(BaseCommand):
    help = (
        "Erases what the registry of personal data finds of a person. Names that stand beside the address are listed; each is erased "
        "in the other texts only once it is typed, or with --noms-trouves. What bears another address beside the name stays: each "
        "of these addresses is erased by its own command. An empty address erases only what bears the name and no address."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("courriel")
        parser.add_argument("--nom", default="", help="The full name, erased everywhere: « Jeanne Marmier ».")
        parser.add_argument(
            "--noms-trouves", action="store_true", help="Erases everywhere each name that stands beside the address."
        )
        parser.add_argument(
            "--noinput",
            "--no-input",
            action="store_false",
            dest="interactive",
            help="Asks nothing: leaves these names.",
        )

    def handle(
        self, *args: Any, courriel: str, nom: str, noms_trouves: bool, interactive: bool, **options: Any
    ) -> None:
        unread = sum(each() for each in BEFORE)
        address = normalize_address(courriel)
        person = find_person(address, nom)
        self.list_names(person)
        if noms_trouves:
            person = find_person(address, nom, agreed=lambda name: True)
        elif interactive and sys.stdin.isatty():
            typed = {name for name in person.learnt if self.is_typed(name)}
            person = find_person(address, nom, agreed=typed.__contains__)
        by_hand, erased = erase_and_list(person)
        for what, counts in erased.in_words():
            for kind, number in counts.items():
                self.stdout.write(f"{what} : {kind} : {number}")
        for name in person.learnt:
            self.stdout.write(
                _("Left in the other texts: “%(name)s”. If it is this person’s name, run:") % {"name": name}
            )
            self.stdout.write(f"manage.py effacer_personne {address} --nom {shlex.quote(name)}")
        for other in sorted(person.homonyms):
            self.stdout.write(
                _("Left with all that bears it: %(address)s, read beside the name. If it is this person’s, run:")
                % {"address": other}
            )
            self.stdout.write(f"manage.py effacer_personne {shlex.quote(other)}")
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

    def list_names(self, person: Person) -> None:
        for name, places in person.learnt.items():
            self.stdout.write(_("Name beside this address: “%(name)s”") % {"name": name} + f" ({', '.join(places)})")
            if is_common(name):
                self.stdout.write(str(COMMON_NAME % {"name": name}))

    def is_typed(self, name: str) -> bool:
        """Whether the operator types the name, so that it is erased everywhere."""
        self.stdout.write(_("To erase “%(name)s” in every text, type this name. Enter leaves it.") % {"name": name})
        return sys.stdin.readline().strip() == name
