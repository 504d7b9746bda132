"""Public views of subscriptions: the form below the list of road books, and the pages behind the links in mails."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from etapes.carnets import carnet_subscriptions
from etapes.carnets.models import CarnetIndexPage
from fiches import content_language
from fiches.forms import throttle
from fiches.forms.privacy_notice import PrivacyNotice
from fiches.forms.public_form import CourrielField, PublicForm
from fiches.mail.subscriptions import CONFIRM_WITHIN, by_secret
from fiches.models.routes import add_route

if TYPE_CHECKING:
    from etapes.carnets.models import Abonne


# Requests per hour with one address. Beyond it no mail is sent, and the response is the same.
PER_ADDRESS = 5
NOTICE = PrivacyNotice(
    purpose=_("to send you the road books"),
    kept_for=format_lazy(
        _(
            "until you unsubscribe, three years at most: then the address and its mails are deleted; {days} days without your confirmation"
        ),
        days=CONFIRM_WITHIN.days,
    ),
    recipients=_("nobody"),
    legal_basis=_(
        "your consent (article 6.1.a of the GDPR), kept with its words and its date, withdrawn with one click at the foot "
        "of each mail"
    ),
)


class AbonnementForm(PublicForm):
    courriel = CourrielField(label=_("Your e-mail"))


def register_routes() -> None:
    add_route(CarnetIndexPage, "abonnement", subscribe, name="abonnement")
    add_route(CarnetIndexPage, "abonnement/envoye", sent, name="abonnement_envoye")


def subscribe(index_page: CarnetIndexPage, request: HttpRequest) -> HttpResponse:
    return _subscribe(request, index_page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _subscribe(request: HttpRequest, index_page: CarnetIndexPage) -> HttpResponse:
    form, mention = AbonnementForm.for_request(request, what="abonnement"), carnet_subscriptions.consent()

    def ask(cleaned: dict[str, str]) -> None:
        courriel, langue = cleaned["courriel"].strip().lower(), content_language.language_of(index_page)
        if throttle.count(request, "abonnement-adresse", who=courriel) <= PER_ADDRESS:
            carnet_subscriptions.ask(courriel=courriel, mention=mention, langue=langue)

    if answer := form.answer(request, ask, then=f"{index_page.url}abonnement/envoye/"):
        return answer
    context = {"form": form, "mention": mention, "page": index_page, "notice": NOTICE}
    return render(request, "carnets/abonnement.html", context)


def sent(index_page: CarnetIndexPage, request: HttpRequest) -> HttpResponse:
    """Confirms that a mail was sent. The same page for known and unknown addresses."""
    return _sent(request, index_page)


@never_cache
@require_safe
def _sent(request: HttpRequest, index_page: CarnetIndexPage) -> HttpResponse:
    return render(request, "carnets/abonnement_envoye.html", {"page": index_page})


with_abonne = by_secret(carnet_subscriptions.abonne_of)


@with_abonne
def manage(request: HttpRequest, abonne: "Abonne | None", jeton: str) -> HttpResponse:
    """The subscription's page. Only a POST confirms, since mail scanners open links."""
    if abonne is None:
        return _unknown(request)
    fresh = request.method == "POST" and abonne.confirme_le is None
    if fresh:
        carnet_subscriptions.confirm(abonne=abonne)
        abonne.refresh_from_db()
    context = {"abonne": abonne, "jeton": jeton, "confirme": fresh, "notice": NOTICE}
    return render(request, "carnets/abonnement_lien.html", context)


@with_abonne
def stop(request: HttpRequest, abonne: "Abonne | None", jeton: str) -> HttpResponse:
    """Unsubscribes on POST, without a CSRF token (RFC 8058, one-click); idempotent. GET shows a button."""
    if request.method == "POST":
        if abonne:
            carnet_subscriptions.stop(abonne=abonne)
        return render(request, "carnets/abonnement_arrete.html")
    if abonne is None:
        return _unknown(request)
    return render(request, "carnets/abonnement_arreter.html", {"jeton": jeton})


def _unknown(request: HttpRequest | None) -> HttpResponse:
    return render(request, "carnets/abonnement_inconnu.html", status=404)
