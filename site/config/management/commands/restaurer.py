"""`manage.py restaurer SAUVEGARDE [--ecraser]`: restores the database and all files, and repeats later erasures.

Stop the web servers and the worker first. The backup must be of the same database engine and major version. A mark stays until all of
it is done: run the command again if it was killed.
"""

from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from config import backup
from fiches.upkeep import erasure_log


class Command(BaseCommand):
    help = "Puts the site back as a backup holds it, and erases again who was erased since."
    # It is what ends an unfinished restoration, for which the checks stop every other command.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sauvegarde", type=Path)
        parser.add_argument("--verifier", action="store_true", help="only check whether it can be restored here")
        parser.add_argument("--ecraser", action="store_true", help="in the place of what the database holds")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["sauvegarde"].resolve()
        with backup.failures_as_one_line():
            manifest = backup.read(folder)
            self.check_notes(folder)
            if options["verifier"]:
                self.stdout.write(f"{folder} : {len(manifest['empreintes'])} fichiers, empreintes vérifiées.")
                return
            if not options["ecraser"] and not backup.is_empty():
                raise backup.BackupError(
                    "La base n’est pas vide : ajoutez --ecraser pour remplacer ce qu’elle contient."
                )
            backup.begin_restoration()
            backup.load(folder / manifest["base"])
            backup.load_files(folder / backup.FILES)
            for other in backup.all_in(folder.parent):  # in case the site's own list of erasures is lost
                backup.add_notes(other)
            self.make_current(manifest)

    def check_notes(self, folder: Path) -> None:
        """:raises BackupError: a note of an erasure, of the site or of a backup beside, can't be read: it could not be repeated."""
        try:
            erasure_log.notes()
            for other in backup.all_in(folder.parent):
                for path in backup.notes_in(other):
                    erasure_log.read_note(str(path), path.read_bytes())
        except erasure_log.UnreadableNote as note:
            raise backup.BackupError(
                f"La note d’effacement {note} ne se lit pas. Reprenez-la d’une sauvegarde entière, ou ôtez la sauvegarde"
                " incomplète qui la contient, puis relancez la commande."
            ) from None

    def make_current(self, manifest: dict[str, Any]) -> None:
        from django.contrib.sessions.models import Session

        from fiches.upkeep.personal_data.erasure import erase_again

        call_command("migrate", interactive=False, verbosity=0)
        replayed = erasure_log.replay(backup.start_of(manifest), erase_again)
        backup.remember(manifest)  # the restored database does not contain it: it was dumped before it was whole
        Session.objects.all().delete()  # logs everyone out
        cache.clear()
        backup.end_restoration()
        self.stdout.write(f"Restauré au {manifest['debut']} ; {replayed} effacement(s) rejoué(s).")
