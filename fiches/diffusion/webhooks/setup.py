"""Registers the mail about a paused webhook and the periodic work of the webhooks."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from fiches.diffusion.webhooks import change_detection, delivery
from fiches.mail.wordings import Wording, register_letter
from fiches.upkeep.periodic import register_periodic
from fiches.upkeep.retention import register_retention

PAUSED = Wording(
    _("A webhook is paused"),
    ("nom", "motif", "adresse"),
    ("nom",),
)


def register() -> None:
    """Called from ``AppConfig.ready()``."""
    register_letter("webhook_en_pause", PAUSED)
    register_periodic("webhooks_pages", change_detection.compare_missed, every=timedelta(minutes=5))
    register_periodic("webhooks_messages", delivery.send_pending, every=timedelta(minutes=5))
    register_retention(_("log of webhooks"), delivery.old_log)
