"""Django app of the site's own pages and settings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    label = "home"
    verbose_name = _("Site")

    def ready(self) -> None:
        from wagtail import hooks

        from fiches.diffusion.embeds import register_embed
        from fiches.diffusion.embeds.fiche_embeds import map_embed
        from fiches.media.access import register_public
        from fiches.moderation import roles
        from fiches.publications.receivers import shown_by_pages
        from home import api, contact, page_records
        from home.models import HomePage, LienDeMenu, LienDePied, Navigation, Organisme, Reference
        from home.models.settings import contact_address, signature

        shown_by_pages(LienDeMenu, LienDePied, Navigation, Organisme, Reference)
        hooks.register("team_address", contact_address)
        hooks.register("mail_signature", signature)
        api.register()
        roles.PERMISSIONS[roles.REDACTION] += [
            *roles.records("home.reference"),
            *roles.records("home.navigation", "home.organisme", actions=["change"]),
        ]
        roles.PAGES["home.homepage"] = {roles.REDACTION: roles.PUBLISH}
        # The address of the home page, pasted elsewhere, becomes the map.
        register_embed(map_embed("accueil", pages=(HomePage,)))
        page_records.connect()
        contact.register()
        register_public(Organisme, "partage")
