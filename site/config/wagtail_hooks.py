"""Wagtail hooks of the deployment: style, date input, editors' guide, second factor."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from config import guide


@hooks.register("insert_global_admin_css")
def admin_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("admin/rallynov.css"))


@hooks.register("insert_global_admin_js")
def date_input_script() -> str:
    return format_html('<script src="{}"></script>', static("admin/dates.js"))


@hooks.register("insert_global_admin_js")
def search_names_script() -> str:
    return format_html('<script src="{}"></script>', static("admin/search-names.js"))


@hooks.register("register_admin_urls")
def guide_urls() -> list[Any]:
    return guide.urlpatterns


@hooks.register("register_help_menu_item")
def guide_menu_item() -> MenuItem:
    return MenuItem(_("Editors' guide"), reverse("guide"), name="guide", icon_name="help", order=10)


@hooks.register("construct_help_menu")
def remove_external_help(request: HttpRequest, items: list[MenuItem]) -> None:
    """Removes Wagtail's help links, which lead to other hosts, in English."""
    items[:] = [item for item in items if not item.url.startswith("https:")]


@hooks.register("register_account_menu_item")
def second_factor_menu_item(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": _("Second factor"),
        "help_text": _("The code that your telephone gives at log-in, and the recovery codes."),
    }


@hooks.register("construct_homepage_summary_items", order=1000)
def leave_out_stock_counts(request: HttpRequest, items: list[Any]) -> None:
    """Leaves out how many pages, pictures and documents there are: nobody decides anything by them, and the menu leads there."""
    items[:] = [item for item in items if not type(item).__module__.startswith("wagtail.")]
