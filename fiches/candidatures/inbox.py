"""The staff's inbox in the admin: lists the dossiers that were sent, with their state and their delay."""

from typing import Any

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from fiches.admin.columns import SECONDARY
from fiches.candidatures.consentements import latest_answer, with_news_address
from fiches.candidatures.enums import Etat, state_shown
from fiches.candidatures.models import Dossier
from fiches.candidatures.views import staff
from fiches.models import Commune
from fiches.spreadsheet_cells import escape_formula


class DossierFilterSet(WagtailFilterSet):
    etat = django_filters.ChoiceFilter(label=_("State"), choices=Etat.choices)
    retard = django_filters.ChoiceFilter(label=_("Late"), choices=[("1", _("yes"))], method="filter_late")

    class Meta:
        model = Dossier
        fields = ["etat", "retard", "appel"]

    def filter_late(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(pk__in=Dossier.objects.late().values("pk"))


class DossierIndexView(IndexView):
    default_ordering = ["-soumis"]

    def get_base_queryset(self) -> QuerySet:
        """Returns the sent dossiers, with ``lieu`` and ``publication``, whether the company agrees to be published (None: it never
        answered)."""
        dossiers = Dossier.objects.sent().with_etat().select_related("appel")
        commune = Commune.objects.filter(code_insee=OuterRef("code_insee"))
        return with_news_address(
            dossiers.annotate(lieu=Subquery(commune.values("nom")[:1]), publication=latest_answer("publication"))
        )

    def to_row_dict(self, item: Dossier) -> dict[str, Any]:
        """The cells of an exported row: the state is the one that the list shows, the date is in the site's time zone."""
        return {
            **super().to_row_dict(item),
            "get_etat_display": str(_shown_state(item)),
            "soumis": f"{timezone.localtime(item.soumis):%Y-%m-%d %H:%M}",
        }

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Escapes cells that a spreadsheet would run as a formula."""
        return escape_formula(super().preprocess_field_value(field, value, export_format))


def _age(dossier: Dossier) -> str:
    """The days in the present state, for a dossier that is not closed."""
    if dossier.est_clos:
        return ""
    days = (
        ngettext("%(days)s day", "%(days)s days", dossier.age) % {"days": dossier.age}
        if dossier.age
        else gettext("today")
    )
    return f"{days} – {gettext('late')}" if dossier.en_retard else days


def _shown_state(dossier: Any) -> Any:
    return state_shown(dossier, lacks_consent=dossier.publication is False, state=dossier.get_etat_display())


class DossierViewSet(ModelViewSet):
    model = Dossier
    name = "dossiers"
    url_prefix = "candidatures/dossiers"
    icon = "mail"
    menu_label = _("Dossiers")
    index_view_class = DossierIndexView
    filterset_class = DossierFilterSet
    search_fields = ["organisation", "titre", "numero", "siret", "courriel"]
    # The state before what a narrow screen may cut; a telephone does not show what is SECONDARY.
    list_display = [
        TitleColumn(
            "organisation", label=_("Organisation"), accessor=str, url_name="dossiers:detail", sort_key="organisation"
        ),
        Column("titre", label=_("Innovation"), classname=SECONDARY),
        Column("lieu", label=_("Place"), sort_key="lieu", classname=SECONDARY),
        Column("get_etat_display", label=_("State"), accessor=_shown_state, sort_key="etat"),
        Column("age", accessor=_age, label=_("For"), sort_key="depuis"),
        Column("numero", label=_("Number"), sort_key="numero", classname=SECONDARY),
        DateColumn("soumis", label=_("Sent on"), sort_key="soumis", classname=SECONDARY),
    ]
    list_export = [
        "numero",
        "organisation",
        "titre",
        "siret",
        "code_insee",
        "get_etat_display",
        "soumis",
        "nouvelles",
    ]
    export_headings = {"get_etat_display": _("State"), "nouvelles": _("Wants news")}
    form_fields = ["titre"]
    copy_view_enabled = False

    @property
    def url_finder_class(self) -> type:
        """Makes Wagtail link to the dossier's own screen where it lists references, for instance in the usage of a call."""
        return type("DossierURLFinder", (ModelAdminURLFinder,), {"edit_url_name": self.get_url_name("detail")})

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        urls = {"add_url_name": None, "edit_url_name": None, "delete_url_name": None}
        return super().get_common_view_kwargs(**{**urls, **kwargs})

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", staff.detail, name="detail"),
            path("<int:pk>/fichier/<uuid:cle>/", staff.file, name="fichier"),
            path("<int:pk>/messages/", staff.answer, name="messages"),
            path("<int:pk>/<slug:verbe>/", staff.act_on_dossier, name="agir"),
        ]
