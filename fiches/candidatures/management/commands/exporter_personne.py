"""`manage.py exporter_personne adresse dossier.zip`: exports the personal data of an address (GDPR, articles 15 and 20)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from fiches.candidatures.invitation import normalize_address
from fiches.candidatures.personal_data import export_person


class Command(BaseCommand):
    help = "Writes a person's data and files in a ZIP archive."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("courriel")
        parser.add_argument("archive")
        parser.add_argument("--nom", default="", help="The full name, for where the address does not stand.")

    def handle(self, *args: Any, courriel: Any, archive: Any, nom: Any, **options: Any) -> None:
        try:
            file = open(archive, "xb")  # noqa: SIM115 - closed below; an error of the export is not one of the archive's path
        except OSError as error:
            message = _("Nothing was written: %(archive)s can’t be made (%(error)s).")
            raise CommandError(message % {"archive": archive, "error": error.strerror}) from None
        with file:
            export_person(normalize_address(courriel), file, nom)
        self.stdout.write(archive)
