"""The app of the palmarès: nominations, the jury's scores, decisions, results under embargo."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class PalmaresConfig(AppConfig):
    name = "fiches.palmares"
    label = "palmares"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Palmarès")

    def ready(self):
        from fiches.palmares import embargo, lettres, recherche
        from fiches.palmares.models import Categorie, CritereDeNotation, Jure, Palmares
        from fiches.publications.receivers import shown_by_pages
        from fiches.publications.version import register_moments

        recherche.register()
        lettres.register()
        embargo.register()
        register_moments(embargo.upcoming, embargo.settle)
        shown_by_pages(Palmares, Categorie, CritereDeNotation, Jure)
        if apps.is_installed("fiches.diffusion"):
            from fiches.palmares import api, diplome, flux, integration

            api.register()
            flux.register_routes()
            diplome.register_routes()
            integration.register()
