"""The list of subscriptions by mail in the admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from fiches.mail.subscriptions import KINDS
from fiches.models import Abonnement


class SubscriberIndexView(generic.IndexView):
    """Subscriptions, confirmed or not. Staff can't add any: consent is the subscriber's own."""

    columns = [
        Column("courriel", label=_("E-mail"), sort_key="courriel"),
        Column("nature", label=_("Subscription"), accessor=lambda each: KINDS[each.nature].title, sort_key="nature"),
        DateColumn("demande_le", label=_("Asked for"), sort_key="demande_le"),
        DateColumn("confirme_le", label=_("Confirmed"), sort_key="confirme_le"),
    ]


class SubscriberViewSet(ModelViewSet):
    model = Abonnement
    name = "abonnes"
    icon = "mail"
    menu_label = _("Subscribers")
    menu_order = 156
    add_to_admin_menu = True
    index_view_class = SubscriberIndexView
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
