"""The staff's screens of one palmarès: preparation, progress of the jury, ranking, decisions, announcement."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.utils import get_user_display_name

from fiches.forms.primary_key import read_key
from fiches.palmares import palmares_transitions
from fiches.palmares.enums import EtatDuPalmares
from fiches.palmares.forms import CategoryNameForm, DecisionForm, EmbargoForm, InvitationForm
from fiches.palmares.jury import invite_juror, remove_juror, send_invitation
from fiches.palmares.jury_decision import record_decision
from fiches.palmares.models import Decision, Palmares, Prix
from fiches.palmares.palmares_lock import ActionRefused
from fiches.palmares.ranking import Sealed, ranking
from fiches.palmares.scoring import progress

if TYPE_CHECKING:
    from fiches.palmares.models import Jure


VIEW, PREPARE, DECIDE = (
    "rallynov_palmares.view_palmares",
    "rallynov_palmares.change_palmares",
    "rallynov_palmares.decide_palmares",
)
may_see = permission_required(VIEW, raise_exception=True)
may_decide = permission_required(DECIDE, raise_exception=True)


def get_palmares(pk: int) -> Palmares:
    return get_object_or_404(Palmares.objects.select_related("edition", "clos_par", "annonce_par"), pk=pk)


@require_safe
@never_cache
@may_see
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    return _overview(request, get_palmares(pk))


def _overview(request: HttpRequest, palmares: Palmares, *, status: int = 200, **forms: Any) -> HttpResponse:
    user = request.user
    knows_results = user.has_perm(DECIDE) or palmares.est_publie
    categories = palmares.categories.annotate(nombre=Count("nominations"))
    in_force = Decision.objects.filter(categorie__palmares=palmares, en_vigueur=True)
    decided = {each.categorie_id: each for each in in_force}
    context = {
        "palmares": palmares,
        "manque": palmares_transitions.missing_before_results(palmares) if palmares.est_modifiable else [],
        "categories": [(each, decided.get(each.pk)) for each in categories],
        "jury": _jury(palmares),
        "prix": _prizes(palmares) if knows_results else [],
        "prepare": user.has_perm(PREPARE),
        "decide": user.has_perm(DECIDE),
        "clos_par": _name(palmares.clos_par),
        "annonce_par": _name(palmares.annonce_par),
        "est_clos": palmares.etat == EtatDuPalmares.CLOSE,
        "est_ouvert": palmares.etat == EtatDuPalmares.NOTATION,
        "inviter": InvitationForm(prefix="inviter"),
        "categorie": CategoryNameForm(prefix="categorie"),
        "annoncer": EmbargoForm(prefix="annoncer", initial={"embargo": _local(palmares.embargo)}),
        **forms,
    }
    return render(request, "palmares/admin/suivi.html", context, status=status)


def _local(instant: datetime | None) -> datetime | None:
    return timezone.localtime(instant) if instant else None


def _name(account: AbstractUser | None) -> Any:
    return account and get_user_display_name(account)


def _jury(palmares: Palmares) -> Any:
    """Returns ``[(Jure, number fully scored, number to score)]``, without any score."""
    counts = progress(palmares)
    return [(each, *counts[each.pk]) for each in palmares.jures.select_related("compte")]


def _prizes(palmares: Palmares) -> QuerySet:
    prizes = Prix.objects.in_force().filter(decision__categorie__palmares=palmares)
    return prizes.select_related("decision__categorie__palmares__edition", "nomination__fiche")


@require_safe
@never_cache
@may_decide
def read_ranking(request: HttpRequest, pk: int) -> HttpResponse:
    palmares = get_palmares(pk)
    try:
        ranked = ranking(palmares)
    except Sealed as refusal:
        messages.error(request, str(refusal))
        return redirect("palmares:suivi", pk)
    return render(request, "palmares/admin/classement.html", {"palmares": palmares, "classement": ranked})


@never_cache
@may_decide
def decide(request: Any, pk: int, categorie: int) -> HttpResponse:
    """Shows the ranking of one category with the form of its decision."""
    palmares = get_palmares(pk)
    category = get_object_or_404(palmares.categories, pk=categorie)
    try:
        lines = dict(ranking(palmares)).get(category, [])
    except Sealed as refusal:
        messages.error(request, str(refusal))
        return redirect("palmares:suivi", pk)
    in_force = category.decisions.filter(en_vigueur=True).first()
    nominations = [line.nomination for line in lines]
    form = DecisionForm(request.POST or None, nominations=nominations, initial=_initial(in_force))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            record_decision(
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
        "palmares": palmares,
        "categorie": category,
        "lignes": list(zip(lines, form.rows(), strict=True)),
        "form": form,
        "decision": in_force,
        "anciennes": category.decisions.filter(en_vigueur=False),
    }
    return render(request, "palmares/admin/decider.html", context, status=status)


def _initial(decision: Decision) -> dict[str, Any]:
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
def staff_diploma(request: HttpRequest, pk: int, prix: int) -> Any:
    """Serves a diploma: before the end of the embargo, only to users who may decide."""
    palmares = get_palmares(pk)
    if not palmares.est_publie and not request.user.has_perm(DECIDE):
        raise PermissionDenied
    from fiches.palmares.diploma import diploma_response

    return diploma_response(
        request, get_object_or_404(_prizes(palmares).select_related("nomination__fiche__commune"), pk=prix)
    )


@require_POST
@may_see
def act_on_palmares(request: HttpRequest, pk: int, verbe: str) -> HttpResponse:
    """Runs the action named ``verbe`` of the overview. A refusal is shown as a message, an invalid form with its errors."""
    if verbe not in VERBS:
        raise Http404
    permission, function = VERBS[verbe]
    if not request.user.has_perm(permission):
        raise PermissionDenied
    palmares = get_palmares(pk)
    try:
        answer = function(request, palmares)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("palmares:suivi", pk)
    if isinstance(answer, dict):  # {name in the context: invalid form}
        return _overview(request, palmares, status=422, **answer)
    if isinstance(answer, str):
        messages.success(request, answer)
        return redirect("palmares:suivi", pk)
    return answer


def _open(request: HttpRequest, palmares: Any) -> Any:
    palmares_transitions.open_scoring(palmares, by=request.user)
    return _("The scoring is open.")


def _close(request: HttpRequest, palmares: Any) -> Any:
    palmares_transitions.close_scoring(palmares, by=request.user)
    return _("The scoring is closed: no score changes any more, and the ranking may be read.")


def _announce(request: HttpRequest, palmares: Any) -> Any:
    form = EmbargoForm(request.POST, prefix="annoncer")
    if not form.is_valid():
        return {"annoncer": form}
    try:
        palmares_transitions.announce(palmares, at=form.cleaned_data["embargo"], by=request.user)
    except ActionRefused as refusal:
        form.add_error("embargo", str(refusal))
        return {"annoncer": form}
    return _("The results will be public at that instant, and not before.")


def _publish(request: HttpRequest, palmares: Any) -> Any:
    palmares_transitions.publish_now(palmares, by=request.user)
    return _("The results are public.")


def _withdraw(request: HttpRequest, palmares: Any) -> Any:
    palmares_transitions.withdraw_announcement(palmares, by=request.user)
    return _("Nothing is announced any more: no result is shown anywhere.")


def _invite(request: HttpRequest, palmares: Any) -> Any:
    form = InvitationForm(request.POST, prefix="inviter")
    if not form.is_valid():
        return {"inviter": form}
    try:
        jure = invite_juror(palmares, **form.cleaned_data)
    except ActionRefused as refusal:
        form.add_error("courriel", str(refusal))
        return {"inviter": form}
    return _("%(name)s is invited: a mail says how to come in.") % {"name": jure.nom}


def _juror(request: HttpRequest, palmares: Palmares) -> "Jure":
    return get_object_or_404(palmares.jures.all(), pk=read_key(request.POST.get("jure", "")))


def _resend_invitation(request: HttpRequest, palmares: Any) -> Any:
    jure = _juror(request, palmares)
    if jure.compte is None:
        raise ActionRefused(_("This person has no account any more."))
    send_invitation(jure)
    return _("A new mail is on its way.")


def _remove(request: HttpRequest, palmares: Palmares) -> str:
    remove_juror(_juror(request, palmares))
    return _("This person no longer sits in the jury.")


def _add_category(request: HttpRequest, palmares: Any) -> Any:
    form = CategoryNameForm(request.POST, prefix="categorie")
    if not form.is_valid():
        return {"categorie": form}
    try:
        category = palmares_transitions.add_category(palmares, nom=form.cleaned_data["nom"])
    except ActionRefused as refusal:
        form.add_error("nom", str(refusal))
        return {"categorie": form}
    return redirect("palmares_categories:edit", category.pk)


VERBS = {
    "ouvrir": (PREPARE, _open),
    "clore": (DECIDE, _close),
    "annoncer": (DECIDE, _announce),
    "publier": (DECIDE, _publish),
    "retirer-annonce": (DECIDE, _withdraw),
    "inviter": (PREPARE, _invite),
    "relancer": (PREPARE, _resend_invitation),
    "retirer-jure": (PREPARE, _remove),
    "categorie": (PREPARE, _add_category),
}
