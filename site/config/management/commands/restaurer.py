"""`manage.py restaurer SAUVEGARDE [--ecraser]`: the database and all files as they were, less what was erased since.

Stop the web servers and the worker first. The backup must come from the same engine, of the same major version.
"""

from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.loader import MigrationLoader

from config.sauvegarde import base, dossier, fichiers
from config.sauvegarde.base import Refused


class Command(BaseCommand):
    help = "Puts the site back as a backup holds it, and erases again who was erased since."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sauvegarde", type=Path)
        parser.add_argument("--verifier", action="store_true", help="only check that the backup is whole")
        parser.add_argument("--ecraser", action="store_true", help="in the place of what the database holds")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["sauvegarde"].resolve()
        try:
            told = dossier.read(folder)
            if options["verifier"]:
                self.stdout.write(f"{folder} : {len(told['empreintes'])} fichiers, empreintes vérifiées.")
                return
            self.refuse_unless_fit(told, options["ecraser"])
            base.load(folder / told["base"])
            fichiers.load(folder / dossier.FILES)
            self.bring_notes(folder)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from None
        self.make_current(told)

    def refuse_unless_fit(self, told: dict[str, Any], may_overwrite: bool) -> None:
        dossier.check_server(told)
        known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
        # After a way back, the tables keep what the newer version brought, and this one has served with it.
        known.update(dossier.content()["migrations"])
        unknown = sorted(
            name for name in told["migrations"] if name not in known and name.partition(".")[0] in _apps(known)
        )
        if unknown:
            raise Refused(
                f"Cette sauvegarde vient d’une version plus récente du logiciel : {', '.join(unknown[:3])}."
                " Restaurez avec cette version-là, puis revenez en arrière."
            )
        if not may_overwrite and not base.is_empty():
            raise Refused("La base n’est pas vide : ajoutez --ecraser pour remplacer ce qu’elle contient.")

    def bring_notes(self, folder: Path) -> None:
        """What the other backups of the same place know of erasures, should the site's own list be lost."""
        for other in dossier.all_in(folder.parent):
            fichiers.add_notes(other / dossier.FILES)

    def make_current(self, told: dict[str, Any]) -> None:
        from django.contrib.sessions.models import Session

        from fiches.upkeep.erasures import replay
        from fiches.upkeep.personal_data.erasure import erase_person

        call_command("migrate", interactive=False, verbosity=0)
        followed = replay(dossier.start_of(told), erase_person)
        dossier.remember(told)  # the database that it holds was read before it was whole
        Session.objects.all().delete()  # nobody who was logged in then is now
        cache.clear()
        self.stdout.write(f"Restauré au {told['debut']} ; {followed} effacement(s) rejoué(s).")


def _apps(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}
