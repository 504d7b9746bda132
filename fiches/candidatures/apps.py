"""The app of the dossiers and tips sent by the public."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CandidaturesConfig(AppConfig):
    name = "fiches.candidatures"
    label = "rallynov_candidatures"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Candidatures")

    def ready(self) -> None:
        from datetime import timedelta

        from django.db.models.signals import post_delete

        from fiches.candidatures import (
            dossier_erasure,
            mails,
            moderation_signals,
            pieces,
            reminders,
        )
        from fiches.candidatures.models import Appel, Signalement
        from fiches.publications.receivers import shown_by_pages
        from fiches.publications.version import register_dates
        from fiches.upkeep.periodic import register_periodic

        moderation_signals.connect()
        post_delete.connect(pieces.delete_photo, sender=Signalement, dispatch_uid="candidatures_tip_deleted")
        shown_by_pages(Appel)
        register_dates(Appel, "ouverture", "cloture")
        mails.register_letters()
        dossier_erasure.register()
        register_periodic("rappels", reminders.remind, every=timedelta(hours=1))
        register_periodic("recapitulatif", reminders.summarise_morning, every=timedelta(hours=1))
