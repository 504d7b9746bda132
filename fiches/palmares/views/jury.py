"""The jury's scoring screen. A juror sees the nominated fiches and their own scores only."""

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
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fiches.formats import hour
from fiches.forms.public_form import SiteForm
from fiches.palmares.enums import EtatDuPalmares
from fiches.palmares.palmares_lock import ActionRefused
from fiches.palmares.scoring import agree_to_be_named, nominations, own_evaluations, save_scores, seats_of

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


class ScoreForm(SiteForm):
    """A score for each criterion, a comment, and whether the juror keeps away; all optional, so that a juror may finish later.

    Each field tells what the page showed of it: one that the juror did not change doesn't replace what another screen saved.
    """

    a_l_ecart = forms.BooleanField(
        label=gettext_lazy("I have an interest in it: I keep away, and my scores don’t count"),
        required=False,
        show_hidden_initial=True,
    )
    commentaire = forms.CharField(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("For yourself, and for the jury once the scoring is closed."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        show_hidden_initial=True,
    )

    def __init__(
        self,
        *args: Any,
        nomination: "Nomination",
        criteres: "list[CritereDeNotation]",
        highest: int,
        readonly: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, prefix=f"n{nomination.pk}", **kwargs)
        self.nomination, self.criteres = nomination, criteres
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
                show_hidden_initial=True,
            )
            field.weight = criterion.poids
            self.fields[f"critere_{criterion.pk}"] = field
        self.fields["commentaire"].widget.attrs["readonly"] = readonly
        self.fields["a_l_ecart"].widget.attrs["disabled"] = readonly
        self.order_fields([*(f"critere_{criterion.pk}" for criterion in criteres), "commentaire", "a_l_ecart"])

    @property
    def missing(self) -> int:
        """The number of criteria without a score in what is saved; none for a juror who keeps away."""
        return (
            0
            if self.initial.get("a_l_ecart")
            else sum(f"critere_{each.pk}" not in self.initial for each in self.criteres)
        )

    def save(self, jure: "Jure") -> None:
        """Saves what the juror changed.

        :raises ActionRefused: see :func:`fiches.palmares.scoring.save_scores`.
        """
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        values = {**self.initial, **changed}
        save_scores(
            jure=jure,
            nomination=self.nomination,
            notes={each.pk: values.get(f"critere_{each.pk}") for each in self.criteres},
            commentaire=values.get("commentaire", ""),
            a_l_ecart=values.get("a_l_ecart", False),
        )


@for_jurors
def edition(request: HttpRequest, jure: "Jure") -> HttpResponse:
    """Shows and saves the scores of all fiches. Scores that are refused stay in the form, with the reason. The form saves itself while
    the juror fills it in: the answer is JSON then."""
    forms_ = _forms(request, jure)
    as_json = request.headers.get("Accept", "").startswith("application/json")
    status = 200
    if request.method == "POST":
        status = 200 if _save(jure, forms_) else 422
        reasons = [reason for form in forms_ for field in form.errors.values() for reason in field]
        if as_json:
            refused = JsonResponse({"refus": " ".join(dict.fromkeys(reasons))}, status=status)
            return refused if reasons else JsonResponse({"revision": "", "a": hour(timezone.now())})
        if not reasons:
            messages.success(request, _("Your scores are saved."))
            return redirect("jury_edition", jure.palmares.edition.annee)
    context = {
        "jure": jure,
        "palmares": jure.palmares,
        "annee": jure.palmares.edition.annee,
        "ouvert": jure.palmares.etat == EtatDuPalmares.NOTATION,
        "forms": forms_,
        "refused": status != 200,
        "notees": sum(not form.missing for form in forms_),
    }
    return render(request, "palmares/jury/edition.html", context, status=status)


def _forms(request: HttpRequest, jure: "Jure") -> list[ScoreForm]:
    own, criteria = own_evaluations(jure), list(jure.palmares.criteres.all())
    options = {
        "criteres": criteria,
        "highest": jure.palmares.note_maximale,
        "readonly": jure.palmares.etat != EtatDuPalmares.NOTATION and request.method != "POST",
    }
    return [
        ScoreForm(
            request.POST or None, nomination=each, initial=_initial(*own[each.pk]) if each.pk in own else {}, **options
        )
        for each in nominations(jure.palmares_id)
    ]


def _initial(evaluation: "Evaluation", scores: dict[int, int]) -> dict[str, Any]:
    given = {f"critere_{key}": value for key, value in scores.items()}
    return {**given, "commentaire": evaluation.commentaire, "a_l_ecart": evaluation.a_l_ecart}


def _save(jure: "Jure", forms_: list[ScoreForm]) -> bool:
    """Saves the valid forms that the juror changed; the others have their errors. Returns whether there is none."""
    for form in forms_:
        if form.is_valid() and form.has_changed():
            try:
                form.save(jure)
            except ActionRefused as refusal:
                form.add_error(None, str(refusal))
                jure.palmares.refresh_from_db()
    return not any(form.errors for form in forms_)


@require_POST
@for_jurors
def named(request: HttpRequest, jure: "Jure") -> HttpResponse:
    agree_to_be_named(jure, agrees=request.POST.get("accord") == "oui")
    messages.success(request, _("Your choice is kept."))
    return redirect("jury_edition", jure.palmares.edition.annee)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Logs out. A juror's account has no access to the admin, hence not to its logout page."""
    logout(request)
    return redirect("/")
