"""The admin's list of partners, with their gaps and numbers of fiches."""

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import TitleColumn
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from fiches.admin.columns import SECONDARY, LacksColumn, PictureColumn, thumbnails
from fiches.admin.dashboard import fiches_list
from fiches.admin.filters import OneFilter
from fiches.models import Partenaire, Role

# ``{name of a gap: (label, {field: blank value})}``.
GAPS = {
    "logo": (_("without a logo"), {"logo": None}),
    "site": (_("without a web site"), {"site": ""}),
    "contact": (_("without a contact"), {"contact_nom": "", "contact_courriel": ""}),
    "presentation": (_("without a presentation"), {"presentation": ""}),
}


def lacking(name: str) -> Q:
    """The condition on partners with this gap."""
    _label, blank = GAPS[name]
    return Q(
        **{f"{field}__isnull" if value is None else field: value is None or value for field, value in blank.items()}
    )


def labels_of(partner: Partenaire) -> list[str]:
    """The labels of the gaps of a partner."""
    return [label for label, blank in GAPS.values() if all(not getattr(partner, field) for field in blank)]


def contains(text: str) -> Q:
    """The condition on partners whose name or acronym contains ``text``."""
    return Q(nom__icontains=text) | Q(sigle__icontains=text)


class PartenaireFilterSet(WagtailFilterSet):
    roles = django_filters.MultipleChoiceFilter(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, method="with_roles"
    )
    manque = OneFilter(
        label=_("To mend"),
        choices=[(name, label) for name, (label, _blank) in GAPS.items()],
        condition=lacking,
    )

    class Meta:
        model = Partenaire
        fields = ["exemple"]

    def with_roles(self, queryset: QuerySet, name: str, values: list[str]) -> QuerySet:
        """Partners with one of these roles. Compares the JSON as text, since SQLite has no ``contains`` for JSON lists."""
        condition = Q()
        for value in values:
            condition |= Q(_roles__contains=f'"{value}"')
        return queryset.annotate(_roles=Cast("roles", TextField())).filter(condition) if values else queryset


class PartenaireIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet:
        fiches = Count("fiches", distinct=True)
        return super().get_base_queryset().annotate(nombre=fiches).prefetch_related(thumbnails("logo"))


class PartenaireViewSet(SnippetViewSet):
    model = Partenaire
    icon = "group"
    menu_label = _("Partners")
    index_view_class = PartenaireIndexView
    filterset_class = PartenaireFilterSet
    list_display = [
        "nom",
        PictureColumn("logo", label=_("Logo"), classname=SECONDARY),
        "sigle",
        "roles_en_clair",
        TitleColumn(
            "nombre",
            label=_("Fiches"),
            sort_key="nombre",
            get_url=lambda partner: fiches_list(partenaire=partner.pk),
        ),
        LacksColumn("manques", label=_("To mend"), labels_of=labels_of, classname=SECONDARY),
    ]
    list_export = ["nom", "sigle", "roles_en_clair", "site"]
    search_fields = ["nom", "sigle"]
    search_backend_name = None  # Wagtail's search backend can't be combined with our filters and orders
