"""The chooser of public fiches. It shows no title of a draft or of a private page."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic.chooser import ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from fiches.models import FichePage


def approved() -> QuerySet:
    """The fiches that the public may see, as a queryset that can be searched."""
    return FichePage.objects.filter(pk__in=FichePage.objects.visible().order_by().values("pk")).defer("corps")


class ApprovedFicheView(ChosenView):
    def get_object(self, pk: str) -> Any:
        return approved().get(pk=pk)


class ApprovedFichesView(ChosenMultipleView):
    def get_objects(self, pks: Any) -> Any:
        return approved().filter(pk__in=[pk for pk in pks if pk.isdecimal()])


class ApprovedFicheChooserViewSet(ChooserViewSet):
    model = FichePage
    icon = "doc-full-inverse"
    choose_one_text = _("Choose an approved fiche")
    choose_another_text = _("Choose another fiche")
    register_widget = False
    chosen_view_class = ApprovedFicheView
    chosen_multiple_view_class = ApprovedFichesView

    def get_object_list(self) -> QuerySet:
        return approved().order_by("title", "pk")

    def get_urlpatterns(self) -> list[Any]:
        """Without the view that creates a record."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


approved_fiche_chooser = ApprovedFicheChooserViewSet("fiches_approuvees", url_prefix="fiches/approuvees")
ApprovedFicheChooser = approved_fiche_chooser.widget_class
