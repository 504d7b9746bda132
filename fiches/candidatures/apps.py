"""The app of the dossiers and tips sent by the public."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CandidaturesConfig(AppConfig):
    name = "fiches.candidatures"
    label = "candidatures"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Candidatures")

    def ready(self):
        from datetime import timedelta

        from fiches.candidatures import attaches, conservation, effacements, lettres, rappels, soumission, suivi, taches
        from fiches.candidatures.models import Appel
        from fiches.publications.receivers import shown_by_pages
        from fiches.publications.version import register_dates
        from fiches.upkeep.periodic import register_periodic

        suivi.connect()
        shown_by_pages(Appel)
        register_dates(Appel, "ouverture", "cloture")
        lettres.register_letters()
        attaches.register()
        taches.register()
        conservation.register()
        effacements.register()
        register_periodic("rappels", rappels.remind, every=timedelta(hours=1))
        register_periodic("recapitulatif", rappels.summarise_morning, every=timedelta(hours=1))
        register_periodic("relectures", soumission.resume_pending, every=timedelta(minutes=10))
