"""The applicant's views of a whole dossier: progress, review, preview, sending, withdrawal."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fiches.candidatures import consentements
from fiches.candidatures.dossier_transitions import WrongStateError
from fiches.candidatures.draft_fiche import unsaved_fiche
from fiches.candidatures.enums import OVER, state_shown
from fiches.candidatures.forms import STEP_FORMS, Images, bound_form, display_value, sending_errors
from fiches.candidatures.privacy_notices import KEEP_REFUSED, retention_months
from fiches.candidatures.progress import corrections, next_move, steps
from fiches.candidatures.submission import submit_dossier, withdraw_dossier
from fiches.candidatures.views.private_link import use_private_pictures, with_dossier
from fiches.mail.wordings import contact_address

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier
    from fiches.candidatures.progress import StepProgress
    from fiches.models import FichePage


# What the page of a dossier says of what was just done.
NOTICES = {
    "enregistre": _("Everything is saved. Come back with the same link whenever you wish."),
    "envoye": _("Your dossier has arrived"),
}


@require_safe
@with_dossier
def home(request: HttpRequest, dossier: "Dossier", *, secret: str) -> HttpResponse:
    """Shows where a dossier stands. GET may have ``fait``, a key of :data:`NOTICES`."""
    without_consent = consentements.lacks_publication_consent(dossier)
    context = {
        "dossier": dossier,
        "secret": secret,
        "fait": NOTICES.get(request.GET.get("fait", "")),
        "etat": state_shown(dossier, lacks_consent=without_consent, state=dossier.get_etat_display()),
        "etapes": steps(dossier),
        "corrections": corrections(dossier),
        "suite": next_move(dossier, secret),
        "evenements": dossier.histoire_lisible,
        "sans_accord": without_consent,
        "equipe": contact_address(),
        "fiche_en_ligne": dossier.fiche.url if dossier.fiche and dossier.fiche.live else "",
    }
    return render(request, "candidatures/dossier.html", context)


@require_safe
@with_dossier
def review(request: HttpRequest, dossier: "Dossier", *, secret: str) -> HttpResponse:
    return _review(request, dossier, secret)


def _review(request: HttpRequest, dossier: Any, secret: Any, *, status: int = 200, **extra: Any) -> HttpResponse:
    faults = sending_errors(dossier) if dossier.est_modifiable else {}
    progress = steps(dossier)
    context = {
        "dossier": dossier,
        "secret": secret,
        "etapes": progress,
        "rang": len(STEP_FORMS) + 1,
        "total": len(STEP_FORMS) + 1,
        "reponses": [_answers(dossier, step) for step in progress],
        "manques": [
            {
                "etape": etape,
                "label": question_asked(etape, champ),
                "champ": champ,
                "messages": messages,
            }
            for etape in STEP_FORMS
            for champ, messages in faults.get(etape.cle, {}).items()
        ],
        "appel_ouvert": dossier.soumis is not None or bool(dossier.appel and dossier.appel.est_ouvert),
        **extra,
    }
    return render(request, "candidatures/relecture.html", context, status=status)


def question_asked(etape: Any, champ: str) -> str:
    """Returns the question of an answer as its step asks it; ``""`` for an error of the whole step."""
    field = etape.base_fields.get(champ)
    return capfirst(getattr(field, "asked", "") or field.label) if field else ""


def _answers(dossier: "Dossier", step: "StepProgress") -> dict[str, Any]:
    """Returns what the summary shows of a step: its answers and its files."""
    form = bound_form(dossier, step.etape, sending=False)
    form.is_valid()
    values = {name: display_value(form, name) for name in form.fields}
    return {
        "etape": step.etape,
        "lignes": [
            {"label": form[name].label, "valeur": value} for name, value in values.items() if value not in ("", False)
        ],
        "pieces": dossier.pieces.all() if step.etape is Images else (),
        "ouverte": step.ouverte,
    }


@require_safe
@with_dossier
def preview(request: HttpRequest, dossier: "Dossier", *, secret: str) -> HttpResponse:
    """Shows the fiche that the dossier would make, in the fiche's own template."""
    context = {
        "dossier": dossier,
        "secret": secret,
        "en_ligne": consentements.is_online(dossier),
        "ecartee": dossier.est_clos or consentements.lacks_publication_consent(dossier),
    }
    return render_fiche(request, unsaved_fiche(dossier), context)


def render_fiche(
    request: Any, page: "FichePage", extra: dict[str, Any], *, template: str = "candidatures/apercu.html"
) -> HttpResponse:
    """Renders a fiche that is not published.

    :param extra: more context; its ``secret`` is that of the link.
    """
    request.is_preview = True
    context = page.get_context(request)
    response = render(request, template, {**context, **extra})
    return use_private_pictures(response, page, secret=extra["secret"])


@require_POST
@with_dossier
def send(request: HttpRequest, dossier: "Dossier", *, secret: str) -> HttpResponse:
    try:
        submit_dossier(dossier=dossier)
    except WrongStateError as error:
        return _review(request, dossier, secret, status=409, erreur=error.messages)
    except ValidationError as error:
        return _review(request, dossier, secret, status=422, erreur=error.messages)
    return redirect(f"{reverse('candidature_dossier', args=[secret])}?fait=envoye")


@require_http_methods(["GET", "HEAD", "POST"])
@with_dossier
def withdraw(request: HttpRequest, dossier: "Dossier", *, secret: str) -> HttpResponse:
    if request.method == "POST":
        withdraw_dossier(dossier=dossier)
        return redirect("candidature_dossier", secret)
    if dossier.etat in OVER:
        return redirect("candidature_dossier", secret)
    context = {"dossier": dossier, "secret": secret, "mois": retention_months(*KEEP_REFUSED)}
    return render(request, "candidatures/retirer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@with_dossier
def consents(request: HttpRequest, dossier: "Dossier", *, secret: str) -> HttpResponse:
    """Lists the consents. GET with ``retirer`` (a purpose) asks to confirm its withdrawal; POST with ``finalite`` withdraws it."""
    context = {"dossier": dossier, "secret": secret, "equipe": contact_address()}
    if request.method == "POST":
        finalite = consentements.purpose_of(request.POST.get("finalite", ""))
        consentements.withdraw_consent(dossier=dossier, finalite=finalite)
    elif "retirer" in request.GET:
        finalite = consentements.purpose_of(request.GET["retirer"])
        if finalite in consentements.granted(dossier):
            consent = consentements.current_consents(dossier)[finalite]
            return render(request, "candidatures/retirer_accord.html", {**context, "consent": consent})
    else:
        context["consentements"] = consentements.current_consents(dossier).values()
        context["sans_accord"] = consentements.lacks_publication_consent(dossier)
        return render(request, "candidatures/consentements.html", context)
    return redirect("candidature_consentements", secret)
