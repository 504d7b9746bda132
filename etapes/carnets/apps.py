"""Django app of the road books (carnets de route)."""

from datetime import timedelta

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
            from etapes.carnets import api, carnet_embeds, feeds, leaflet_pdf

            api.register()
            carnet_embeds.register()
            feeds.register_routes()
            leaflet_pdf.register_routes()
            self._mail()

    def _mail(self) -> None:
        from etapes.carnets import carnet_sending, carnet_subscriptions, mails, views
        from fiches.upkeep.periodic import register_periodic
        from fiches.upkeep.retention import register_retention

        views.register_routes()
        mails.register()
        register_periodic("carnets", carnet_sending.resume, every=timedelta(minutes=1))
        register_retention(_("subscriptions that nobody confirmed"), carnet_subscriptions.unconfirmed_for_too_long)
        register_retention(
            _("old subscriptions"),
            carnet_subscriptions.expired,
            erase=lambda abonne: carnet_subscriptions.stop(abonne=abonne),
        )
