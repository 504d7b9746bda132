"""« Bon à tirer »: the company reads its fiche, and agrees or writes what to change."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from fiches.candidatures.bon_a_tirer import answer_proof
from fiches.candidatures.enums import OVER, Usage
from fiches.candidatures.formulaires import long_text, short_text
from fiches.candidatures.texte import readable
from fiches.candidatures.vie_privee import dossier_notice
from fiches.candidatures.views.dossier import show_fiche
from fiches.candidatures.views.fichiers import private_size, sizes_of
from fiches.candidatures.views.prive import with_dossier


class ProofForm(forms.Form):
    use_required_attribute = False
    nom = short_text(_("Your name"), required=True, autocomplete="name")
    reponse = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("oui", _("I agree to this fiche as it is")), ("non", _("I ask for the changes written below"))],
        widget=forms.RadioSelect,
    )
    droits_image = forms.BooleanField(label=_("I hold the rights of the pictures shown"), required=False)
    annotations = long_text(_("Your remarks"), limit=5000)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reponse") == "non" and not cleaned.get("annotations"):
            self.add_error("annotations", ValidationError(_("Write what is to be changed.")))
        return cleaned


def latest(dossier):
    """The proof to answer; there is none of a dossier that is over."""
    accord = dossier.accords.first()
    if accord is None or accord.revision is None or dossier.etat in OVER:
        raise Http404
    return accord


@require_http_methods(["GET", "HEAD", "POST"])
@with_dossier(usage=Usage.BON_A_TIRER)
def proof(request, dossier, *, secret):
    accord = latest(dossier)
    form = ProofForm(request.POST) if request.method == "POST" else ProofForm()
    if request.method == "POST" and form.is_valid():
        answer_proof(
            accord=accord,
            nom=readable(form.cleaned_data["nom"]),
            agreed=form.cleaned_data["reponse"] == "oui",
            droits_image=form.cleaned_data["droits_image"],
            annotations=readable(form.cleaned_data["annotations"]),
        )
        return redirect("candidature_bon_a_tirer", secret)
    context = {"accord": accord, "form": form, "secret": secret, "dossier": dossier, "notice": dossier_notice(request)}
    return render(request, "candidatures/bon_a_tirer.html", context)


@require_safe
@with_dossier(usage=Usage.BON_A_TIRER)
def page(request, dossier, *, secret):
    """The very revision that is agreed to."""
    fiche = latest(dossier).revision.as_object()
    context = {"dossier": dossier, "secret": secret, "epreuve": True}
    return show_fiche(request, fiche, context, pictures="candidature_bon_a_tirer_image")


@require_safe
@with_dossier(usage=Usage.BON_A_TIRER)
def picture(request, dossier, *, secret, pk):
    """A size of a picture that this revision shows."""
    return private_size(get_object_or_404(sizes_of(latest(dossier).revision.as_object()), pk=pk))
