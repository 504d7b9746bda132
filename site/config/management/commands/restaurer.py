"""`manage.py restaurer SAUVEGARDE [--ecraser]`: restores the database and all files, and repeats later erasures.

Stop the web servers and the worker first. The backup must be of the same database engine and major version. A mark stays until all of
it is done (:mod:`config.backup.restoration_mark`): run the command again if it was killed.
"""

from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from config.backup import backup_folder, database, file_storages, restoration_mark
from config.backup.refusals import BackupRefused, as_one_line
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
        with as_one_line():
            manifest = self.checked(folder)
            if options["verifier"]:
                self.stdout.write(f"{folder} : {len(manifest['empreintes'])} fichiers, empreintes vérifiées.")
                return
            if not options["ecraser"] and not database.is_empty():
                raise BackupRefused("La base n’est pas vide : ajoutez --ecraser pour remplacer ce qu’elle contient.")
            restoration_mark.begin()
            database.load(folder / manifest["base"])
            file_storages.load(folder / backup_folder.FILES)
            self.bring_notes(folder)
            self.make_current(manifest)

    def checked(self, folder: Path) -> dict[str, Any]:
        """Returns the manifest of a backup that can be restored on this site.

        :raises BackupRefused: it is damaged, or does not fit this site.
        """
        file_storages.check_disks(folder)
        manifest = backup_folder.read(folder)
        backup_folder.check_server(manifest)
        backup_folder.check_version(manifest)
        self.check_notes(folder)
        return manifest

    def check_notes(self, folder: Path) -> None:
        """:raises BackupRefused: a note of an erasure, of the site or of a backup beside, can't be read: it could not be repeated."""
        try:
            erasure_log.notes()
            for other in backup_folder.all_in(folder.parent):
                for path in file_storages.notes_in(other / backup_folder.FILES):
                    erasure_log.read_note(str(path), path.read_bytes())
        except erasure_log.UnreadableNote as note:
            raise BackupRefused(
                f"La note d’effacement {note} ne se lit pas. Reprenez-la d’une sauvegarde entière, ou ôtez la sauvegarde"
                " incomplète qui la contient, puis relancez la commande."
            ) from None

    def bring_notes(self, folder: Path) -> None:
        """Adds the erasures recorded in the other backups of the same folder, in case the site's own list is lost."""
        for other in backup_folder.all_in(folder.parent):
            file_storages.add_notes(other / backup_folder.FILES)

    def make_current(self, manifest: dict[str, Any]) -> None:
        from django.contrib.sessions.models import Session

        from fiches.upkeep.erasure_log import replay
        from fiches.upkeep.personal_data.erasure import erase_again

        call_command("migrate", interactive=False, verbosity=0)
        replayed = replay(backup_folder.start_of(manifest), erase_again)
        backup_folder.remember(
            manifest
        )  # the restored database does not contain it: it was dumped before the backup was complete
        Session.objects.all().delete()  # logs everyone out
        cache.clear()
        restoration_mark.end()
        self.stdout.write(f"Restauré au {manifest['debut']} ; {replayed} effacement(s) rejoué(s).")
