"""`manage.py restaurer SAUVEGARDE [--ecraser]`: restores the database and all files, and repeats later erasures.

A mark stays until all of it is done (:mod:`config.backup.restoration_mark`): run it again if it was killed. Stop the web servers and the worker first. The backup must be of the same database engine and major version.
"""

from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.loader import MigrationLoader

from config.backup import backup_folder, database, file_storages, restoration_mark
from config.backup.database import BackupRefused


class Command(BaseCommand):
    help = "Puts the site back as a backup holds it, and erases again who was erased since."
    # It is what ends an unfinished restoration, for which the checks stop every other command.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sauvegarde", type=Path)
        parser.add_argument("--verifier", action="store_true", help="only check that the backup is whole")
        parser.add_argument("--ecraser", action="store_true", help="in the place of what the database holds")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["sauvegarde"].resolve()
        try:
            manifest = backup_folder.read(folder)
            if options["verifier"]:
                self.stdout.write(f"{folder} : {len(manifest['empreintes'])} fichiers, empreintes vérifiées.")
                return
            self.refuse_unless_fit(manifest, options["ecraser"])
            restoration_mark.begin()
            database.load(folder / manifest["base"])
            file_storages.load(folder / backup_folder.FILES)
            self.bring_notes(folder)
        except (BackupRefused, OSError) as error:
            raise CommandError(str(error)) from None
        self.make_current(manifest)

    def refuse_unless_fit(self, manifest: dict[str, Any], may_overwrite: bool) -> None:
        backup_folder.check_server(manifest)
        available = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
        # After a rollback of the code, the tables keep the newer version's migrations; this version runs with them.
        available.update(backup_folder.content()["migrations"])
        unknown = sorted(
            name
            for name in manifest["migrations"]
            if name not in available and name.partition(".")[0] in _apps(available)
        )
        if unknown:
            raise BackupRefused(
                f"Cette sauvegarde vient d’une version plus récente du logiciel : {', '.join(unknown[:3])}."
                " Restaurez avec cette version-là, puis revenez en arrière."
            )
        if not may_overwrite and not database.is_empty():
            raise BackupRefused("La base n’est pas vide : ajoutez --ecraser pour remplacer ce qu’elle contient.")

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


def _apps(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}
