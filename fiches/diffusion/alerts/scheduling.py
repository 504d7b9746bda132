"""Schedules the alerts: after each publication, hourly as a fallback, and weekly. Registers their retention."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fiches.diffusion.alerts import announcements, suivis
from fiches.diffusion.alerts.mails import register_letters
from fiches.diffusion.models import Rythme
from fiches.upkeep.periodic import register_periodic
from fiches.upkeep.retention import register_retention


def connect() -> None:
    """Registers the mails, the periodic work and the retention; called from ``AppConfig.ready()``."""
    register_letters()
    register_periodic("alertes", announcements.announce_published, every=timedelta(hours=1))
    register_periodic("alertes_de_la_semaine", announcements.announce_weekly, every=timedelta(days=7))
    register_retention(_("follows that nobody confirmed"), suivis.unconfirmed_too_long)
    register_retention(_("old follows"), suivis.confirmed_too_long_ago)
    register_retention(_("who was told of what"), announcements.obsolete_announcements)


def announce_after_commit() -> None:
    """Enqueues the alert mails about a publication once the transaction is committed."""
    transaction.on_commit(_announce, robust=True)


def _announce() -> None:
    if announcements.is_followed(Rythme.PUBLICATION):
        announcements.announce.enqueue(Rythme.PUBLICATION.value)
