"""The deployment's own app: accounts, page security, errors, health."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = _("Deployment")

    def ready(self) -> None:
        from django.apps import apps
        from django.db.models.signals import post_migrate
        from wagtail.signals import page_published

        from config import reset, sessions, travaux
        from fiches.langues import make_locales
        from fiches.medias import note_references

        users: Any = apps.get_app_config("wagtailusers")
        users.user_viewset = "config.comptes.AccountViewSet"
        page_published.connect(note_references, dispatch_uid="note_references")
        reset.register()
        travaux.register()
        sessions.connect()
        post_migrate.connect(make_locales, sender=self, dispatch_uid="make_locales")
