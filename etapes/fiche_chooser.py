"""Admin chooser for the fiches that an étape presents: all approved fiches, whoever owns them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic.chooser import ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from fiches.models import FichePage


def approved() -> QuerySet:
    """The publicly visible fiches, as a queryset without joins, which Wagtail's search accepts."""
    return FichePage.objects.filter(pk__in=FichePage.objects.visible().order_by().values("pk")).defer("corps")


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


def display_title(fiche: FichePage) -> str:
    return f"{fiche.title} ({fiche.organisation})" if fiche.organisation else fiche.title


class ApprovedFicheChooserViewSet(ChooserViewSet):
    """Ignores the user's page permissions: approved fiches are public anyway."""

    model = FichePage
    register_widget = False
    icon = "doc-full-inverse"
    choose_one_text = _("Choose an approved fiche")
    choose_another_text = _("Choose another fiche")
    edit_item_text = _("Open this fiche")
    chosen_view_class = ApprovedFicheView
    chosen_multiple_view_class = ApprovedFichesView

    def get_object_list(self) -> QuerySet:
        return approved().order_by("title")

    def get_urlpatterns(self) -> list[Any]:
        """Without the "create" view: no fiche is created from this chooser."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


approved_fiche_chooser = ApprovedFicheChooserViewSet("choix_de_fiche", url_prefix="etapes/choix-de-fiche")
ApprovedFicheChooser = approved_fiche_chooser.widget_class
