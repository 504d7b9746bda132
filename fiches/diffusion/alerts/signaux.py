"""When followers are told: after a publication, and by the calendar."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fiches.diffusion.alerts import annonces, suivis
from fiches.diffusion.alerts.lettres import register_letters
from fiches.diffusion.models import Rythme
from fiches.upkeep.periodic import register_periodic
from fiches.upkeep.retention import register_retention


def connect():
    register_letters()
    register_periodic("alertes", annonces.announce_published, every=timedelta(hours=1))
    register_periodic("alertes_de_la_semaine", annonces.announce_weekly, every=timedelta(days=7))
    register_retention(_("follows that nobody confirmed"), suivis.forgotten)
    register_retention(_("old follows"), suivis.old)
    register_retention(_("who was told of what"), annonces.old_news)


def announce_after_commit():
    """Queues the mails to followers of what was published, when the transaction is committed."""
    transaction.on_commit(_announce, robust=True)


def _announce():
    if annonces.is_followed(Rythme.PUBLICATION):
        annonces.announce.enqueue(Rythme.PUBLICATION.value)
