"""Public views of registration: the form below an étape, its receipts, and the private page behind a secret link."""

from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etapes import ical
from etapes.enums import Inscriptions
from etapes.inscriptions import mails, registration_transitions
from etapes.inscriptions.availability import Ouverture
from etapes.inscriptions.date_and_place import when, where
from etapes.inscriptions.registration_forms import CONSENT, InscriptionForm, privacy_notice
from etapes.translation_sync import translation_in
from fiches import content_language
from fiches.forms import throttle
from fiches.forms.private_address import keep_private
from fiches.models.routes import add_route
from fiches.pages.colours import colour

if TYPE_CHECKING:
    from etapes.inscriptions.availability import Guichet
    from etapes.models import EtapePage, Inscription


# Registrations per hour with one address for one étape, since each sends a mail.
PER_ADDRESS = 5


def register_routes() -> None:
    """Adds the addresses of registration to the pages of étapes. Called from ``AppConfig.ready()``."""
    from etapes.models import EtapePage

    add_route(EtapePage, "inscription", desk, name="inscription")
    add_route(EtapePage, "inscription/confirmee", confirmed, name="inscription_confirmee")
    add_route(EtapePage, "inscription/liste-d-attente", waitlisted, name="inscription_attente")


def desk(etape: "EtapePage", request: HttpRequest) -> HttpResponse:
    """The registration form. The response does not reveal whether the address was known."""
    return _desk(request, etape)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _desk(request: HttpRequest, etape: "EtapePage") -> HttpResponse:
    guichet = etape.guichet
    if not guichet.ouvert:
        return _closed(request, etape, status=200 if request.method != "POST" else 409)
    form = InscriptionForm.for_request(request, what="inscription")
    if answer := form.answer(request, partial(_register, request, etape), then=_receipt_address(etape, guichet)):
        return answer
    return _render(request, etape, "etapes/inscription.html", form=form, status=422 if form.errors else 200)


def _register(request: HttpRequest, etape: Any, cleaned: dict[str, str]) -> HttpResponse:
    """Registers the person. A known address gets the same response as a new one; only its mail differs."""
    guichet = etape.guichet
    if throttle.count(request, "inscription-adresse", who=f"{etape.pk} {cleaned['courriel']}") > PER_ADDRESS:
        return redirect(_receipt_address(etape, guichet))
    fields = {name: cleaned[name] for name in ("nom", "courriel", "organisation", "besoins")}
    try:
        inscription, new = registration_transitions.register(
            etape=original_of(etape), accord=str(CONSENT), langue=content_language.language_of(etape), **fields
        )
    except registration_transitions.RegistrationRefused:
        return _closed(request, etape, status=409)
    return redirect(_receipt_address(etape, guichet, waits=inscription.en_attente if new else None))


def _closed(request: HttpRequest, etape: "EtapePage", *, status: int = 200) -> HttpResponse:
    """Says why nobody can register; with status 404 for an étape that never takes registrations."""
    never = etape.guichet.ouverture == Ouverture.AUCUNE
    sans = never and etape.sur_la_route and not etape.passee
    not_yet = etape.sur_la_route and etape.sans_date and etape.inscriptions == Inscriptions.OUVERTES
    context = {"sans": sans, "pas_encore": not_yet}
    return _render(request, etape, "etapes/inscription_fermee.html", status=404 if never else status, **context)


def original_of(etape: "EtapePage") -> "EtapePage":
    """The étape that holds the registrations: the original of a translation, else ``etape`` itself."""
    key = content_language.original_key(etape)
    return etape if key == etape.pk else type(etape).objects.get(pk=key)


def _receipt_address(etape: "EtapePage", guichet: "Guichet", *, waits: bool | None = None) -> str:
    waits = guichet.attente if waits is None else waits
    return etape.url + etape.reverse_subpage("inscription_attente" if waits else "inscription_confirmee")


def confirmed(etape: "EtapePage", request: HttpRequest) -> HttpResponse:
    return _receipt(request, etape, attente=False)


def waitlisted(etape: "EtapePage", request: HttpRequest) -> HttpResponse:
    return _receipt(request, etape, attente=True)


@never_cache
@require_safe
def _receipt(request: HttpRequest, etape: "EtapePage", *, attente: bool) -> HttpResponse:
    if etape.guichet.ouverture == Ouverture.AUCUNE:
        return _closed(request, etape)
    return _render(request, etape, "etapes/inscription_recue.html", attente=attente)


def _render(
    request: HttpRequest, etape: "EtapePage", template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Renders a page below the étape's, never indexed by search engines."""
    organisers = ", ".join(link.partenaire.nom for link in etape.organisations.all())
    context = {
        "page": etape,
        "etape": etape,
        "guichet": etape.guichet,
        "quand": when(etape),
        "ou": where(etape),
        "notice": privacy_notice(etape, organisers),
        **context,
    }
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


# --- Behind a secret --------------------------------------------------------------------------------------------------


def with_inscription(view: Callable[..., Any]) -> Callable[..., Any]:
    """View decorator: adds the registration that the URL's secret gives access to. The response is neither cached nor
    indexed; an unknown secret gets a page that says what to do."""

    @wraps(view)
    def wrapped(request: HttpRequest, jeton: str) -> HttpResponse:
        inscription = mails.inscription_of(jeton)
        if inscription is None:
            return keep_private(render(request, "etapes/inscription_inconnue.html", status=404))
        return keep_private(view(request, inscription, jeton))

    return wrapped


@require_safe
@with_inscription
def manage(request: HttpRequest, inscription: "Inscription", jeton: str) -> HttpResponse:
    """Shows the registration. GET changes nothing, since mail programs open links."""
    return _render_registration(request, inscription, jeton)


def _render_registration(
    request: HttpRequest, inscription: "Inscription", jeton: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    etape = translation_in(content_language.active_language(), inscription.etape)
    context = {
        "inscription": inscription,
        "etape": etape,
        "jeton": jeton,
        "quand": when(etape),
        "ou": where(etape),
        "qr": qr_svg(mails.door_address(inscription)) if inscription.confirmee and etape.a_lieu else "",
        "rang": rank(inscription),
        "attendue": inscription.confirmee and inscription.etape.inscrits.waiting().exists(),
        **context,
    }
    return render(request, "etapes/inscription_geree.html", context, status=status)


def rank(inscription: "Inscription") -> int | None:
    """The person's position on the waiting list, from 1; None if they are not on it."""
    if not inscription.en_attente:
        return None
    queue = list(inscription.etape.inscrits.waiting().values_list("pk", flat=True))
    return queue.index(inscription.pk) + 1


@require_POST
@with_inscription
def cancel(request: HttpRequest, inscription: "Inscription", jeton: str) -> HttpResponse:
    """Cancels the registration, unless the person has arrived or the étape is over."""
    if not (inscription.arrivee_le or inscription.etape.passee):
        registration_transitions.cancel(inscription=inscription)
    return redirect("inscription", jeton)


@require_safe
@with_inscription
def calendar(request: HttpRequest, inscription: "Inscription", jeton: str) -> HttpResponse:
    """The étape of a registration as an iCalendar file, in the language of the reader. Errors: 404 if it has no date."""
    etape = translation_in(content_language.active_language(), inscription.etape)
    if etape.sans_date:
        raise Http404
    return ical.as_download(ical.calendar([etape], name=etape.title), f"{etape.slug}.ics")


def qr_svg(text: str) -> str:
    """A QR code as inline SVG in the site's colours."""
    import segno

    return segno.make(text, error="m").svg_inline(
        border=2, dark=colour("ink"), light=colour("white"), omitsize=True, title=_("QR code to show at the door")
    )
