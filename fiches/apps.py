"""The innovation sheets."""

from django.apps import AppConfig, apps
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class FichesConfig(AppConfig):
    name = "fiches"
    label = "fiches"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Fiches")

    def ready(self):
        from fiches import (
            copies,
            langues,
            medias,
            moderation,
            notifications,
            permissions,
            roles,
            wagtail_overrides,
        )
        from fiches.publications import version

        version.connect()
        langues.connect()
        permissions.register()
        roles.connect()
        moderation.connect()
        notifications.connect()
        medias.connect()
        copies.connect()
        wagtail_overrides.install(wagtail_overrides.OVERRIDES)
        from wagtail.models import Page

        from fiches.widgets import register_lines

        register_lines()
        from wagtail.documents import get_document_model

        from fiches import checks  # noqa: F401 - it registers itself
        from fiches.models import FichePage
        from fiches.publications import documents, ledger, receivers  # noqa: F401 - its receivers
        from fiches.recherche.adresses import register_routes

        version.register_dates(Page, "expire_at")  # one that goes live is published by the scheduler, which writes
        ledger.register_kind("fiche", FichePage)  # `fiches.diffusion` says what of it leaves the site
        ledger.register_kind(ledger.PAGE, Page)
        ledger.register_kind(ledger.DOCUMENT, get_document_model())
        documents.connect()
        ledger.connect(self)
        register_routes()
        from datetime import timedelta

        from fiches import conservation, corbeille, effacements, first_steps
        from fiches.courrier import send_pending
        from fiches.echeances import register_periodic
        from fiches.importation import travail
        from fiches.redaction import bilans, liens, rapport_des_liens, taches
        from fiches.tableau_de_bord import register_first_steps, register_lines

        autodiscover_modules("personal_data")
        from fiches.personal_data import framework, tables  # noqa: F401 - their declarations

        bilans.connect()
        corbeille.connect()
        liens.connect()
        register_first_steps(first_steps.steps)
        register_lines(taches.lines)
        register_lines(rapport_des_liens.lines)

        register_periodic("courriels", send_pending, every=timedelta(minutes=10))
        register_periodic("bilans", bilans.measure_pending, every=timedelta(minutes=10))
        register_periodic("liens", liens.look, every=timedelta(minutes=30))
        register_periodic("liens des pages", liens.note_all, every=timedelta(days=7))
        register_periodic("imports", travail.resume_pending, every=timedelta(minutes=10))
        register_periodic("conservation", conservation.delete_too_old, every=timedelta(days=1))
        register_periodic("effacements", effacements.forget_old, every=timedelta(days=1))
        conservation.register_own()
        if apps.is_installed("django_tasks_db"):
            from fiches import lost_tasks

            lost_tasks.connect()
            register_periodic("taches perdues", lost_tasks.retake, every=timedelta(minutes=1))
