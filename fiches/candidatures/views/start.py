"""`/candidature/`: presents the call, and mails a link to a dossier."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fiches.candidatures.invitation import ask_for_link, normalize_address
from fiches.candidatures.models import Appel
from fiches.candidatures.privacy_notices import dossier_notice
from fiches.candidatures.readiness import require_readiness
from fiches.forms import throttle
from fiches.forms.public_form import CourrielField, PublicForm

# Links an hour.
LINKS_PER_ADDRESS = 5


class DossierLinkForm(PublicForm):
    courriel = CourrielField(label=_("Your e-mail"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_readiness
def start(request: HttpRequest) -> Any:
    """Asks for an address and mails its links. The answer does not reveal whether the address is known."""
    form = DossierLinkForm.for_request(request, what="lien")
    if answer := form.answer(request, partial(_mail_links, request), then="candidature_lien_envoye"):
        return answer
    context = {"form": form, **_call(), "notice": dossier_notice(request)}
    return render(request, "candidatures/accueil.html", context)


def _mail_links(request: HttpRequest, cleaned: dict[str, str]) -> None:
    courriel = normalize_address(cleaned["courriel"])
    if throttle.count(request, "lien-adresse", who=courriel) <= LINKS_PER_ADDRESS:
        ask_for_link(courriel=courriel, appel=Appel.objects.current())


def _call() -> dict[str, Any]:
    """Returns the context of the open call; if none is open, of the call that closes last."""
    current = Appel.objects.current()
    others = Appel.objects.closed().order_by("-cloture")
    return {"appel": current, "autre_appel": None if current else others.first()}
