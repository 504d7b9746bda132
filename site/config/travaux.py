"""The deployment's own periodic work: what staff scheduled goes online, and what a killed process left of a file goes."""

from datetime import timedelta

from django.core.files.storage import storages
from django.core.management import call_command

from config import surveillance
from config.stockage import WholeFileStorage
from fiches.echeances import register_periodic


def publish_scheduled() -> None:
    """Wagtail's own command, online and offline. Interrupted, it finds the rest the next minute."""
    call_command("publish_scheduled", verbosity=0)


def forget_unfinished() -> int:
    """Deletes what processes that were killed left unfinished; returns how many."""
    disks = [storage for alias in ("default", "private") if isinstance(storage := storages[alias], WholeFileStorage)]
    return sum(disk.forget_unfinished() for disk in disks)


def register() -> None:
    register_periodic("publications", publish_scheduled, every=timedelta(minutes=1))
    register_periodic("fichiers_inacheves", forget_unfinished, every=timedelta(days=1))
    surveillance.register()
