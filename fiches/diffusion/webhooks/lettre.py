"""What is written to those who look after webhooks, and the periodic work of this room."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from fiches.diffusion.webhooks import livraison, suivi
from fiches.mail.wordings import Wording, register_letter
from fiches.upkeep.periodic import register_periodic

PAUSED = Wording(
    _("A webhook is paused"),
    ("nom", "motif", "adresse"),
    ("nom",),
)


def register():
    """Called once, when Django starts."""
    register_letter("webhook_en_pause", PAUSED)
    register_periodic("webhooks_pages", suivi.look_again, every=timedelta(minutes=5))
    register_periodic("webhooks_messages", livraison.send_pending, every=timedelta(minutes=5))
    register_periodic("webhooks_journal", livraison.forget_old, every=timedelta(days=1))
