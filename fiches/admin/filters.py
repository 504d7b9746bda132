"""The filters of the admin's lists of fiches: the grid, and what remains to be done."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.models import Comment

from fiches.admin import review_status
from fiches.admin.importation.views import importations_seen_by
from fiches.models import Dimension, Edition, FicheCritere, FichePage, Partenaire

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class WithCondition:
    """Mixin of a filter; ``condition(value)`` returns a ``Q``."""

    def __init__(self, *args: Any, condition: Callable[..., Any], **kwargs: Any) -> None:
        self.condition = condition
        super().__init__(*args, **kwargs)

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        return queryset.filter(self.condition(value)) if value else queryset


class SeveralFilter(WithCondition, django_filters.MultipleChoiceFilter):
    """A filter with checkboxes, whose value is a list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.CheckboxSelectMultiple, **kwargs)


class OneFilter(WithCondition, django_filters.ChoiceFilter):
    """A filter with one choice."""


class FicheGap(NamedTuple):
    """A gap; ``label`` is its name in lists, ``condition`` that of the fiches that have it."""

    label: "StrOrPromise"
    condition: Callable[[], Q]


def _unanswered() -> Q:
    """The condition: the fiche has no criterion of a dimension that has some."""
    condition = Q(pk__in=[])
    for dimension in Dimension.objects.filter(criteres__isnull=False).distinct():
        condition |= ~Q(Exists(FicheCritere.objects.filter(content_object=OuterRef("pk"), tag__dimension=dimension)))
    return condition


def _undescribed(name: str) -> Q:
    return Q(**{f"{name}__isnull": False, f"{name}_alt": "", f"{name}_decorative": False})


NOWHERE = Q(commune=None, sans_localisation=False)
# In the order of display.
GAPS = {
    "organisation": FicheGap(_("without an organisation"), lambda: Q(organisation="")),
    "chapo": FicheGap(_("without an introduction"), lambda: Q(chapo="")),
    "corps": FicheGap(_("without a text"), lambda: Q(Exact(Cast("corps", TextField()), Value("[]")))),
    "criteres": FicheGap(_("without an answer to each question of the grid"), _unanswered),
    "commune": FicheGap(_("without a commune"), lambda: NOWHERE),
    "lieu": FicheGap(_("without a place on the map"), lambda: Q(latitude=None, sans_localisation=False) & ~NOWHERE),
    "photo": FicheGap(_("without a picture"), lambda: Q(photo=None)),
    "alternative": FicheGap(
        _("with a picture that has no alternative text"), lambda: _undescribed("photo") | _undescribed("logo")
    ),
}
GAP_CHOICES = [(name, gap.label) for name, gap in GAPS.items()]


def lacking(names: list[str]) -> Q:
    """The condition: the fiche has all these gaps."""
    condition = Q()
    for name in names:
        condition &= GAPS[name].condition()
    return condition


def meeting(criteria: list[str]) -> Q:
    return Q(pk__in=FicheCritere.objects.filter(tag__in=criteria).values("content_object"))


class FicheFilterSet(PageFilterSet):
    """The filters of fiches: those that staff use first, then the others, behind « Plus de filtres »."""

    first = ("live", "etape_de_relecture", "edition", "partenaire", "departement", "manque")

    partenaire = django_filters.ModelMultipleChoiceFilter(
        label=_("Associated partner"),
        queryset=Partenaire.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    edition = django_filters.ModelMultipleChoiceFilter(
        label=_("Edition"), queryset=Edition.objects.all(), widget=forms.CheckboxSelectMultiple, distinct=False
    )
    etape_de_relecture = OneFilter(
        label=_("Review"), choices=review_status.CHOICES, condition=review_status.with_status
    )
    manque = SeveralFilter(label=_("To mend"), choices=GAP_CHOICES, condition=lacking)
    commentees = OneFilter(
        label=_("Comments"),
        choices=[("oui", _("to be answered"))],
        condition=lambda value: Q(pk__in=Comment.objects.filter(resolved_at=None).values("page")),
    )

    importation = django_filters.ModelChoiceFilter(
        field_name="importations", label=_("Import"), queryset=lambda request: importations_seen_by(request.user)
    )

    has_child_pages = None  # a fiche has none

    class Meta:
        model = FichePage
        fields = ["departement", "sphere", "statut", "live", "exemple"]

    def __init__(self, *args: QueryDict | dict[Any, Any], **kwargs: Any) -> Any:
        super().__init__(*args, **kwargs)
        own = self.filters
        self.filters = type(own)((name, own[name]) for name in self.first)
        for name, added in self.dynamic_filters().items():
            added.parent, added.model, added.field_name = self, FichePage, name
            self.filters[name] = added
        self.filters.update(own)

    def dynamic_filters(self) -> dict[str, Any]:
        """The filters of the grid's dimensions, whose names may have a hyphen."""
        return {
            dimension.slug: SeveralFilter(
                label=dimension.nom,
                choices=[(criterion.pk, criterion.name) for criterion in dimension.criteres.all()],
                condition=meeting,
            )
            for dimension in Dimension.objects.prefetch_related("criteres")
        }
