"""Configuration of the core app: connects the receivers and fills the registries when Django starts, room by room."""

from datetime import timedelta

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class FichesConfig(AppConfig):
    name = "fiches"
    label = "rallynov_fiches"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Fiches")

    def ready(self) -> None:
        from fiches.territoire.territory import territory

        territory()  # raises ImproperlyConfigured, in one line, if the setting names no département
        _connect_moderation()
        _connect_forms(self)
        _connect_publications()
        _connect_upkeep()
        _connect_admin()
        if apps.is_installed("django_tasks_db"):
            _connect_tasks()


def _connect_moderation() -> None:
    from fiches import wagtail_overrides
    from fiches.media import access
    from fiches.models.moderation import EtapeDeModeration, ReviewedIndex, ReviewedPage
    from fiches.moderation import decision, notifications, permissions, reviewers, roles
    from fiches.pages import copies  # noqa: F401 - importing it connects its receiver

    ReviewedIndex.permission_tester = permissions.FicheIndexPermissionTester
    ReviewedPage.permission_tester = permissions.FichePermissionTester
    EtapeDeModeration.decision, EtapeDeModeration.reviewers = decision, reviewers
    permissions.register()
    roles.connect()
    decision.connect()
    notifications.connect()
    access.connect()
    wagtail_overrides.install()


def _connect_forms(config: AppConfig) -> None:
    """What the models take from the rooms above them: forms and wordings."""
    from fiches.admin.fiche_form import FicheForm
    from fiches.forms import widgets  # noqa: F401 - importing it makes LinesInput the admin's widget of every TextField
    from fiches.mail import subscriptions, wordings
    from fiches.models import Courriel, FichePage, ModeleDeCourriel
    from fiches.models.fiche import get_fiche_model

    subscriptions.connect()
    FichePage.base_form_class = FicheForm
    FichePage.is_creatable = get_fiche_model() is FichePage
    ModeleDeCourriel.wordings = Courriel.wordings = wordings
    post_migrate.connect(wordings.make_rows, sender=config, dispatch_uid="rallynov_wordings")


def _connect_publications() -> None:
    """The kinds of the register, what writes it and what reads it."""
    from wagtail.models import Page

    from fiches.models import FichePage
    from fiches.publications import ledger, receivers, version
    from fiches.query.map_data import register_routes

    # `go_live_at` needs none: the scheduler's publication moves the version.
    version.register_dates(Page, "expire_at")
    ledger.register_kind("fiche", FichePage)  # `fiches.diffusion` registers what the API gives of it
    ledger.register_kind(ledger.PAGE, Page)
    receivers.connect()
    register_routes()


def _connect_upkeep() -> None:
    """Personal data, retention and the periodic work on them."""
    from fiches.mail.outbox import send_pending
    from fiches.query import search_terms
    from fiches.upkeep import erasure_log, retention
    from fiches.upkeep.periodic import register_periodic

    autodiscover_modules("personal_data")
    from fiches.upkeep.personal_data import third_party_columns  # noqa: F401 - importing it declares the tables

    retention.register_retention(_("rows of imports"), retention.old_imports, describe=retention.name_of_import)
    retention.register_retention(_("searches that found nothing"), search_terms.too_old)
    register_periodic("courriels", send_pending, every=timedelta(minutes=1))
    register_periodic("conservation", retention.delete_when_due, every=timedelta(days=1))
    register_periodic("effacements", erasure_log.delete_old_notes, every=timedelta(days=1))


def _connect_admin() -> None:
    """The lines of the dashboard."""
    from fiches.admin import dashboard, outbox_list

    for module in (dashboard, outbox_list):
        dashboard.register_lines(module.lines)


def _connect_tasks() -> None:
    """The tasks that were lost, where they are stored in the database."""
    from fiches.upkeep import lost_tasks
    from fiches.upkeep.periodic import register_periodic

    register_periodic("taches perdues", lost_tasks.requeue_lost, every=timedelta(minutes=1))
