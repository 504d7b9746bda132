"""Wagtail hooks of this app: webhooks and reach in the admin, photos for social networks, previews on a front end."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from fiches.diffusion import headless_preview
from fiches.diffusion.embeds import reach
from fiches.diffusion.renditions import social_picture
from fiches.diffusion.webhook_admin import WebhookViewSetGroup
from fiches.models import FichePage


@hooks.register("register_admin_viewset")
def webhooks() -> WebhookViewSetGroup:
    return WebhookViewSetGroup()


@hooks.register("register_fiche_context")
def shared_photo(fiche: FichePage, request: HttpRequest) -> dict[str, dict[str, Any] | None]:
    """Adds ``photo_partagee`` to a fiche's context: its photo for social networks."""
    return {"photo_partagee": social_picture(fiche)}


@hooks.register("register_admin_urls")
def reach_urls() -> list[Any]:
    return [
        path("portee/", reach.ReachReportView.as_view(), name="portee"),
        path("portee/results/", reach.ReachReportView.as_view(results_only=True), name="portee_results"),
    ]


class ReachMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return request.user.has_perm("rallynov_diffusion.view_chargement")


@hooks.register("register_reports_menu_item")
def reach_menu_item() -> ReachMenuItem:
    return ReachMenuItem(_("Reach of the embeds"), reverse("portee"), icon_name="globe", order=900)


@hooks.register("preview_elsewhere")
def on_the_front_end(page: Page, request: HttpRequest) -> Any:
    return headless_preview.preview_elsewhere(page, request)
