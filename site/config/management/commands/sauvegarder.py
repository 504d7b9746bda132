"""`manage.py sauvegarder DOSSIER [--garder N]`: backs up the database and all files, with checksums, into a new folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import backup


class Command(BaseCommand):
    help = "Saves the database and the files into a new folder of DOSSIER, while the site runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dossier", type=Path)
        parser.add_argument("--garder", type=int, default=0, metavar="N", help="keep the N newest backups only")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["garder"] < 0:
            raise CommandError("--garder attend le nombre de sauvegardes à garder : 0 (toutes) ou plus.")
        with backup.failures_as_one_line():
            made = backup.make(options["dossier"])
            manifest = backup.read(made)  # reads it back from the disk and verifies the checksums
            backup.remember(manifest)
            old = backup.forget_old(options["dossier"], options["garder"])
        self.stdout.write(
            f"{made} : {len(manifest['empreintes'])} fichiers, empreintes vérifiées ; {len(old)} ancienne(s) retirée(s)."
        )
