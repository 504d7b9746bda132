"""The staff's screens: list and forms of the editions, and of one palmarès its preparation, the jury's progress, the decisions with
the ranking, the announcement."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from fiches import formats
from fiches.forms.private_address import read_key
from fiches.palmares import transitions
from fiches.palmares.forms import DecisionForm, EmbargoForm, InvitationForm
from fiches.palmares.models import Categorie, Decision, EtatDuPalmares, Palmares, Prix
from fiches.palmares.scoring import nominations, progress, ranking
from fiches.palmares.transitions import ActionRefused

VIEW, PREPARE, DECIDE = (
    "rallynov_palmares.view_palmares",
    "rallynov_palmares.change_palmares",
    "rallynov_palmares.decide_palmares",
)
may_see = permission_required(VIEW, raise_exception=True)
may_decide = permission_required(DECIDE, raise_exception=True)


def get_palmares(pk: int) -> Palmares:
    return get_object_or_404(Palmares.objects.select_related("edition"), pk=pk)


@require_safe
@never_cache
@may_see
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    return _overview(request, get_palmares(pk))


def _overview(request: HttpRequest, palmares: Palmares, *, status: int = 200, **forms: Any) -> HttpResponse:
    user, scored = request.user, progress(palmares)
    knows_results = user.has_perm(DECIDE) or palmares.est_publie
    in_force = Decision.objects.filter(categorie__palmares=palmares, en_vigueur=True)
    decided = {each.categorie_id: each for each in in_force}
    known = timezone.localtime(palmares.embargo) if palmares.embargo else None
    context = {
        "palmares": palmares,
        "manque": transitions.missing_before_results(palmares) if palmares.est_modifiable else [],
        "categories": [
            (each, decided.get(each.pk)) for each in palmares.categories.annotate(nombre=Count("nominations"))
        ],
        "jury": [(each, scored[each.pk]) for each in palmares.jures.select_related("compte")],
        "total": nominations(palmares.pk).count(),
        "prix": _prizes(palmares) if knows_results else [],
        "prepare": user.has_perm(PREPARE),
        "decide": user.has_perm(DECIDE),
        "est_clos": palmares.etat == EtatDuPalmares.CLOSE,
        "est_ouvert": palmares.etat == EtatDuPalmares.NOTATION,
        "inviter": InvitationForm(prefix="inviter"),
        "annoncer": EmbargoForm(prefix="annoncer", initial={"embargo": known}),
        **forms,
    }
    return render(request, "palmares/admin/suivi.html", context, status=status)


def _prizes(palmares: Palmares) -> QuerySet:
    prizes = Prix.objects.in_force().filter(decision__categorie__palmares=palmares)
    return prizes.select_related("decision__categorie__palmares__edition", "nomination__fiche__commune")


@never_cache
@may_decide
def decide(request: Any, pk: int, categorie: int) -> HttpResponse:
    """Shows what the jury thinks of a category, with the form of its decision."""
    category = get_object_or_404(Categorie.objects.select_related("palmares__edition"), pk=categorie, palmares=pk)
    try:
        lines = ranking(category)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("palmares:suivi", pk)
    in_force = category.decisions.filter(en_vigueur=True).first()
    form = DecisionForm(
        request.POST or None, nominations=[line.nomination for line in lines], initial=_initial(in_force)
    )
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            transitions.record_decision(
                category,
                prizes=form.prizes(),
                motifs=form.cleaned_data["motifs"],
                by=request.user,
                read=read_key(request.POST.get("lue", "")),
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("The decision is recorded, with its reasons."))
            return redirect("palmares:suivi", pk)
    context = {
        "palmares": category.palmares,
        "categorie": category,
        "lignes": [(line, form.fields_of(line.nomination)) for line in lines],
        "form": form,
        "decision": in_force,
        "anciennes": category.decisions.filter(en_vigueur=False),
    }
    return render(request, "palmares/admin/decider.html", context, status=status)


def _initial(decision: Decision | None) -> dict[str, Any]:
    """Returns the initial values of the form from the decision in force."""
    if decision is None:
        return {}
    values: dict[str, Any] = {"motifs": decision.motifs}
    for prize in decision.prix.all():
        values |= {f"rang_{prize.nomination_id}": prize.rang, f"citation_{prize.nomination_id}": prize.citation}
    return values


@require_safe
@never_cache
@may_see
def staff_diploma(request: HttpRequest, pk: int, prix: int) -> HttpResponse:
    """Serves a diploma: before the end of the embargo, only to users who may decide."""
    palmares = get_palmares(pk)
    if not palmares.est_publie and not request.user.has_perm(DECIDE):
        raise PermissionDenied
    from fiches.palmares.diploma import diploma_response

    return diploma_response(request, get_object_or_404(_prizes(palmares), pk=prix))


@require_POST
@may_see
def act_on_palmares(request: HttpRequest, pk: int, verbe: str) -> HttpResponse:
    """Runs the action named ``verbe`` of the overview. A refusal is shown as a message, an invalid form with its errors."""
    if verbe not in VERBS:
        raise Http404
    permission, form_class, function, done = VERBS[verbe]
    if not request.user.has_perm(permission):
        raise PermissionDenied
    palmares = record = get_palmares(pk)
    form = form_class(request.POST, prefix=verbe) if form_class else None
    if form and not form.is_valid():
        return _overview(request, palmares, status=422, **{verbe: form})
    if "jure" in request.POST:
        record = get_object_or_404(palmares.jures.all(), pk=read_key(request.POST["jure"]))
    try:
        function(record, **(form.cleaned_data if form else {}))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("palmares:suivi", pk)


# {verb: (permission, form or None, function of the palmarès and the form's values, or of the juror; what is said then)}
VERBS: dict[str, tuple[str, Any, Any, Any]] = {
    "ouvrir": (PREPARE, None, transitions.open_scoring, gettext_lazy("The scoring is open.")),
    "clore": (
        DECIDE,
        None,
        transitions.close_scoring,
        gettext_lazy("The scoring is closed: no score changes any more, and the ranking may be read."),
    ),
    "annoncer": (
        DECIDE,
        EmbargoForm,
        transitions.announce,
        gettext_lazy("The results will be public at that instant, and not before."),
    ),
    "publier": (DECIDE, None, transitions.publish_now, gettext_lazy("The results are public.")),
    "retirer-annonce": (
        DECIDE,
        None,
        transitions.withdraw_announcement,
        gettext_lazy("Nothing is announced any more: no result is shown anywhere."),
    ),
    "inviter": (PREPARE, InvitationForm, transitions.invite_juror, gettext_lazy("A mail says how to come in.")),
    "relancer": (PREPARE, None, transitions.send_invitation, gettext_lazy("A new mail is on its way.")),
    "retirer-jure": (
        PREPARE,
        None,
        transitions.remove_juror,
        gettext_lazy("This person no longer sits in the jury."),
    ),
}


# The stock views


class PalmaresIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet:
        return Palmares.objects.select_related("edition")


class ReturnToPalmares:
    """Redirects to the screen of the palmarès."""

    def get_success_url(self) -> str:
        return reverse("palmares:suivi", args=[getattr(self.object, "palmares_id", self.object.pk)])


class EditView(ReturnToPalmares, generic.EditView):
    pass


class CreateView(ReturnToPalmares, generic.CreateView):
    pass


class CategorieCreateView(CreateView):
    """Adds a category to the palmarès of the address."""

    def get_initial_form_instance(self) -> Categorie:
        return Categorie(palmares=get_palmares(self.kwargs["pk"]))

    def get_add_url(self) -> str:
        return self.request.path


class DeleteInPreparationOnly(generic.DeleteView):
    """Refuses to delete a palmarès or a category once the scoring is open."""

    def get_object(self, *args: Any, **kwargs: Any) -> Categorie | Palmares:
        instance = super().get_object(*args, **kwargs)
        if not getattr(instance, "palmares", instance).est_modifiable:
            raise PermissionDenied
        return instance


class CategorieDeleteView(ReturnToPalmares, DeleteInPreparationOnly):
    pass


class PalmaresViewSet(ModelViewSet):
    model = Palmares
    name = "palmares"
    icon = "pick"
    menu_label = gettext_lazy("Palmarès")
    menu_order = 152
    add_to_admin_menu = True
    index_view_class = PalmaresIndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteInPreparationOnly
    copy_view_enabled = False
    list_display = [
        TitleColumn("edition", label=gettext_lazy("Edition"), accessor=str, url_name="palmares:suivi"),
        Column("situation", label=gettext_lazy("State"), sort_key="etat"),
        # Wagtail's ``DateColumn`` shows a future date as « 0 minutes ago ».
        Column(
            "embargo",
            label=gettext_lazy("Results on"),
            accessor=lambda palmares: formats.moment(palmares.embargo) if palmares.embargo else "",
            sort_key="embargo",
        ),
    ]

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/", overview, name="suivi"),
            path("<int:pk>/decision/<int:categorie>/", decide, name="decider"),
            path("<int:pk>/diplome/<int:prix>/", staff_diploma, name="diplome"),
            path("<int:pk>/<slug:verbe>/", act_on_palmares, name="agir"),
        ]


class CategorieViewSet(ModelViewSet):
    model = Categorie
    name = "palmares_categories"
    url_prefix = "palmares-categories"
    icon = "pick"
    add_view_class = CategorieCreateView
    edit_view_class = EditView
    delete_view_class = CategorieDeleteView
    copy_view_enabled = False

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        others = {"index_url_name": "palmares:index", "usage_url_name": None}
        return super().get_common_view_kwargs(**{**others, **kwargs})

    def get_urlpatterns(self) -> list[Any]:
        names = ("edit", "delete", "history", "history_results")
        return [
            path("new/<int:pk>/", self.add_view, name="add"),
            *(pattern for pattern in super().get_urlpatterns() if pattern.name in names),
        ]
