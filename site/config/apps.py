"""Django apps of the deployment: accounts, security, errors, health."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    default = True
    name = "config"
    verbose_name = _("Deployment")

    def ready(self) -> None:
        from django.core.checks import register
        from django.db.models.signals import post_migrate

        from config import backup, password_reset, scheduled_work
        from fiches.content_language import make_locales

        register(backup.no_restoration_is_unfinished, "rallynov")
        password_reset.register()
        scheduled_work.register()
        post_migrate.connect(make_locales, sender=self, dispatch_uid="make_locales")
