"""The deployment's own app: accounts, page security, errors, health."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = _("Deployment")

    def ready(self) -> None:
        from wagtail.signals import page_published

        from config import reset, sessions
        from config.media import note_references

        page_published.connect(note_references, dispatch_uid="note_references")
        reset.register()
        sessions.connect()
