"""What leaves the site."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiffusionConfig(AppConfig):
    name = "fiches.diffusion"
    label = "diffusion"
    verbose_name = _("Diffusion")

    def ready(self):
        from fiches.diffusion import adresses, contenu, journal, signaux  # noqa: F401 - its receivers
        from fiches.diffusion.alertes.signaux import connect as connect_alerts
        from fiches.diffusion.webhooks import lettre
        from fiches.models import FichePage
        from fiches.recherche.conditions import register_changes

        journal.register_pages("fiche", FichePage, contenu.build_fiches)
        register_changes(journal.changed_since)
        adresses.register_routes()
        connect_alerts()
        lettre.register()
