"""The app of the palmarès: nominations, the jury's scores, decisions, results under embargo."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class PalmaresConfig(AppConfig):
    name = "fiches.palmares"
    label = "rallynov_palmares"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Palmarès")

    def ready(self) -> None:
        from fiches.palmares import indexed_texts, prize_filter, transitions
        from fiches.palmares.models import Categorie, CritereDeNotation, Jure, Palmares
        from fiches.publications.receivers import shown_by_pages

        prize_filter.register()
        transitions.register()
        indexed_texts.connect()
        shown_by_pages(Palmares, Categorie, CritereDeNotation, Jure)
        if apps.is_installed("fiches.diffusion"):
            from fiches.palmares import api, diploma

            api.register()
            diploma.register_routes()
