"""The app of the palmarès: nominations, the jury's scores, decisions, results under embargo."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class PalmaresConfig(AppConfig):
    name = "fiches.palmares"
    label = "rallynov_palmares"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Palmarès")

    def ready(self) -> None:
        from fiches.palmares import embargo, indexed_texts, mails, prize_filter
        from fiches.palmares.models import Categorie, CritereDeNotation, Jure, Palmares
        from fiches.publications.receivers import shown_by_pages
        from fiches.publications.version import register_moments

        prize_filter.register()
        mails.register()
        embargo.register()
        indexed_texts.connect()
        register_moments(embargo.upcoming, embargo.settle)
        shown_by_pages(Palmares, Categorie, CritereDeNotation, Jure)
        if apps.is_installed("fiches.diffusion"):
            from fiches.palmares import api, diploma

            api.register()
            diploma.register_routes()
