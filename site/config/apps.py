"""Django apps of the deployment: accounts, security, errors, health."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    default = True
    name = "config"
    verbose_name = _("Deployment")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from config import checks, password_reset, scheduled_work  # noqa: F401 - checks register themselves
        from fiches.content_language import make_locales

        password_reset.register()
        scheduled_work.register()
        post_migrate.connect(make_locales, sender=self, dispatch_uid="make_locales")
