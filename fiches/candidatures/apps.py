"""The dossiers and the tips that the public sends."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CandidaturesConfig(AppConfig):
    name = "fiches.candidatures"
    label = "candidatures"
    verbose_name = _("Candidatures")

    def ready(self):
        from fiches.candidatures import suivi

        suivi.connect()
