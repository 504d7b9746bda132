"""Admin viewsets of the palmarès: list of the editions, forms of an edition and of a category with its nominations."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from fiches import formats
from fiches.palmares.models import Categorie, Palmares
from fiches.palmares.palmares_lock import lock_palmares
from fiches.palmares.views import staff


def results_date(palmares: Palmares) -> str:
    """Formats the date of the results. Wagtail's ``DateColumn`` shows a future date as « 0 minutes ago »."""
    return formats.moment(palmares.embargo) if palmares.embargo else ""


def state_label(palmares: Palmares) -> Any:
    """Returns the state of a palmarès with that of its results, which ``etat`` does not hold."""
    if palmares.est_publie:
        return _("results public")
    return _("under embargo") if palmares.embargo else palmares.get_etat_display()


class PalmaresIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet:
        return Palmares.objects.select_related("edition")

    @cached_property
    def columns(self) -> list[Column | TitleColumn]:
        return [
            TitleColumn("edition", label=_("Edition"), accessor=str, url_name="palmares:suivi"),
            Column("etat", label=_("State"), accessor=state_label, sort_key="etat"),
            Column("embargo", label=_("Results on"), accessor=results_date, sort_key="embargo"),
        ]


class LockedPalmares:
    """Locks the palmarès during a POST and reads the object again: the scoring isn't opened between the check and the save."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        lock_palmares(_palmares_of(self.get_object()).pk)
        self.object = None  # Wagtail's deletion keeps it
        self.object = self.get_object()
        return super().post(request, *args, **kwargs)


def _palmares_of(instance: Categorie | Palmares) -> Palmares:
    return instance if isinstance(instance, Palmares) else instance.palmares


class DeleteInPreparationOnly(LockedPalmares):
    """Refuses to delete a palmarès or a category once the scoring is open."""

    def get_object(self, *args: Any, **kwargs: Any) -> Categorie | Palmares:
        instance = super().get_object(*args, **kwargs)
        if not _palmares_of(instance).est_modifiable:
            raise PermissionDenied
        return instance


class PalmaresDeleteView(DeleteInPreparationOnly, generic.DeleteView):
    pass


class CategorieDeleteView(DeleteInPreparationOnly, generic.DeleteView):
    """Redirects to the palmarès of the deleted category."""

    def get_success_url(self) -> str:
        return reverse("palmares:suivi", args=[self.object.palmares_id])


class ReturnToPalmares:
    """Redirects to the screen of the palmarès after saving."""

    def get_success_url(self) -> Any:
        return reverse("palmares:suivi", args=[_palmares_of(self.object).pk])


class EditView(LockedPalmares, ReturnToPalmares, generic.EditView):
    pass


class CreateView(ReturnToPalmares, generic.CreateView):
    pass


class PalmaresViewSet(ModelViewSet):
    model = Palmares
    name = "palmares"
    icon = "pick"
    menu_label = _("Palmarès")
    menu_order = 152
    add_to_admin_menu = True
    index_view_class = PalmaresIndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = PalmaresDeleteView
    copy_view_enabled = False

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/", staff.overview, name="suivi"),
            path("<int:pk>/classement/", staff.read_ranking, name="classement"),
            path("<int:pk>/decision/<int:categorie>/", staff.decide, name="decider"),
            path("<int:pk>/diplome/<int:prix>/", staff.staff_diploma, name="diplome"),
            path("<int:pk>/<slug:verbe>/", staff.act_on_palmares, name="agir"),
        ]


class CategorieViewSet(ModelViewSet):
    """Edits and deletes categories. They are created on the screen of their palmarès."""

    model = Categorie
    name = "palmares_categories"
    url_prefix = "palmares-categories"
    icon = "pick"
    edit_view_class = EditView
    delete_view_class = CategorieDeleteView
    copy_view_enabled = False

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        others = {"add_url_name": None, "index_url_name": "palmares:index", "usage_url_name": None}
        return super().get_common_view_kwargs(**{**others, **kwargs})

    def get_urlpatterns(self) -> list[Any]:
        names = ("edit", "delete", "history", "history_results")
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in names]
