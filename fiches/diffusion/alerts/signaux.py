"""Schedules the alerts: after each publication, hourly as a fallback, and weekly. Registers their retention."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fiches.diffusion.alerts import annonces, suivis
from fiches.diffusion.alerts.lettres import register_letters
from fiches.diffusion.models import Rythme
from fiches.upkeep.periodic import register_periodic
from fiches.upkeep.retention import register_retention


def connect():
    """Registers the mails, the periodic work and the retention; called from ``AppConfig.ready()``."""
    register_letters()
    register_periodic("alertes", annonces.announce_published, every=timedelta(hours=1))
    register_periodic("alertes_de_la_semaine", annonces.announce_weekly, every=timedelta(days=7))
    register_retention(_("follows that nobody confirmed"), suivis.unconfirmed_too_long)
    register_retention(_("old follows"), suivis.confirmed_too_long_ago)
    register_retention(_("who was told of what"), annonces.obsolete_announcements)


def announce_after_commit():
    """Enqueues the alert mails about a publication once the transaction is committed."""
    transaction.on_commit(_announce, robust=True)


def _announce():
    if annonces.is_followed(Rythme.PUBLICATION):
        annonces.announce.enqueue(Rythme.PUBLICATION.value)
