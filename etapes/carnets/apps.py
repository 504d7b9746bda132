"""Django app of the road books (carnets de route)."""

from datetime import timedelta

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class CarnetsConfig(AppConfig):
    name = "etapes.carnets"
    label = "carnets"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Carnets de route")

    def ready(self):
        from etapes.carnets.models import CarnetPage
        from fiches.publications import ledger

        ledger.register_kind("carnet", CarnetPage)
        if apps.is_installed("fiches.diffusion"):
            from etapes.carnets import api, flux, papier

            api.register()
            flux.register_routes()
            papier.register_routes()
            self._mail()

    def _mail(self):
        from etapes.carnets import abonnements, envois, lettres, vues
        from fiches.upkeep.periodic import register_periodic
        from fiches.upkeep.retention import register_retention

        vues.register_routes()
        lettres.register()
        register_periodic("carnets", envois.resume, every=timedelta(minutes=1))
        register_retention(_("subscriptions that nobody confirmed"), abonnements.unconfirmed_for_too_long)
        register_retention(
            _("old subscriptions"), abonnements.expired, erase=lambda abonne: abonnements.stop(abonne=abonne)
        )
