"""Wagtail hooks of the road books: the screen that sends one, the list of subscribers, and the warning about one without a block."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import Button
from wagtail.models import Page

from etapes.carnets.models import Abonne, CarnetPage


class AbonneIndexView(generic.IndexView):
    """Subscribers, confirmed or not. Staff can't add any: consent is the subscriber's own."""

    def get_base_queryset(self) -> QuerySet:
        return Abonne.objects.all()

    columns = [
        Column("courriel", label=_("E-mail"), sort_key="courriel"),
        DateColumn("demande_le", label=_("Asked for"), sort_key="demande_le"),
        DateColumn("confirme_le", label=_("Confirmed"), sort_key="confirme_le"),
    ]


class AbonneDeleteView(generic.DeleteView):
    """Deletes a subscription as the subscriber's own request does."""

    def delete_action(self) -> None:
        from etapes.carnets.carnet_subscriptions import stop

        stop(abonne=self.object)


class AbonneViewSet(ModelViewSet):
    model = Abonne
    name = "abonnes"
    icon = "mail"
    menu_label = _("Subscribers")
    menu_order = 156
    add_to_admin_menu = True
    index_view_class = AbonneIndexView
    delete_view_class = AbonneDeleteView
    search_fields = ["courriel"]
    form_fields = ["courriel"]
    copy_view_enabled = False

    def register_admin_url_finder(self) -> None:
        """Does nothing: there is no edit view to link to."""

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        others = {"add_url_name": None, "edit_url_name": None, "usage_url_name": None}
        return super().get_common_view_kwargs(**{**others, **kwargs})

    def get_urlpatterns(self) -> list[Any]:
        names = ("index", "index_results", "delete")
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in names]


def warn_of_no_block(request: HttpRequest, page: Page) -> None:
    """Shows a warning about a road book that has no block."""
    if isinstance(page, CarnetPage) and not page.corps:
        text = _("“%(title)s” has no block yet: online, it shows its title and its introduction only.")
        messages.warning(request, text % {"title": page.get_admin_display_title()})


@hooks.register("before_edit_page")
def warn_before_publication(request: HttpRequest, page: Page) -> None:
    if request.method == "GET":
        warn_of_no_block(request, page)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def warn_after_publication(request: HttpRequest, page: Page) -> None:
    """Of a draft, the form that opens again says so."""
    if "action-publish" in request.POST:
        warn_of_no_block(request, page)


if apps.is_installed("fiches.diffusion"):

    @hooks.register("register_admin_viewset")
    def subscribers() -> AbonneViewSet:
        return AbonneViewSet()

    @hooks.register("register_admin_urls")
    def sending_urls() -> list[Any]:
        return [path("", include("etapes.carnets.admin_urls"))]

    @hooks.register("register_page_header_buttons")
    def send_button(page: Any, user: AbstractUser, view_name: str = "", next_url: str | None = None) -> Iterator[Any]:
        if isinstance(page, CarnetPage) and page.pk and user.has_perm("rallynov_carnets.add_diffusion"):
            address = reverse("carnets_envoi", args=[page.pk])
            yield Button(_("Send by mail"), address, icon_name="mail", priority=60)
