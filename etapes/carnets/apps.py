"""The road books."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CarnetsConfig(AppConfig):
    name = "etapes.carnets"
    label = "carnets"
    verbose_name = _("Carnets de route")
