"""The chooser of approved fiches, of any owner, in étapes, carnets and palmarès. It shows no title of a draft or of a private page."""

from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic.chooser import ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from fiches.models import FichePage


def approved() -> QuerySet:
    """The publicly visible fiches, as a queryset without joins, which Wagtail's search accepts."""
    return FichePage.objects.filter(pk__in=FichePage.objects.visible().order_by().values("pk")).defer("corps")


def display_title(fiche: FichePage) -> str:
    return f"{fiche.title} ({fiche.organisation})" if fiche.organisation else fiche.title


class ApprovedFicheView(ChosenView):
    def get_object(self, pk: str) -> FichePage:
        return approved().get(pk=pk)

    def get_display_title(self, instance: FichePage) -> str:
        return display_title(instance)


class ApprovedFichesView(ChosenMultipleView):
    def get_objects(self, pks: list[str]) -> list[FichePage]:
        """The fiches of these keys, in their order."""
        chosen = [int(pk) for pk in pks if pk.isdecimal()]
        fiches = approved().in_bulk(chosen)
        return [fiches[pk] for pk in chosen if pk in fiches]

    def get_display_title(self, instance: FichePage) -> str:
        return display_title(instance)


class ApprovedFicheChooserViewSet(ChooserViewSet):
    """Ignores the user's page permissions: approved fiches are public anyway."""

    model = FichePage
    icon = "doc-full-inverse"
    choose_one_text = _("Choose an approved fiche")
    choose_another_text = _("Choose another fiche")
    edit_item_text = _("Open this fiche")
    register_widget = False
    chosen_view_class = ApprovedFicheView
    chosen_multiple_view_class = ApprovedFichesView

    def get_object_list(self) -> QuerySet:
        return approved().order_by("title", "pk")

    def get_urlpatterns(self) -> list[URLPattern]:
        """Without the "create" view: no fiche is created from this chooser."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


approved_fiche_chooser = ApprovedFicheChooserViewSet("fiches_approuvees", url_prefix="fiches/approuvees")


# A class that Wagtail makes for the viewset.
ChooserField: Any = approved_fiche_chooser.widget_class


class ApprovedFicheChooser(ChooserField):
    """The chooser's field. ``known``: public fiches by key, read at once for all the forms of a list; anybody may read their
    titles."""

    known: dict[int, FichePage] = {}

    def get_value_data(self, value: Any) -> dict[str, Any] | None:
        fiche = self.known.get(value)
        return self.get_value_data_from_instance(fiche) if fiche else super().get_value_data(value)
