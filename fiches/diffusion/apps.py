"""What leaves the site."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiffusionConfig(AppConfig):
    name = "fiches.diffusion"
    label = "diffusion"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Diffusion")

    def ready(self):
        from fiches.diffusion import adresses, apercus, contenu, frontal, papier, preparation
        from fiches.diffusion.alertes.signaux import connect as connect_alerts
        from fiches.diffusion.integration import fiches as integration
        from fiches.diffusion.integration import portee, silences
        from fiches.diffusion.webhooks import lettre
        from fiches.echeances import register_periodic
        from fiches.models import FichePage
        from fiches.publications import ledger
        from fiches.tableau_de_bord import register_lines

        ledger.register_kind("fiche", FichePage, contenu.build_fiches)
        papier.connect()
        adresses.register_routes()
        apercus.register()
        integration.register()
        register_lines(silences.lines)
        register_periodic("portee", portee.forget, every=timedelta(days=1))
        preparation.register()
        register_periodic("preparation", preparation.prepare, every=timedelta(minutes=5))
        register_periodic("apercus", frontal.forget, every=timedelta(days=1))
        connect_alerts()
        lettre.register()
