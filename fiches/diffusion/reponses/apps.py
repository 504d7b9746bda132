"""Whole responses, kept."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReponsesConfig(AppConfig):
    name = "fiches.diffusion.reponses"
    label = "reponses"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Kept responses")

    def ready(self):
        from wagtail.models import Page

        from fiches.dependances import register_dates, register_moments
        from fiches.diffusion.reponses import ecritures, moments, signaux  # noqa: F401 - its receivers
        from fiches.diffusion.reponses.changements import forget_old
        from fiches.echeances import register_periodic

        ecritures.watch_connections()
        register_moments(moments.midnight)
        register_dates(Page, "expire_at")  # one that goes live is published by the scheduler, which writes
        register_periodic("reponses", forget_old, every=timedelta(days=1))
