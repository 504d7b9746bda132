"""The road books."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class CarnetsConfig(AppConfig):
    name = "etapes.carnets"
    label = "carnets"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Carnets de route")

    def ready(self):
        if apps.is_installed("fiches.diffusion"):
            from etapes.carnets import api

            api.register()
