"""The staff's inbox in the admin: lists the dossiers that were sent, with their next step and their delay."""

from datetime import datetime
from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Revision

from fiches.admin.columns import SECONDARY
from fiches.candidatures.consentements import latest_answer, with_news_address
from fiches.candidatures.enums import Etat, next_step, state_shown
from fiches.candidatures.models import Dossier
from fiches.candidatures.still_named import dossiers_still_named
from fiches.candidatures.views import staff
from fiches.models import Commune
from fiches.spreadsheet_cells import escape_formula

PILES = [
    ("nouveaux", _("to be read")),
    ("relecture", _("in review")),
    ("entreprise", _("waiting for the company")),
    ("retard", _("late")),
    ("phrases", _("taken back, still in a sentence of the fiche")),
]


def pile(queryset: Any, name: Any) -> QuerySet:
    """Filters ``queryset`` to one pile of the inbox, named as in :data:`PILES`."""
    if name == "phrases":
        return queryset.filter(pk__in=dossiers_still_named().values("pk"))
    return {
        "nouveaux": queryset.filter(etat=Etat.RECU),
        "relecture": queryset.filter(etat=Etat.EN_RELECTURE),
        "entreprise": queryset.filter(etat=Etat.CORRECTIONS_DEMANDEES),
        "retard": queryset.filter(pk__in=Dossier.objects.late().values("pk")),
    }[name]


def staff_members() -> Any:
    """Returns the active users who may change dossiers."""
    groups = Q(
        groups__permissions__content_type__app_label="rallynov_candidatures",
        groups__permissions__codename="change_dossier",
    )
    return get_user_model().objects.filter(Q(is_superuser=True) | groups, is_active=True).distinct()


SEARCHED = ["organisation", "titre", "numero", "siret", "courriel"]


def matches(text: str) -> Q:
    """The condition of the list's search: one of the columns contains ``text``."""
    condition = Q()
    for field in SEARCHED:
        condition |= Q(**{f"{field}__icontains": text})
    return condition


class DossierFilterSet(WagtailFilterSet):
    etat = django_filters.ChoiceFilter(label=_("State"), choices=Etat.choices)
    pile = django_filters.ChoiceFilter(label=_("Pile"), choices=PILES, method="filter_pile")

    class Meta:
        model = Dossier
        fields = ["pile", "etat", "appel"]

    def filter_pile(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return pile(queryset, value)


class AgeColumn(Column):
    """Shows the days in the present state, coloured when the call's delay is exceeded."""

    cell_template_name = "candidatures/admin/age.html"


class NextStepColumn(Column):
    """Shows what the staff or the company has to do next."""

    def get_value(self, instance: Any) -> Any:
        return next_step(instance, lacks_consent=instance.publication is False, is_scheduled=instance.programmee)


def inbox() -> QuerySet:
    """Returns the sent dossiers, with what the list shows: ``lieu``, ``programmee``, whether it goes online by itself at a date, and ``publication``, whether the company agrees to be
    published (None: it never answered)."""
    commune = Commune.objects.filter(code_insee=OuterRef("code_insee"))
    scheduled = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
    return (
        Dossier.objects.sent()
        .with_etat()
        .select_related("appel")
        .annotate(
            lieu=Subquery(commune.values("nom")[:1]),
            publication=latest_answer("publication"),
            programmee=Exists(scheduled.filter(object_id=Cast(OuterRef("fiche"), CharField()))),
        )
    )


class DossierIndexView(IndexView):
    default_ordering = ["-soumis"]

    def get_base_queryset(self) -> QuerySet:
        return with_news_address(inbox())

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.filter(matches(self.search_query)) if self.is_searching else queryset

    @cached_property
    def columns(self) -> list[Any]:
        # The state and the next step before what a narrow screen may cut; a telephone shows neither what is SECONDARY.
        return [
            TitleColumn(
                "organisation",
                label=_("Organisation"),
                accessor=str,
                url_name="dossiers:detail",
                sort_key="organisation",
            ),
            Column("titre", label=_("Innovation"), classname=SECONDARY),
            Column("lieu", label=_("Place"), accessor=_place, sort_key="lieu", classname=SECONDARY),
            Column("get_etat_display", label=_("State"), accessor=shown_state, sort_key="etat"),
            NextStepColumn("suite", label=_("Next step"), classname=SECONDARY),
            AgeColumn("age", label=_("For"), sort_key="depuis"),
            Column("numero", label=_("Number"), sort_key="numero", classname=SECONDARY),
            Column(
                "soumis",
                label=_("Sent on"),
                accessor=lambda dossier: _date(dossier.soumis),
                sort_key="soumis",
                classname=SECONDARY,
            ),
        ]

    def to_row_dict(self, item: Dossier) -> dict[str, Any]:
        """The cells of an exported row: the state is the one that the list shows, the date is in the site's time zone."""
        return {
            **super().to_row_dict(item),
            "get_etat_display": str(shown_state(item)),
            "soumis": f"{timezone.localtime(item.soumis):%Y-%m-%d %H:%M}" if item.soumis else "",
        }

    def preprocess_field_value(
        self, field: str, value: datetime | str | None, export_format: str
    ) -> datetime | str | None:
        """Escapes cells that a spreadsheet would run as a formula."""
        value = super().preprocess_field_value(field, value, export_format)
        return escape_formula(value)


def shown_state(dossier: Any) -> Any:
    """Returns the state that the list and its exports give of a dossier of :func:`inbox`."""
    lacks_consent = dossier.publication is False
    return state_shown(dossier, lacks_consent=lacks_consent, state=dossier.get_etat_display())


def _place(dossier: Any) -> str:
    return f"{dossier.lieu} ({dossier.code_insee[:2]})" if dossier.lieu else ""


def _date(value: datetime) -> Any:
    return timezone.localtime(value).date() if value else ""


class DossiersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("rallynov_candidatures.view_dossier")


class DossierViewSet(ModelViewSet):
    model = Dossier
    name = "dossiers"
    url_prefix = "candidatures/dossiers"
    icon = "mail"
    menu_label = _("Dossiers")
    menu_item_class = DossiersMenuItem
    index_view_class = DossierIndexView
    filterset_class = DossierFilterSet
    search_fields = SEARCHED
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
