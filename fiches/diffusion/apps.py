"""The app of everything that leaves the site: API, feeds, embeds, webhooks, alerts, open data, PDF."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiffusionConfig(AppConfig):
    name = "fiches.diffusion"
    label = "diffusion"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Diffusion")

    def ready(self):
        from fiches.admin.dashboard import register_lines
        from fiches.diffusion import adresses, after_publication, apercus, contenu, frontal, preparation
        from fiches.diffusion.alerts.signaux import connect as connect_alerts
        from fiches.diffusion.api import types
        from fiches.diffusion.embeds import fiches as integration
        from fiches.diffusion.embeds import portee, silences
        from fiches.diffusion.webhooks import lettre
        from fiches.models import FichePage
        from fiches.publications import ledger
        from fiches.upkeep.periodic import register_periodic

        ledger.register_kind("fiche", FichePage, contenu.build_fiches)
        types.register()
        after_publication.connect()
        adresses.register_routes()
        apercus.register()
        integration.register()
        register_lines(silences.lines)
        register_periodic("portee", portee.delete_old, every=timedelta(days=1))
        preparation.register()
        register_periodic("preparation", preparation.prepare, every=timedelta(minutes=5))
        register_periodic("apercus", frontal.delete_old_previews, every=timedelta(days=1))
        connect_alerts()
        lettre.register()
