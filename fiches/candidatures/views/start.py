"""`/candidature/`: presents the call, and mails a link to a dossier."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fiches.candidatures.invitation import ask_for_link, normalize_address
from fiches.candidatures.models import Appel
from fiches.candidatures.privacy_notices import dossier_notice
from fiches.candidatures.readiness import require_readiness
from fiches.forms import throttle
from fiches.forms.public_form import CourrielField, PublicForm, too_many

# Links an hour.
LINKS_PER_ADDRESS = 5


class LinkForm(PublicForm):
    courriel = CourrielField(label=_("Your e-mail"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_readiness
def start(request: HttpRequest) -> Any:
    """Asks for an address and mails its links. The answer does not reveal whether the address is known."""
    form = LinkForm.for_request(request, what="lien")
    if form.is_bound:
        if form.is_over:
            return too_many(request)
        if form.is_trapped:
            return redirect("candidature_lien_envoye")
        if form.is_valid():
            courriel = normalize_address(form.cleaned_data["courriel"])
            if throttle.count(request, "lien-adresse", who=courriel) <= LINKS_PER_ADDRESS:
                ask_for_link(courriel=courriel, appel=Appel.objects.current())
            return redirect("candidature_lien_envoye")
        form.prepare_retry()
    context = {"form": form, **_call(), "notice": dossier_notice(request)}
    return render(request, "candidatures/accueil.html", context)


def _call() -> dict[str, Any]:
    """Returns the context of the open call; if none is open, of the call that closes last."""
    current = Appel.objects.current()
    others = Appel.objects.closed().order_by("-cloture")
    return {"appel": current, "autre_appel": None if current else others.first()}


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "candidatures/lien_envoye.html")
