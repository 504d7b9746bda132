"""The views of the import: upload, report of the check, confirmation, undo."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permissions import policy_registry

from fiches.admin.importation import import_tasks
from fiches.admin.importation.fiche_export import TYPES, response, template_rows
from fiches.admin.importation.import_pictures import Archive
from fiches.admin.importation.row_validation import by_name
from fiches.admin.importation.table_reader import read_table
from fiches.models import EtatImport, FicheIndexPage, Importation
from fiches.territoire.gazetteer import fold

MOST_SHOWN = 200
MOST_ARCHIVE = 50 * 1024 * 1024


def may_import(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the user may add fiches and see those of others."""
    policy = policy_registry.get_by_type(Page)
    if not policy.user_has_permission(user, "add") or policy.lists_of_own_pages(user):
        return False
    index = FicheIndexPage.objects.first()
    return index is not None and index.permissions_for_user(user).can_add_subpage()


def import_permission_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: raises PermissionDenied unless the user may import."""

    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


class ImportForm(forms.Form):
    fichier = forms.FileField(
        label=gettext_lazy("File of the fiches"),
        help_text=gettext_lazy("CSV or XLSX; 2,000 fiches and 10 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )
    archive = forms.FileField(
        label=gettext_lazy("Pictures"),
        required=False,
        help_text=gettext_lazy("A ZIP with the files that the columns “photo” and “logo” name; 50 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )

    def clean_fichier(self) -> UploadedFile:
        known = by_name()
        file = self.cleaned_data["fichier"]
        self.table = read_table(file, file.name, lambda heading: fold(heading) in known)
        return file

    def clean_archive(self) -> UploadedFile | None:
        archive = self.cleaned_data["archive"]
        if archive:
            if archive.size > MOST_ARCHIVE:
                raise ValidationError(_("This archive is too heavy: 50 MB at most."))
            Archive(archive)
            archive.seek(0)
        return archive


@import_permission_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Any) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["fichier"].name
        archive = form.cleaned_data["archive"]
        importation = import_tasks.begin(table=form.table, name=name, archive=archive, by=request.user)
        return redirect("fiches_import", importation.pk)
    listed = Importation.objects.select_related("auteur").defer("lignes", "problemes", "doublons")
    breadcrumbs = [{"url": "", "label": _("Import of fiches")}]
    context = {"form": form, "imports": listed[:50], "breadcrumbs_items": breadcrumbs}
    return render(request, "fiches/importation/index.html", context)


@import_permission_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    importation = get_object_or_404(Importation.objects.select_related("auteur").defer("lignes"), pk=pk)
    fiches = (
        importation.importees.filter(fiche__isnull=False, fiche__suppression=None)
        .select_related("fiche")
        .order_by("rang")
    )
    breadcrumbs = [
        {"url": reverse("fiches_imports"), "label": _("Import of fiches")},
        {"url": "", "label": importation.nom},
    ]
    context = {
        "importation": importation,
        "problemes": importation.problemes[:MOST_SHOWN],
        "non_montres": max(0, len(importation.problemes) - MOST_SHOWN),
        "fiches": fiches[:MOST_SHOWN],
        "nouvelles": importation.total - len(importation.doublons),
        "Etat": EtatImport,
        "breadcrumbs_items": breadcrumbs,
    }
    name = "_suivi" if request.headers.get("X-Requested-With") == "XMLHttpRequest" else "detail"
    return render(request, f"fiches/importation/{name}.html", context)


@import_permission_required
@require_POST
def act(request: HttpRequest, pk: int, verbe: str) -> HttpResponse:
    importation = get_object_or_404(Importation, pk=pk)
    if verbe == "creer":
        import_tasks.confirm(importation, with_doubles=request.POST.get("doublons") == "oui")
    elif verbe == "annuler":
        import_tasks.undo(importation)
    elif verbe == "oublier":
        import_tasks.forget(importation)
        messages.success(request, _("The file “%(name)s” is forgotten. The fiches stay.") % {"name": importation.nom})
        return redirect("fiches_imports")
    else:
        raise Http404
    return redirect("fiches_import", pk)


@import_permission_required
@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    if kind not in TYPES:
        raise Http404
    return response(template_rows(), kind, "modele-fiches")


urlpatterns = [
    path("imports/", index, name="fiches_imports"),
    path("imports/modele.<slug:kind>", template, name="fiches_import_modele"),
    path("imports/<int:pk>/", detail, name="fiches_import"),
    path("imports/<int:pk>/<slug:verbe>/", act, name="fiches_import_agir"),
]
