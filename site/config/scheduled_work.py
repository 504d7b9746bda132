"""Periodic work of the deployment: scheduled publication and expiry."""

from datetime import timedelta
from itertools import chain

from django.apps import apps
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

from config import monitoring
from fiches.upkeep.periodic import for_each, register_periodic


def publish_scheduled() -> int:
    """Periodic: publishes and unpublishes what is due, as Wagtail's command of that name, but one failure does not stop the
    others. Returns the number of objects."""
    # Lazily: unpublishing an object removes its approved revisions, which must then not be published.
    return for_each(chain.from_iterable(find() for find in (expired, to_publish)), act_on)


def expired() -> list[DraftStateMixin]:
    """Live objects past their expiry date."""
    draftable = [
        model for model in apps.get_models() if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    due = {"live": True, "expire_at__lt": timezone.now()}
    return [instance for model in (Page, *draftable) for instance in model.objects.filter(**due).order_by("expire_at")]


def to_publish() -> list[Revision]:
    """Revisions approved for publication at a time that is past."""
    return list(Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at"))


def act_on(instance: DraftStateMixin | Revision) -> None:
    if isinstance(instance, Revision):
        instance.publish(log_action="wagtail.publish.scheduled")
    else:
        instance.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def register() -> None:
    register_periodic("publications", publish_scheduled, every=timedelta(minutes=1))
    monitoring.register()
