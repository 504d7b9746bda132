"""Saved views: users save the filters and order of a list under a name."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from fiches.models import Vue

# ``{name of a list: name of its URL}``, filled by :func:`register_list`.
LISTS = {}
MOST = 30
NOT_KEPT = ("p", "export", "_w_filter_fragment")


def register_list(name: str, url_name: str) -> None:
    """Declares a list that has saved views."""
    LISTS[name] = url_name


class VueForm(forms.ModelForm):
    class Meta:
        model = Vue
        fields = ["nom", "question"]
        labels = {"nom": gettext_lazy("Name of the view")}
        widgets = {"question": forms.HiddenInput}
        error_messages = {"nom": {"required": gettext_lazy("Give the view a name.")}}

    def clean_question(self) -> str:
        """The query string without pagination and export."""
        query = QueryDict(self.cleaned_data["question"].lstrip("?"), mutable=True)
        for name in NOT_KEPT:
            query.pop(name, None)
        return query.urlencode()


class SavedViews:
    """Mixin of a list view: shows the user's saved views of the list ``list_name``, and a form to save the current one."""

    list_name = ""
    results_template_name = "fiches/admin/liste_resultats.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        views = Vue.objects.filter(proprietaire=self.request.user, liste=self.list_name)
        form = VueForm({"nom": "-", "question": self.request.GET.urlencode()})
        present = form.cleaned_data.get("question", "") if form.is_valid() else ""
        return {
            **context,
            "liste": self.list_name,
            "vues": list(views),
            "vue_presente": present,
            "adresse_de_la_liste": reverse(LISTS[self.list_name]),
        }


@require_POST
def save_view(request: Any, liste: Any) -> HttpResponse:
    """Saves a view; one with the same name is replaced."""
    form = VueForm(request.POST)
    if liste not in LISTS:
        raise PermissionDenied
    address = reverse(LISTS[liste])
    if not form.is_valid():
        messages.error(request, " ".join(message for each in form.errors.values() for message in each))
        return redirect(f"{address}?{request.POST.get('question', '')}")
    nom, question = form.cleaned_data["nom"], form.cleaned_data["question"]
    own = Vue.objects.filter(proprietaire=request.user, liste=liste)
    if own.exclude(nom=nom).count() >= MOST:
        messages.error(request, _("You have %(most)s views already: delete one first.") % {"most": MOST})
    else:
        own.update_or_create(nom=nom, defaults={"proprietaire": request.user, "liste": liste, "question": question})
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": nom})
    return redirect(f"{address}?{question}")


@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(Vue, pk=pk, proprietaire=request.user)
    address = reverse(LISTS[view.liste])
    view.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.nom})
    return redirect(address)


urlpatterns = [
    path("vues/<slug:liste>/", save_view, name="fiches_vue_garder"),
    path("vues/<int:pk>/supprimer/", delete_view, name="fiches_vue_supprimer"),
]
