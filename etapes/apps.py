"""The road: the events where the fiches are presented."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class EtapesConfig(AppConfig):
    name = "etapes"
    label = "etapes"
    verbose_name = _("Étapes")

    def ready(self):
        from etapes import recherche
        from etapes.ical import register_routes

        register_routes()
        recherche.register()
        if apps.is_installed("fiches.diffusion"):
            from etapes import api, flux

            api.register()
            flux.register_routes()
