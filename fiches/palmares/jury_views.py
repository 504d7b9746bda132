"""The jury's scoring screen. A juror sees the nominated fiches and their own scores only."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fiches.formats import hour
from fiches.forms.public_form import SiteForm
from fiches.palmares.models import CritereDeNotation, EtatDuPalmares, Evaluation, Jure, Nomination
from fiches.palmares.scoring import agree_to_be_named, nominations, save_scores, seats_of
from fiches.palmares.transitions import ActionRefused

for_jurors = login_required(login_url="wagtailadmin_login")


def _seat(request: HttpRequest, annee: int) -> Jure:
    return get_object_or_404(seats_of(request.user), palmares__edition__annee=annee)


@require_GET
@never_cache
@for_jurors
def home(request: HttpRequest) -> HttpResponse:
    """Redirects to the newest edition that the user scores."""
    newest = seats_of(request.user).first()
    return (
        redirect("jury_edition", newest.palmares.edition.annee)
        if newest
        else render(request, "palmares/jury/accueil.html")
    )


class ScoreForm(SiteForm):
    """A score for each criterion and a remark; all optional, so that a juror may finish later.

    Each field tells what the page showed of it: one that the juror did not change doesn't replace what another screen saved.
    """

    def __init__(
        self, *args: Any, nomination: Nomination, criteres: list[CritereDeNotation], readonly: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, prefix=f"n{nomination.pk}", **kwargs)
        self.nomination, self.criteres = nomination, criteres
        highest = criteres[0].palmares.note_maximale if criteres else 0
        for criterion in criteres:
            self.fields[f"critere_{criterion.pk}"] = forms.TypedChoiceField(
                label=f"{criterion.nom} × {criterion.poids}" if criterion.poids > 1 else criterion.nom,
                help_text=criterion.definition,
                choices=[(str(value), str(value)) for value in range(highest + 1)],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect(attrs={"disabled": readonly}),
                template_name="palmares/jury/scale.html",
                show_hidden_initial=True,
            )
        self.fields["commentaire"] = forms.CharField(
            label=gettext_lazy("Comment"),
            help_text=gettext_lazy(
                "For yourself, then, once the scoring is closed, for the jury and for those who record its decision."
            ),
            max_length=4000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3, "readonly": readonly}),
            show_hidden_initial=True,
        )

    @property
    def missing(self) -> int:
        """The number of criteria without a score in what is saved."""
        return sum(f"critere_{each.pk}" not in self.initial for each in self.criteres)

    def save(self, jure: Jure) -> None:
        """Saves what the juror changed.

        :raises ActionRefused: see :func:`fiches.palmares.scoring.save_scores`.
        """
        values = {**self.initial, **{name: self.cleaned_data[name] for name in self.changed_data}}
        notes = {each.pk: values.get(f"critere_{each.pk}") for each in self.criteres}
        save_scores(jure=jure, nomination=self.nomination, notes=notes, commentaire=values.get("commentaire", ""))


@never_cache
@for_jurors
def edition(request: HttpRequest, annee: int) -> HttpResponse:
    """Shows and saves the scores of all fiches. Scores that are refused stay in the form, with the reason. The form saves itself while
    the juror fills it in: the answer is JSON then."""
    jure = _seat(request, annee)
    forms_ = _forms(request, jure)
    status = 200
    if request.method == "POST":
        status = 200 if _save(jure, forms_) else 422
        reasons = [reason for form in forms_ for field in form.errors.values() for reason in field]
        if request.headers.get("Accept", "").startswith("application/json"):
            refused = JsonResponse({"refus": " ".join(dict.fromkeys(reasons))}, status=status)
            return refused if reasons else JsonResponse({"revision": "", "a": hour(timezone.now())})
        if not reasons:
            messages.success(request, _("Your scores are saved."))
            return redirect("jury_edition", annee)
    context = {
        "jure": jure,
        "palmares": jure.palmares,
        "annee": annee,
        "ouvert": jure.palmares.etat == EtatDuPalmares.NOTATION,
        "forms": forms_,
        "refused": status != 200,
        "notees": sum(not form.missing for form in forms_),
    }
    return render(request, "palmares/jury/edition.html", context, status=status)


def _forms(request: HttpRequest, jure: Jure) -> list[ScoreForm]:
    own = {each.nomination_id: _initial(each) for each in jure.evaluations.all()}
    options = {
        "criteres": list(jure.palmares.criteres.all()),
        "readonly": jure.palmares.etat != EtatDuPalmares.NOTATION and request.method != "POST",
    }
    return [
        ScoreForm(request.POST or None, nomination=each, initial=own.get(each.pk), **options)
        for each in nominations(jure.palmares_id)
    ]


def _initial(evaluation: Evaluation) -> dict[str, Any]:
    given = {f"critere_{key}": value for key, value in evaluation.notes.items()}
    return {**given, "commentaire": evaluation.commentaire}


def _save(jure: Jure, forms_: list[ScoreForm]) -> bool:
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
def named(request: HttpRequest, annee: int) -> HttpResponse:
    agree_to_be_named(_seat(request, annee), agrees=request.POST.get("accord") == "oui")
    messages.success(request, _("Your choice is kept."))
    return redirect("jury_edition", annee)
