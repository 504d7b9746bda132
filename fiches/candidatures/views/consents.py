"""The applicant's view of the consents: lists them, and withdraws one after a page that says what it changes."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fiches.candidatures import consentements
from fiches.candidatures.still_named import SOUGHT, details_in_sentences
from fiches.candidatures.views.private_link import with_dossier
from fiches.mail.wordings import contact_address

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from fiches.candidatures.models import Dossier


@require_http_methods(["GET", "HEAD", "POST"])
@with_dossier
def consents(request: HttpRequest, dossier: "Dossier", *, secret: str) -> HttpResponse:
    """Lists the consents. GET with ``retirer`` (a purpose) asks to confirm its withdrawal; POST with ``finalite`` withdraws it."""
    if request.method == "POST":
        consentements.withdraw_consent(dossier=dossier, finalite=_known(request.POST.get("finalite", "")))
        return redirect("candidature_consentements", secret)
    context = {"dossier": dossier, "secret": secret, "equipe": contact_address()}
    current = consentements.current_consents(dossier)
    if "retirer" in request.GET:
        consent = current.get(_known(request.GET["retirer"]))
        if consent is None or not consent.accorde:
            return redirect("candidature_consentements", secret)
        context |= {"consent": consent, "suites": effects_of_withdrawal(dossier, consent.finalite)}
        return render(request, "candidatures/retirer_accord.html", context)
    context |= {
        "consentements": current.values(),
        "sans_accord": consentements.lacks_publication_consent(dossier),
        "restes": details_in_sentences([dossier]).get(dossier.pk, ()),
    }
    return render(request, "candidatures/consentements.html", context)


def _known(finalite: str) -> str:
    if finalite not in consentements.FINALITES:
        raise Http404
    return finalite


def effects_of_withdrawal(dossier: "Dossier", finalite: str) -> "list[StrOrPromise]":
    """Returns, in sentences for the company, what withdrawing a consent that it gave changes, and whether it can be given again."""
    online = consentements.is_online(dossier)
    if finalite == "publication":
        effect = _publication_effect(dossier, online=online)
    elif finalite == "actualites":
        effect = _("You get no more news of the rally by e-mail.")
    elif finalite == "droits_photo":
        effect = (
            _("The photo and the logo leave the fiche and the whole site at once.")
            if online
            else _("The fiche will show neither the photo nor the logo.")
        )
    elif not online:
        effect = _("The fiche will not show this detail.")
    elif finalite in SOUGHT:
        effect = _(
            "This detail leaves the fiche’s contact at once. If a sentence of the fiche holds it, the team corrects the sentence."
        )
    else:
        effect = _("This detail leaves the whole site at once.")
    if dossier.soumis is None:
        return [effect, _("You can give it again before you send your dossier.")]
    return [effect, _("You can’t give this consent again by yourself. If you change your mind, write to the team.")]


def _publication_effect(dossier: "Dossier", *, online: bool) -> "StrOrPromise":
    if online:
        return _("The fiche leaves this site and our partners’ sites at once.")
    if dossier.est_clos or dossier.soumis is None:
        return _("The fiche is not online. Without this consent, it will not be published.")
    return _("The fiche is not online. Without this consent, it will not be published. The team stops its review.")
