"""Prizes, jury and results."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PalmaresConfig(AppConfig):
    name = "fiches.palmares"
    label = "palmares"
    verbose_name = _("Palmarès")
