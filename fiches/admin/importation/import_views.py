"""The views of the import: upload, report of the check, confirmation, undo."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permissions import policy_registry

from fiches import content_site
from fiches.admin.dashboard import CountedLine
from fiches.admin.importation import import_tasks
from fiches.admin.importation.fiche_export import TYPES, response, template_rows
from fiches.admin.importation.import_columns import heading_key
from fiches.admin.importation.import_corrections import (
    MOST_SHOWN,
    Sheet,
    column_choices,
    errors_by_column,
    field_choices,
    other_errors,
    problems_of,
    row_name,
    rows_aside,
    stripped_cells,
)
from fiches.admin.importation.import_pictures import Archive
from fiches.admin.importation.row_validation import by_name, read_site_records
from fiches.admin.importation.table_reader import guarded, read_table
from fiches.models import EtatImport, FicheIndexPage, FichePage, Importation
from fiches.models.importation import CORRECTABLE

MOST_ARCHIVE = 50 * 1024 * 1024


def may_import(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the user may add fiches and see those of others."""
    policy = policy_registry.get_by_type(Page)
    if not policy.user_has_permission(user, "add") or policy.lists_of_own_pages(user):
        return False
    return bool(lists_for(user))


def lists_for(user: AbstractUser | AnonymousUser) -> list[FicheIndexPage]:
    """Returns the lists of fiches to which the user may add."""
    return [index for index, may_add in _lists(user) if may_add]


def _lists(user: AbstractUser | AnonymousUser) -> list[tuple[FicheIndexPage, bool]]:
    """Returns the lists of fiches, each with whether the user may add to it."""
    return [(each, each.permissions_for_user(user).can_add_subpage()) for each in FicheIndexPage.objects.all()]


def importations_seen_by(user: AbstractUser | AnonymousUser) -> QuerySet[Importation]:
    """Returns the imports into the lists to which the user may add, and their own whose list was deleted; all, for a superuser."""
    if user.is_superuser:
        return Importation.objects.all()
    lists = _lists(user)
    allowed = [index.pk for index, may_add in lists if may_add]
    refused = [index.pk for index, may_add in lists if not may_add]
    own = Q(auteur=user.pk) & (Q(lignes__liste__isnull=True) | ~Q(lignes__liste__in=refused))
    return Importation.objects.filter(Q(lignes__liste__in=allowed) | own)


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

    def __init__(self, *args: Any, lists: list[FicheIndexPage], **kwargs: Any) -> None:
        """:param lists: those among which the user chooses where the fiches are made; a single one is not asked about."""
        super().__init__(*args, **kwargs)
        self.lists = {str(each.pk): each for each in lists}
        if len(lists) > 1:
            choices = [(key, f"{each.title} ({each.full_url})") for key, each in self.lists.items()]
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
        known = by_name()
        file = self.cleaned_data["fichier"]
        self.table = read_table(file, file.name, lambda heading: heading_key(heading) in known)
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
    form = ImportForm(request.POST or None, request.FILES or None, lists=lists_for(request.user))
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["fichier"].name
        archive = form.cleaned_data["archive"]
        importation = import_tasks.begin(
            table=form.table, name=name, archive=archive, index=form.chosen_list, by=request.user
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
    fiches = _fiches_of(importation)
    shown = list(fiches[:MOST_SHOWN])
    context = {
        "importation": importation,
        "fiches": shown,
        "creees": len(shown) if len(shown) < MOST_SHOWN else fiches.count(),
        "Etat": EtatImport,
        "breadcrumbs_items": _breadcrumbs(importation),
        **(_to_correct(importation) if importation.corrigeable else {"autres": problems_of(importation)}),
    }
    name = "_suivi" if request.headers.get("X-Requested-With") == "XMLHttpRequest" else "detail"
    return render(request, f"fiches/importation/{name}.html", context)


def _breadcrumbs(importation: Importation, *more: str) -> list[dict[str, str]]:
    address = reverse("fiches_import", args=[importation.pk]) if more else ""
    here = {"url": address, "label": importation.nom}
    return [{"url": reverse("fiches_imports"), "label": _("Import of fiches")}, here] + [
        {"url": "", "label": label} for label in more
    ]


def _fiches_of(importation: Importation) -> QuerySet:
    """The rows whose fiche was made and is not in the bin."""
    made = importation.importees.filter(fiche__isnull=False, fiche__suppression=None)
    return made.select_related("fiche").order_by("rang")


def _to_correct(importation: Importation) -> dict[str, Any]:
    """What the user can mend: the columns, the errors by column, the duplicates; and how many rows are ready or set aside."""
    sheet = Sheet(importation)
    errors = errors_by_column(importation, sheet, read_site_records())
    others = list(other_errors(importation, sheet))
    wanted = set(importation.lignes.get("voulus", ()))
    aside = rows_aside(importation) - sheet.made
    wrong = {problem.number for problem in problems_of(importation)} - {None}
    columns = column_choices(sheet)
    doubles = [double for double in importation.doublons if double["rang"] not in sheet.made]
    return {
        "laissees": [column for column in columns if not column.field],
        "prises": [column for column in columns if column.field],
        "champs": field_choices(),
        "erreurs": [each._replace(mends=each.mends[:MOST_SHOWN]) for each in errors],
        "cellules_fausses": sum(each.number for each in errors),
        "lignes_fausses": len(wrong),
        "autres": others[:MOST_SHOWN],
        "sans_balises": stripped_cells(sheet),
        "doublons": [
            {
                **double,
                "voulu": double["rang"] in wanted,
                "faux": double["rang"] in wrong,
                "nom": row_name(sheet, double["rang"]),
            }
            for double in doubles[:MOST_SHOWN]
        ],
        "doublons_tus": max(len(doubles) - MOST_SHOWN, 0),
        "a_part": len(aside),
        "pretes": 0
        if any(problem.number is None for problem in others)
        else len(sheet.rows.keys() - sheet.made - aside),
    }


@import_permission_required
@require_GET
def aside(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The rows that are set aside, to correct in a spreadsheet: the columns of the file, then what is wrong."""
    importation = get_object_or_404(importations_seen_by(request.user), pk=pk)
    if kind not in TYPES:
        raise Http404
    reasons: dict[int | None, list[str]] = {}
    for problem in problems_of(importation):
        reasons.setdefault(problem.number, []).append(f"{problem.cell} : {problem.text}")
    sheet, left = Sheet(importation), rows_aside(importation)
    rows = [[*sheet.rows[number], "\n".join(reasons.get(number, ()))] for number in sorted(left - sheet.made)]
    table = [[*sheet.lines["entetes"], _("to correct")], *rows]
    return response([[guarded(text) for text in row] for row in table], kind, "lignes-a-corriger")


@import_permission_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks to confirm, with how many fiches go and which stay; then undoes."""
    importation = get_object_or_404(importations_seen_by(request.user).defer("lignes"), pk=pk)
    if request.method == "POST":
        import_tasks.undo_importation(importation)
        return redirect("fiches_import", pk)
    fiches = Prefetch("fiche", FichePage.objects.prefetch_workflow_states().defer("corps"))
    rows = list(_fiches_of(importation).select_related(None).prefetch_related(fiches))
    spared = [row for row in rows if import_tasks.is_spared(row, row.fiche)]
    context = {
        "importation": importation,
        "partent": len(rows) - len(spared),
        "restent": spared[:MOST_SHOWN],
        "breadcrumbs_items": _breadcrumbs(importation, _("Undo this import")),
    }
    return render(request, "fiches/importation/annuler.html", context)


@import_permission_required
@require_POST
def act_on_importation(request: HttpRequest, pk: int, verbe: str) -> HttpResponse:
    importation = get_object_or_404(importations_seen_by(request.user), pk=pk)
    if verbe in ("corriger", "creer"):
        changed = import_tasks.correct(importation, request.POST)
        if verbe == "creer" and not changed:
            import_tasks.confirm(importation)
        elif changed:
            messages.success(request, _("Your corrections are kept: the file is checked again."))
        else:
            messages.info(request, _("Nothing was changed."))
    elif verbe == "reprendre":
        import_tasks.take_again(importation)
    elif verbe == "oublier":
        import_tasks.forget_importation(importation)
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


def lines(user: AbstractUser) -> Iterator[CountedLine]:
    """Yields the dashboard line of the user's imports that failed, or have lines set aside. Others have none."""
    failed = Q(etat__in=[EtatImport.ECHOUE, EtatImport.ANNULE_EN_PARTIE])
    yield CountedLine(
        "a_mender",
        lambda number: ngettext("import of yours to finish", "imports of yours to finish", number),
        Importation.objects.filter(failed | Q(etat__in=CORRECTABLE) & ~Q(problemes=[]), auteur=user.pk),
        reverse("fiches_imports"),
        since="cree",
    )


urlpatterns = [
    path("imports/", index, name="fiches_imports"),
    path("imports/modele.<slug:kind>", template, name="fiches_import_modele"),
    path("imports/<int:pk>/", detail, name="fiches_import"),
    path("imports/<int:pk>/lignes.<slug:kind>", aside, name="fiches_import_a_part"),
    path("imports/<int:pk>/annuler/", undo_view, name="fiches_import_annuler"),
    path("imports/<int:pk>/<slug:verbe>/", act_on_importation, name="fiches_import_agir"),
]
