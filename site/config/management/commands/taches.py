"""`manage.py taches`: lists the background tasks that failed, runs them again or forgets them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.timezone import localtime
from django_tasks_db.models import DBTaskResult


class Command(BaseCommand):
    help = "Lists the background tasks that failed. --reprendre runs the given ones again, all without a key; --oublier deletes them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reprendre", nargs="*", metavar="CLE", help="run them again, as they were asked")
        parser.add_argument("--oublier", nargs="*", metavar="CLE", help="delete them")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        again, forgotten = options["reprendre"], options["oublier"]
        asked = {*(again or ()), *(forgotten or ())}
        tasks = [task for task in DBTaskResult.objects.failed() if not asked or str(task.pk) in asked]
        if unknown := asked - {str(task.pk) for task in tasks}:
            raise CommandError(f"Aucune tâche en échec n’a cette clé : {', '.join(sorted(unknown))}.")
        for task in tasks:
            self.stdout.write(f"{task.pk}  {localtime(task.finished_at):%d/%m/%Y %H:%M}  {task.task_path}")
            self.stdout.write(f"    {task.traceback.strip().rpartition(chr(10))[2] or task.exception_class_path}")
            if again is not None:
                try:
                    function = task.task.using(run_after=None)
                except ImportError:
                    self.stderr.write("    Cette version du site ne connaît plus cette tâche : --oublier.")
                    continue
                function.enqueue(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
            if again is not None or forgotten is not None:
                task.delete()
