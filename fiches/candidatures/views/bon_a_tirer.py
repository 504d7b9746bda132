"""Views of the « bon à tirer »: the company reads its fiche, then agrees or asks for changes."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from fiches.candidatures.bon_a_tirer import answer_proof
from fiches.candidatures.enums import OVER, Usage
from fiches.candidatures.privacy_notices import dossier_notice
from fiches.candidatures.question_fields import long_text, short_text
from fiches.candidatures.text_cleaning import clean_answer_text
from fiches.candidatures.views.dossier import render_fiche
from fiches.candidatures.views.private_files import pictures_of, private_rendition, renditions_of
from fiches.candidatures.views.private_link import unknown_link, with_dossier
from fiches.forms.public_form import SiteForm

if TYPE_CHECKING:
    from fiches.candidatures.models import Accord, Dossier


class ProofForm(SiteForm):
    nom = short_text(_("Your name"), required=True, autocomplete="name")
    reponse = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("oui", _("I agree to this fiche as it is")), ("non", _("I ask for the changes written below"))],
        widget=forms.RadioSelect,
    )
    droits_image = forms.BooleanField(label=_("I hold the rights of the pictures shown"), required=False)
    annotations = long_text(_("Your remarks"), limit=5000)

    def __init__(self, *args: Any, has_pictures: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_pictures:
            del self.fields["droits_image"]

    def clean(self) -> Any:
        cleaned = super().clean()
        if cleaned.get("reponse") == "non" and not cleaned.get("annotations"):
            self.add_error("annotations", ValidationError(_("Write what is to be changed.")))
        return cleaned


def with_proof(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a view: replaces ``secret`` by the dossier that it opens and the proof to answer; answers 404 with a way to
    get a new link if there is no proof or the dossier is over."""

    @with_dossier(usage=Usage.BON_A_TIRER)
    @wraps(view)
    def wrapped(request: HttpRequest, dossier: "Dossier", *, secret: str, **kwargs: Any) -> HttpResponseBase:
        accord = dossier.accords.first()
        if accord is None or accord.revision is None or dossier.etat in OVER:
            return unknown_link(request, over=dossier.etat in OVER)
        return view(request, dossier, accord, secret=secret, **kwargs)

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@with_proof
def proof(request: HttpRequest, dossier: "Dossier", accord: "Accord", *, secret: str) -> HttpResponse:
    """Shows the revision that the proof is about, and below it the form of the company's answer."""
    fiche = accord.revision.as_object()
    form = ProofForm(request.POST if request.method == "POST" else None, has_pictures=bool(pictures_of(fiche)))
    if request.method == "POST" and form.is_valid():
        answer_proof(
            accord=accord,
            nom=clean_answer_text(form.cleaned_data["nom"]),
            agreed=form.cleaned_data["reponse"] == "oui",
            droits_image=form.cleaned_data.get("droits_image", False),
            annotations=clean_answer_text(form.cleaned_data["annotations"]),
        )
        return redirect("candidature_bon_a_tirer", secret)
    context = {"accord": accord, "form": form, "secret": secret, "dossier": dossier, "notice": dossier_notice(request)}
    template = "candidatures/bon_a_tirer.html"
    return render_fiche(request, fiche, context, pictures="candidature_bon_a_tirer_image", template=template)


@require_safe
@with_proof
def picture(request: HttpRequest, dossier: "Dossier", accord: "Accord", *, secret: str, pk: int) -> HttpResponseBase:
    """Serves a rendition of a picture that this revision shows."""
    return private_rendition(get_object_or_404(renditions_of(accord.revision.as_object()), pk=pk))
