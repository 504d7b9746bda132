"""The admin's lists of records: partners, mail texts, subscriptions by mail."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from fiches.mail.subscriptions import KINDS
from fiches.models import Abonnement, ModeleDeCourriel, Partenaire


class PartenaireViewSet(SnippetViewSet):
    model = Partenaire
    icon = "group"
    menu_label = _("Partners")
    list_display = ["nom", "sigle", "roles_en_clair", "site"]
    list_export = ["nom", "sigle", "roles_en_clair", "site"]
    search_fields = ["nom", "sigle"]
    search_backend_name = None  # partners aren't indexed


class OnlyWorded(ModelPermissionPolicy):
    """A permission policy without "add" and "delete": the apps declare the mails, staff only word them."""

    def user_has_permission(self, user: AbstractUser, action: str) -> bool:
        return action not in {"add", "delete"} and super().user_has_permission(user, action)


register_permission_policy(ModeleDeCourriel, OnlyWorded(ModeleDeCourriel))


class ModeleDeCourrielViewSet(SnippetViewSet):
    model = ModeleDeCourriel
    icon = "mail"
    menu_label = _("Mail texts")
    copy_view_enabled = False
    list_per_page = 100
    list_display = [
        "__str__",
        Column("present_subject", label=_("Subject")),
        BooleanColumn("is_changed", label=_("changed by the team")),
    ]


class SubscriberViewSet(ModelViewSet):
    """Subscriptions, confirmed or not. Staff can't add any: consent is the subscriber's own."""

    model = Abonnement
    name = "abonnes"
    icon = "mail"
    menu_label = _("Subscribers")
    menu_order = 156
    add_to_admin_menu = True
    list_display = [
        Column("courriel", label=_("E-mail"), sort_key="courriel"),
        Column("nature", label=_("Subscription"), accessor=lambda each: KINDS[each.nature].title, sort_key="nature"),
        DateColumn("demande_le", label=_("Asked for"), sort_key="demande_le"),
        DateColumn("confirme_le", label=_("Confirmed"), sort_key="confirme_le"),
    ]
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
