"""Saved views: a person keeps a list as they filtered and sorted it."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from fiches.models import Vue

LISTS = {}
"""``{name of a list: name of its address}``, filled in by the lists that offer saved views."""
MOST = 30
NOT_KEPT = ("p", "export", "_w_filter_fragment")


def register_list(name, url_name):
    LISTS[name] = url_name


class VueForm(forms.ModelForm):
    class Meta:
        model = Vue
        fields = ["nom", "question"]
        labels = {"nom": gettext_lazy("Name of the view")}
        widgets = {"question": forms.HiddenInput}
        error_messages = {"nom": {"required": gettext_lazy("Give the view a name.")}}

    def clean_question(self):
        """Filters and order, without the page that one was on."""
        asked = QueryDict(self.cleaned_data["question"].lstrip("?"), mutable=True)
        for name in NOT_KEPT:
            asked.pop(name, None)
        return asked.urlencode()


class SavedViews:
    """A list (``list_name``) above which stand the person's own views, and the way to keep the present one."""

    list_name = ""
    results_template_name = "fiches/redaction/liste_resultats.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        views = Vue.objects.filter(proprietaire=self.request.user, liste=self.list_name)
        asked = VueForm({"nom": "-", "question": self.request.GET.urlencode()})
        present = asked.cleaned_data.get("question", "") if asked.is_valid() else ""
        return {
            **context,
            "liste": self.list_name,
            "vues": list(views),
            "vue_presente": present,
            "adresse_de_la_liste": reverse(LISTS[self.list_name]),
        }


@require_POST
def save_view(request, liste):
    """The same name again takes the place of the former."""
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
def delete_view(request, pk):
    view = get_object_or_404(Vue, pk=pk, proprietaire=request.user)
    address = reverse(LISTS[view.liste])
    view.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.nom})
    return redirect(address)


urlpatterns = [
    path("vues/<slug:liste>/", save_view, name="fiches_vue_garder"),
    path("vues/<int:pk>/supprimer/", delete_view, name="fiches_vue_supprimer"),
]
