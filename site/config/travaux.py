"""The deployment's own periodic work: what staff scheduled goes online, and what a killed process left of a file goes."""

from datetime import timedelta
from itertools import chain

from django.apps import apps
from django.core.files.storage import storages
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

from config import surveillance
from config.stockage import WholeFileStorage
from fiches.upkeep.periodic import for_each, register_periodic


def publish_scheduled() -> int:
    """Puts online and offline what is due, as Wagtail's command of that name does, each thing by itself: one that fails stops
    no other. Interrupted, it finds the rest the next minute. Returns how many there were."""
    # What goes offline loses its approved revisions: those are looked for afterwards.
    return for_each(chain.from_iterable(find() for find in (expired, to_publish)), act_on)


def expired() -> list[DraftStateMixin]:
    """What is online past its date."""
    draftable = [
        model for model in apps.get_models() if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    due = {"live": True, "expire_at__lt": timezone.now()}
    return [thing for model in (Page, *draftable) for thing in model.objects.filter(**due).order_by("expire_at")]


def to_publish() -> list[Revision]:
    """Revisions approved for an instant that is past."""
    return list(Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at"))


def act_on(thing: DraftStateMixin | Revision) -> None:
    if isinstance(thing, Revision):
        thing.publish(log_action="wagtail.publish.scheduled")
    else:
        thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def forget_unfinished() -> int:
    """Deletes what processes that were killed left unfinished; returns how many."""
    disks = [storage for alias in ("default", "private") if isinstance(storage := storages[alias], WholeFileStorage)]
    return sum(disk.forget_unfinished() for disk in disks)


def register() -> None:
    register_periodic("publications", publish_scheduled, every=timedelta(minutes=1))
    register_periodic("fichiers_inacheves", forget_unfinished, every=timedelta(days=1))
    surveillance.register()
