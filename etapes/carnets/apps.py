"""Django app of the road books (carnets de route)."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class CarnetsConfig(AppConfig):
    name = "etapes.carnets"
    label = "rallynov_carnets"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Carnets de route")

    def ready(self) -> None:
        from etapes.carnets.models import CarnetPage
        from fiches.publications import ledger

        ledger.register_kind("carnet", CarnetPage)
        if apps.is_installed("fiches.diffusion"):
            from etapes.carnets import api, carnet_sending, leaflet_pdf

            api.register()
            leaflet_pdf.register_routes()
            carnet_sending.register()
