"""The jury's scoring screens. A juror sees the fiches that they may score and their own scores only."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from fiches.formats import hour
from fiches.forms.older_screen import CONFLICT, Sending, is_from_older_screen
from fiches.forms.public_form import SiteForm
from fiches.palmares.enums import EtatDuPalmares
from fiches.palmares.palmares_lock import ActionRefused
from fiches.palmares.scoring import (
    active_conflicts,
    agree_to_be_named,
    all_nominations,
    declare_conflict,
    lift_conflict,
    nominations_for,
    own_evaluations,
    save_scores,
    seats_of,
)

if TYPE_CHECKING:
    from fiches.palmares.models import CritereDeNotation, Evaluation, Jure, Nomination


HEADERS = {"Cache-Control": "no-store, private", "X-Robots-Tag": "noindex, nofollow, noarchive"}


def for_jurors(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a view: requires a login, and passes the user's ``Jure`` of the year ``annee`` (404 without one), or all of
    them if the address has no year."""

    @wraps(view)
    def answer(request: HttpRequest, annee: int | None = None, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
        seats = list(seats_of(request.user))
        if annee is None:
            response = view(request, seats)
        else:
            seat = next((seat for seat in seats if seat.palmares.edition.annee == annee), None)
            if seat is None:
                raise Http404
            response = view(request, seat, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return answer


@require_GET
@for_jurors
def home(request: HttpRequest, seats: "list[Jure]") -> HttpResponse:
    """Lists the user's editions, or redirects to the only one."""
    if len(seats) == 1:
        return redirect("jury_edition", seats[0].palmares.edition.annee)
    return render(request, "palmares/jury/accueil.html", {"jures": seats})


@require_GET
@for_jurors
def edition(request: HttpRequest, jure: "Jure") -> Any:
    own, criteria = own_evaluations(jure), list(jure.palmares.criteres.all())
    conflicts = {each.fiche_id: each for each in active_conflicts(jure)}
    nominations = list(all_nominations(jure))
    rows = [_row(each, own, criteria) for each in nominations if each.fiche_id not in conflicts]
    conflicted = {each.fiche_id: (each, conflicts[each.fiche_id]) for each in nominations if each.fiche_id in conflicts}
    context = {
        **_base_context(jure),
        "criteres": criteria,
        "lignes": rows,
        "ecartees": list(conflicted.values()),
        "notees": sum(row["etat"] == "notee" for row in rows),
    }
    return render(request, "palmares/jury/edition.html", context)


def _base_context(jure: "Jure") -> dict[str, Any]:
    palmares = jure.palmares
    return {
        "jure": jure,
        "palmares": palmares,
        "annee": palmares.edition.annee,
        "ouvert": palmares.etat == EtatDuPalmares.NOTATION,
    }


def _row(
    nomination: "Nomination", own: "dict[int, tuple[Evaluation, dict[Any, Any]]]", criteria: "list[CritereDeNotation]"
) -> dict[str, Any]:
    """Returns a nomination with its state ("notee", "entamee", "a_noter") and the number of criteria without a score.

    :param own: the result of :func:`~fiches.palmares.scoring.own_evaluations`.
    """
    _evaluation, scores = own.get(nomination.pk, (None, {}))
    missing = sum(criterion.pk not in scores for criterion in criteria)
    state = "notee" if not missing else "entamee" if nomination.pk in own else "a_noter"
    return {"nomination": nomination, "etat": state, "manquent": missing}


class ScoreForm(SiteForm):
    """A score for each criterion, and a comment; all optional, so that a juror may finish later."""

    commentaire = forms.CharField(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("For yourself, and for the jury once the scoring is closed."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(
        self, *args: Any, criteres: "list[CritereDeNotation]", highest: int, readonly: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteres = criteres
        scale = [(str(value), str(value)) for value in range(highest + 1)]
        for criterion in criteres:
            field = forms.TypedChoiceField(
                label=criterion.nom,
                help_text=criterion.definition,
                choices=scale,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect(attrs={"disabled": readonly}),
                template_name="palmares/jury/scale.html",
            )
            field.weight = criterion.poids
            self.fields[f"critere_{criterion.pk}"] = field
        self.fields["commentaire"].widget.attrs["readonly"] = readonly
        self.order_fields([*(f"critere_{criterion.pk}" for criterion in criteres), "commentaire"])

    def notes(self) -> Any:
        return {criterion.pk: self.cleaned_data[f"critere_{criterion.pk}"] for criterion in self.criteres}


@for_jurors
def score(request: HttpRequest, jure: Any, nomination: int) -> HttpResponse:
    """Shows and saves the scores of one fiche. Scores that are refused stay in the form, with the reason. The form saves itself while
    the juror fills it in: the answer is JSON then."""
    nominations = list(nominations_for(jure))
    nominee = next((each for each in nominations if each.pk == nomination), None)
    if nominee is None:
        raise Http404
    criteres = list(jure.palmares.criteres.all())
    evaluation, scores = own_evaluations(jure).get(nominee.pk, (None, {}))
    stamp = _stamp(evaluation)
    form = _form(request, jure, criteres, evaluation, scores)
    as_json = request.headers.get("Accept", "").startswith("application/json")
    status, elsewhere = 200, None
    if request.method == "POST" and form.is_valid():
        if _is_stale(request, form, evaluation, scores, stamp):
            elsewhere = [(criterion.nom, scores[criterion.pk]) for criterion in criteres if criterion.pk in scores]
            form.add_error(
                None,
                _(
                    "You scored this fiche on another screen meanwhile. What you see here replaces it if you save it again."
                ),
            )
        elif saved := _save(request, jure, nominee, form):
            if as_json:
                return JsonResponse({"revision": _stamp(saved), "a": hour(timezone.now())})
            missing = sum(value is None for value in form.notes().values())
            return _saved(request, jure, nominee, _next(jure, nominee, nominations, criteres), missing)
        status = CONFLICT
    if request.method == "POST" and as_json:
        reasons = [reason for field in form.errors.values() for reason in field]
        return JsonResponse({"refus": " ".join(reasons)}, status=CONFLICT if status == CONFLICT else 422)
    place = nominations.index(nominee)
    context = {
        **_base_context(jure),
        "nomination": nominee,
        "form": form,
        "lue": stamp,
        "ailleurs": elsewhere,
        "commentaire_ailleurs": evaluation.commentaire if evaluation else "",
        "place": place + 1,
        "nombre": len(nominations),
        "precedente": nominations[place - 1] if place else None,
        "suivante": _next(jure, nominee, nominations, criteres),
    }
    return render(request, "palmares/jury/fiche.html", context, status=status)


def _save(request: HttpRequest, jure: "Jure", nominee: "Nomination", form: ScoreForm) -> "Evaluation | None":
    """Saves the scores of a valid form. If they are refused, returns None: the form has the reason."""
    given = {"notes": form.notes(), "commentaire": form.cleaned_data["commentaire"]}
    try:
        return save_scores(jure=jure, nomination=nominee, sending=_sending(request), **given)
    except ActionRefused as refusal:
        form.add_error(None, str(refusal))
        jure.palmares.refresh_from_db()
        return None


def _stamp(evaluation: Any) -> str:
    return evaluation.modifiee_le.isoformat() if evaluation else ""


def _sending(request: HttpRequest) -> Sending:
    return Sending.read(request.POST.get("ecran", ""))


def _is_stale(request: HttpRequest, form: ScoreForm, evaluation: Any, scores: dict[Any, Any], stamp: str) -> bool:
    """Whether the juror saved other scores, or another comment, on another screen since the form was shown."""
    if evaluation is None or not is_from_older_screen(request.POST, stamp):
        return False
    if Sending.read(evaluation.ecran).is_by_page_of(_sending(request)):
        return False
    sent = {key: value for key, value in form.notes().items() if value is not None}
    return (sent, form.cleaned_data["commentaire"]) != (scores, evaluation.commentaire)


def _form(
    request: Any, jure: Any, criteres: "list[CritereDeNotation]", evaluation: Any, scores: dict[Any, Any]
) -> ScoreForm:
    options = {"criteres": criteres, "highest": jure.palmares.note_maximale}
    if request.method == "POST":
        return ScoreForm(request.POST, readonly=False, **options)
    initial = {f"critere_{key}": str(value) for key, value in scores.items()}
    initial["commentaire"] = evaluation.commentaire if evaluation else ""
    return ScoreForm(initial=initial, readonly=jure.palmares.etat != EtatDuPalmares.NOTATION, **options)


def _next(
    jure: "Jure", nomination: "Nomination", nominations: "list[Nomination]", criteres: "list[CritereDeNotation]"
) -> "Nomination | None":
    """Returns the next nomination that lacks a score, from here to the end then from the start; if none does, the following
    one or None."""
    own, place = own_evaluations(jure), nominations.index(nomination)
    following, before = nominations[place + 1 :], nominations[:place]
    waiting = (each for each in [*following, *before] if _row(each, own, criteres)["manquent"])
    return next(waiting, following[0] if following else None)


def _saved(
    request: HttpRequest, jure: "Jure", nomination: "Nomination", suivante: "Nomination | None", missing: int
) -> HttpResponse:
    text = _("Saved: “%(title)s”.") % {"title": nomination.fiche.title}
    if missing:
        text += " " + ngettext("%(number)s score is missing.", "%(number)s scores are missing.", missing) % {
            "number": missing
        }
    messages.success(request, text)
    year = jure.palmares.edition.annee
    if "suivante" in request.POST and suivante:
        return redirect("jury_fiche", year, suivante.pk)
    return redirect("jury_edition", year)


@require_POST
@for_jurors
def conflict(request: HttpRequest, jure: "Jure", nomination: int) -> HttpResponse:
    """Declares a conflict of interests, or lifts it if ``lever`` is sent."""
    lifted = "lever" in request.POST
    fiche = _nomination_or_404(jure, nomination).fiche
    try:
        (lift_conflict if lifted else declare_conflict)(jure=jure, fiche=fiche)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        text = _("“%(title)s” is back in your list.") if lifted else _("You keep away from “%(title)s”: it is noted.")
        messages.success(request, text % {"title": fiche.title})
    return redirect("jury_edition", jure.palmares.edition.annee)


def _nomination_or_404(jure: "Jure", pk: int) -> "Nomination":
    nomination = all_nominations(jure).filter(pk=pk).first()
    if nomination is None:
        raise Http404
    return nomination


@require_POST
@for_jurors
def named(request: HttpRequest, jure: Any) -> Any:
    agree_to_be_named(jure, agrees=request.POST.get("accord") == "oui")
    messages.success(request, _("Your choice is kept."))
    return redirect("jury_edition", jure.palmares.edition.annee)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Logs out. A juror's account has no access to the admin, hence not to its logout page."""
    logout(request)
    return redirect("/")
