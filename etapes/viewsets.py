"""The étapes in the admin: their list, in the order of the road."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.viewsets.pages import PageListingViewSet

from etapes.models import EtapePage


class EtapeFilterSet(PageFilterSet):
    class Meta:
        model = EtapePage
        fields = ["edition", "departement", "statut", "inscriptions", "live", "exemple"]


class EtapeListingViewSet(PageListingViewSet):
    """All the étapes that somebody may see, whatever their place in the tree."""

    model = EtapePage
    icon = "calendar-alt"
    menu_label = _("Étapes")
    menu_order = 151
    add_to_admin_menu = True
    url_prefix = "etapes"
    filterset_class = EtapeFilterSet
    ordering = "commence_le"
    columns = [
        BulkActionsColumn("bulk_actions"),
        Column("numero", label=_("N°"), sort_key="numero"),
        PageTitleColumn("title", label=_("Étape"), sort_key="title", classname="title"),
        Column("date", label=_("Date"), sort_key="commence_le"),
        Column("lieu", label=_("Place"), accessor="lieu"),
        Column("statut", label=_("State"), accessor="get_statut_display", sort_key="statut"),
        Column("inscriptions", label=_("Registration"), accessor="get_inscriptions_display"),
        DateColumn("latest_revision_created_at", label=_("Updated"), sort_key="latest_revision_created_at"),
        PageStatusColumn("status", label=_("Online"), sort_key="live"),
    ]
    list_export = ["numero", "title", "date", "lieu", "statut", "inscriptions", "live"]
