"""The prizes: nominations, the jury's scores, decisions, results under embargo."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class PalmaresConfig(AppConfig):
    name = "fiches.palmares"
    label = "palmares"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Palmarès")

    def ready(self):
        from fiches.dependances import register_moments
        from fiches.palmares import embargo, lettres, recherche

        recherche.register()
        lettres.register()
        embargo.register()
        register_moments(embargo.next_change_at)
        if apps.is_installed("fiches.diffusion"):
            from fiches.palmares import api, diplome, flux, integration

            api.register()
            flux.register_routes()
            diplome.register_routes()
            integration.register()
