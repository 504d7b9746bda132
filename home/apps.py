"""The site's own pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    label = "home"
    verbose_name = _("Site")

    def ready(self):
        from wagtail.contrib.redirects.models import Redirect

        from fiches.publications.receivers import shown_by_pages
        from home.models import LienDeMenu, LienDePied, Navigation, Organisme, Reference

        shown_by_pages(LienDeMenu, LienDePied, Navigation, Organisme, Redirect, Reference)
