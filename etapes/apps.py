"""Django app of the étapes: events where fiches are presented."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class EtapesConfig(AppConfig):
    name = "etapes"
    label = "etapes"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Étapes")

    def ready(self):
        from etapes import ical, inscriptions, recherche, taches, traductions
        from etapes.models import EtapePage, Inscription, PresentationDeFiche
        from fiches.admin.dashboard import register_lines
        from fiches.media.access import register_released
        from fiches.pages.pictures import register_sizes
        from fiches.publications import ledger, searched
        from fiches.publications.receivers import shown_by_pages
        from fiches.publications.version import register_dates

        ledger.register_kind("etape", EtapePage)
        searched.register_names(EtapePage, recherche.names)
        ical.register_routes()
        recherche.register()
        register_lines(taches.lines)
        inscriptions.connect()
        traductions.connect()
        shown_by_pages(Inscription, PresentationDeFiche)
        register_dates(EtapePage, "commence_le", "termine_le", "inscriptions_jusqu_au")
        register_sizes(EtapePage, "photo", "format-{webp,jpeg}|width-{400,800,1216}")
        register_released(EtapePage)
        if apps.is_installed("fiches.diffusion"):
            from etapes import api, flux, integration

            api.register()
            integration.register()
            flux.register_routes()
