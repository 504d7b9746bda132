"""The innovation sheets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FichesConfig(AppConfig):
    name = "fiches"
    label = "fiches"
    verbose_name = _("Fiches")

    def ready(self):
        from fiches import medias, notifications, permissions, roles

        permissions.register()
        roles.connect()
        notifications.connect()
        medias.connect()
        from fiches.recherche import signaux  # noqa: F401 - its receivers
        from fiches.recherche.adresses import register_routes

        register_routes()
