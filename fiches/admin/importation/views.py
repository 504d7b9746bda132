"""The views of the import: upload, report of the dry run, creation, undo."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
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

from fiches import content_site
from fiches.admin.importation import run
from fiches.admin.importation.columns import by_heading, by_tab, heading_key
from fiches.admin.importation.fiche_export import TYPES, response, template_rows
from fiches.admin.importation.reader import guarded, read_sheets
from fiches.models import EtatImport, FicheIndexPage, Importation

# What the screen lists of one kind, at most; the file to correct has all.
MOST_SHOWN = 200
MOST_EXAMPLES = 3


def may_import(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the user may add fiches and see those of others."""
    policy = policy_registry.get_by_type(Page)
    if not policy.user_has_permission(user, "add") or policy.lists_of_own_pages(user):
        return False
    return bool(lists_for(user))


def lists_for(user: AbstractUser | AnonymousUser) -> list[FicheIndexPage]:
    """Returns the lists of fiches to which the user may add."""
    return [index for index in FicheIndexPage.objects.all() if index.permissions_for_user(user).can_add_subpage()]


def importations_seen_by(user: AbstractUser | AnonymousUser) -> QuerySet[Importation]:
    """Returns the imports into the lists to which the user may add; all, for a superuser."""
    if user.is_superuser:
        return Importation.objects.all()
    return Importation.objects.filter(lignes__liste__in=[index.pk for index in lists_for(user)])


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
        help_text=gettext_lazy("CSV or XLSX; 1,000 fiches and 10 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )

    def __init__(self, *args: Any, lists: list[FicheIndexPage], **kwargs: Any) -> None:
        """:param lists: those among which the user chooses where the fiches are made; a single one is not asked about."""
        super().__init__(*args, **kwargs)
        self.lists = {str(each.pk): each for each in lists}
        if len(lists) > 1:
            titles = [each.title for each in lists]
            choices = [
                (key, each.title if titles.count(each.title) == 1 else f"{each.title} ({each.full_url})")
                for key, each in self.lists.items()
            ]
            of_the_site = content_site.narrow(FicheIndexPage.objects.filter(pk__in=self.lists)).first()
            self.fields["liste"] = forms.ChoiceField(
                label=_("List of fiches"),
                choices=choices,
                help_text=_("The drafts are made there."),
                initial=str(of_the_site.pk) if of_the_site else None,
            )

    @property
    def chosen_list(self) -> FicheIndexPage:
        """The list in which the fiches are made; only of a valid form."""
        return self.lists.get(self.cleaned_data.get("liste", "")) or next(iter(self.lists.values()))

    def clean_fichier(self) -> UploadedFile:
        known = by_heading()
        self.sheets, self.chosen_sheet = read_sheets(
            self.cleaned_data["fichier"], lambda heading: heading_key(heading) in known
        )
        return self.cleaned_data["fichier"]


@import_permission_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Any) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None, lists=lists_for(request.user))
    if request.method == "POST" and form.is_valid():
        importation = run.begin(
            sheets=form.sheets,
            chosen=form.chosen_sheet,
            name=form.cleaned_data["fichier"].name,
            index=form.chosen_list,
            by=request.user,
        )
        return redirect("fiches_import", importation.pk)
    listed = importations_seen_by(request.user).select_related("auteur").defer("lignes", "problemes", "doublons")
    breadcrumbs = [{"url": "", "label": _("Import of fiches")}]
    context = {"form": form, "imports": listed[:50], "breadcrumbs_items": breadcrumbs}
    return render(request, "fiches/importation/index.html", context)


@import_permission_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    importation = get_object_or_404(importations_seen_by(request.user).select_related("auteur"), pk=pk)
    context = {
        "importation": importation,
        "Etat": EtatImport,
        "breadcrumbs_items": _breadcrumbs(importation),
    }
    if not importation.travaille:
        context |= _report(importation)
    answer = render(request, "fiches/importation/detail.html", context)
    if importation.travaille:
        answer["Refresh"] = "3"  # nothing can be typed on that page
    return answer


def _breadcrumbs(importation: Importation, *more: str) -> list[dict[str, str]]:
    address = reverse("fiches_import", args=[importation.pk]) if more else ""
    here = {"url": address, "label": importation.nom}
    return [{"url": reverse("fiches_imports"), "label": _("Import of fiches")}, here] + [
        {"url": "", "label": label} for label in more
    ]


def _report(importation: Importation) -> dict[str, Any]:
    """What the dry run found, or what the creation left out: sheets, columns, faults and near doubles."""
    table, aside = run.Table(importation), run.rows_aside(importation)
    problems = run.problems_of(importation)
    named = importation.lignes.get("colonnes", {})
    columns = [_column(table, index) for index in range(len(table.sheet.headings))]
    columns = [column for column in columns if column["exemples"] and column["titre"] != _("to correct")]
    wanted, made = importation.lignes.get("voulus", ()), importation.etat == EtatImport.FAIT
    light = [each for each in problems if each.is_optional and not (made and each.number in aside)]
    return {
        "feuilles": table.sheets if len(table.sheets) > 1 else (),
        "feuille": table.sheet,
        "colonnes": [each for each in columns if not each["champ"] or str(each["position"]) in named],
        "onglets": by_tab(table.by_field.values()).items(),
        "remplis": table.columns,
        "generaux": [each for each in problems if each.number is None],
        "graves": _grouped(table, [each for each in problems if each.number is not None and each not in light]),
        "legers": _grouped(table, light),
        "doublons": [each | {"voulu": each["rang"] in wanted} for each in importation.doublons[:MOST_SHOWN]],
        "a_part": len(aside),
        "pretes": len(table.sheet.rows) - len(aside),
        "peut_creer": not table.problems
        and len(table.sheet.rows) > len({each.number for each in problems} - {each.number for each in light}),
        "creees": importation.fiches.count(),
    }


def _column(table: run.Table, index: int) -> dict[str, Any]:
    examples = dict.fromkeys(row[index][:40] for _number, row in table.sheet.rows if row[index])
    return {
        "position": index,
        "titre": table.sheet.headings[index],
        "champ": table.field_at(index),
        "exemples": " · ".join(list(examples)[:MOST_EXAMPLES]),
    }


def _grouped(table: run.Table, problems: list[run.Problem]) -> list[dict[str, Any]]:
    """The faults by column and message, each with the names of its cells."""
    groups: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        groups.setdefault((problem.field, problem.text), []).append(problem.cell)
    return [
        {"colonne": table.by_field[field].name, "texte": text, "cellules": cells}
        for (field, text), cells in groups.items()
    ][:MOST_SHOWN]


@import_permission_required
@require_GET
def annotated(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The rows of the file that are not made, to correct in a spreadsheet, with what is wrong in a last column."""
    importation = get_object_or_404(importations_seen_by(request.user), pk=pk)
    if kind not in TYPES:
        raise Http404
    remarks: dict[int | None, list[str]] = {}
    for problem in run.problems_of(importation):
        remarks.setdefault(problem.number, []).append(f"{problem.cell} : {problem.text}")
    for double in importation.doublons:
        looks_like = _("looks like “%(title)s”") % {"title": double["de"]["titre"]}
        remarks.setdefault(double["rang"], []).append(looks_like)
    sheet, aside = run.Table(importation).sheet, run.rows_aside(importation)
    rows = [row for row in sheet.rows if importation.etat != EtatImport.FAIT or row[0] in aside]
    head = [*sheet.headings, _("to correct")]
    table = [head, *([*texts, "\n".join(remarks.get(number, ()))] for number, texts in rows)]
    return response([[guarded(text) for text in row] for row in table], kind, "fiches-a-corriger")


@import_permission_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks to confirm, with how many drafts go and how many fiches stay; then undoes."""
    importation = get_object_or_404(importations_seen_by(request.user).defer("lignes"), pk=pk)
    if request.method == "POST":
        run.undo(importation)
        return redirect("fiches_import", pk)
    partent = run.untouched(importation).count() if importation.fait_le else 0
    context = {
        "importation": importation,
        "partent": partent,
        "restent": importation.fiches.count() - partent,
        "breadcrumbs_items": _breadcrumbs(importation, _("Undo this import")),
    }
    return render(request, "fiches/importation/annuler.html", context)


@import_permission_required
@require_POST
def act_on_importation(request: HttpRequest, pk: int, verbe: str) -> HttpResponse:
    importation = get_object_or_404(importations_seen_by(request.user), pk=pk)
    if verbe in ("verifier", "creer"):
        if run.proceed(importation, request.POST, make=verbe == "creer") is False:
            messages.info(request, _("The file is checked again, with what you chose."))
    elif verbe == "oublier" and not importation.travaille:
        importation.delete()
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
    path("imports/<int:pk>/lignes.<slug:kind>", annotated, name="fiches_import_lignes"),
    path("imports/<int:pk>/annuler/", undo_view, name="fiches_import_annuler"),
    path("imports/<int:pk>/<slug:verbe>/", act_on_importation, name="fiches_import_agir"),
]
