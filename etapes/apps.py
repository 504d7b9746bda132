"""Django app of the étapes: events where fiches are presented."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class EtapesConfig(AppConfig):
    name = "etapes"
    label = "rallynov_etapes"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Étapes")

    def ready(self) -> None:
        from etapes import etape_gaps, ical, inscriptions, search_extensions, translation_sync
        from etapes.models import EtapePage, Inscription, PresentationDeFiche
        from fiches.admin.dashboard import register_lines
        from fiches.media.access import register_released
        from fiches.publications import index_entries, ledger
        from fiches.publications.receivers import shown_by_pages
        from fiches.publications.version import register_dates

        ledger.register_kind("etape", EtapePage)
        index_entries.register_shown(EtapePage, search_extensions.shown_by_etapes)
        ical.register_routes()
        search_extensions.register()
        register_lines(etape_gaps.dashboard_lines)
        inscriptions.connect()
        translation_sync.connect()
        shown_by_pages(Inscription, PresentationDeFiche)
        register_dates(EtapePage, "commence_le", "termine_le", "inscriptions_jusqu_au")
        register_released(EtapePage)
        if apps.is_installed("fiches.diffusion"):
            from etapes import api, syndication

            api.register()
            syndication.register()
