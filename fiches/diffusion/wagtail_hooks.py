"""Wagtail hooks of this app: webhooks and reach in the admin, social cards, previews on a front end, API actions."""

from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from fiches.diffusion import frontal
from fiches.diffusion.embeds import rapports, silences
from fiches.diffusion.jetons import SubmitChangedFiche, SubmitNewFiche
from fiches.diffusion.paper import social_cards
from fiches.diffusion.webhooks.ecrans import WebhookViewSetGroup
from fiches.models import FichePage


@hooks.register("register_actions")
def register_moderated_actions(registry):
    registry.register(FichePage, SubmitNewFiche)
    registry.register(FichePage, SubmitChangedFiche)


@hooks.register("register_admin_viewset")
def webhooks():
    return WebhookViewSetGroup()


@hooks.register("register_fiche_context")
def social_card(fiche, request):
    """Adds ``carte_sociale`` to a fiche's context: its picture for social networks."""
    return {"carte_sociale": social_cards.metadata(fiche)}


@hooks.register("register_admin_urls")
def reach_urls():
    return [
        path("portee/", rapports.everything, name="portee"),
        path("portee/silences/", silences.screen, name="portee_silences"),
        path("portee/partenaire/<slug:slug>/", rapports.of_partner, name="portee_partenaire"),
        path("portee/financeur/<slug:slug>/", rapports.for_funder, name="portee_financeur"),
    ]


class ReachMenuItem(MenuItem):
    def is_shown(self, request):
        return rapports.may_see_something(request.user)


@hooks.register("register_reports_menu_item")
def reach_menu_item():
    return ReachMenuItem(_("Reach of the embeds"), reverse("portee"), icon_name="globe", order=900)


@hooks.register("preview_elsewhere")
def on_the_front_end(page, request):
    return frontal.preview_elsewhere(page, request)
