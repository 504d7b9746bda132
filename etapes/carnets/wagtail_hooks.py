"""Wagtail hooks of the road books: the screen that sends one."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractUser
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button

from etapes.carnets.models import CarnetPage

if apps.is_installed("fiches.diffusion"):

    @hooks.register("register_admin_urls")
    def sending_urls() -> list[Any]:
        return [path("", include("etapes.carnets.sending_views"))]

    @hooks.register("register_page_header_buttons")
    def send_button(page: Any, user: AbstractUser, view_name: str = "", next_url: str | None = None) -> Iterator[Any]:
        if isinstance(page, CarnetPage) and page.pk and user.has_perm("rallynov_carnets.add_diffusion"):
            address = reverse("carnets_envoi", args=[page.pk])
            yield Button(_("Send by mail"), address, icon_name="mail", priority=60)
