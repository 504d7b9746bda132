"""Wagtail hooks of the road books: the screen that sends one, and the warning about one without a block."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import Button
from wagtail.models import Page

from etapes.carnets.models import CarnetPage


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

    @hooks.register("register_admin_urls")
    def sending_urls() -> list[Any]:
        return [path("", include("etapes.carnets.admin_urls"))]

    @hooks.register("register_page_header_buttons")
    def send_button(page: Any, user: AbstractUser, view_name: str = "", next_url: str | None = None) -> Iterator[Any]:
        if isinstance(page, CarnetPage) and page.pk and user.has_perm("rallynov_carnets.add_diffusion"):
            address = reverse("carnets_envoi", args=[page.pk])
            yield Button(_("Send by mail"), address, icon_name="mail", priority=60)
