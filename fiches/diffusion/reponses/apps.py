"""Whole responses, kept."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReponsesConfig(AppConfig):
    name = "fiches.diffusion.reponses"
    label = "reponses"
    verbose_name = _("Kept responses")

    def ready(self):
        from fiches.dependances import register_moments
        from fiches.diffusion.reponses import ecritures, moments, signaux  # noqa: F401 - its receivers
        from fiches.diffusion.reponses.changements import forget_old
        from fiches.echeances import register_periodic

        ecritures.watch_connections()
        register_moments(moments.midnight)
        register_moments(moments.pages)
        register_periodic("reponses", forget_old, every=timedelta(days=1))
