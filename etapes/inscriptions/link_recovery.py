"""Mails a new link to people whose link to their registration is cut, expired or lost."""

from functools import partial

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from etapes.inscriptions import registration_transitions
from etapes.models import EtapePage, Inscription
from fiches.forms import throttle
from fiches.forms.privacy_notice import PrivacyNotice
from fiches.forms.private_address import keep_private
from fiches.forms.public_form import CourrielField, PublicForm
from fiches.mail import outbox

# Mails in an hour to one address, after which no request sends more.
PER_ADDRESS = 5
NOTICE = PrivacyNotice(
    purpose=_("to send you the link of your registrations"),
    kept_for=_("this address is not kept: it is compared with those of the registrations"),
)


class RegistrationLinkForm(PublicForm):
    courriel = CourrielField(label=_("The e-mail with which you registered"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Shows the form and handles it. The response does not reveal whether the address is registered."""
    form = RegistrationLinkForm.for_request(request, what="lien-inscription")
    if answer := form.answer(request, partial(send_links, request), then="inscription_lien_envoye"):
        return answer
    return _page(request, form, status=422 if form.errors else 200)


def unknown_link(request: HttpRequest) -> HttpResponse:
    """404 page for a truncated, unknown or expired link, with the form that sends a new one."""
    form = RegistrationLinkForm(initial={"depart": throttle.start_mark()})
    return keep_private(_page(request, form, status=404, unknown=True))


def _page(request: HttpRequest, form: BaseForm, *, status: int, unknown: bool = False) -> HttpResponse:
    context = {"form": form, "unknown": unknown, "notice": NOTICE}
    return render(request, "etapes/inscription_retrouver.html", context, status=status)


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Shows the page after the form. It does not reveal whether the address is registered."""
    return render(request, "etapes/inscription_lien_envoye.html")


def send_links(request: HttpRequest, cleaned: dict[str, str]) -> None:
    """Mails a new link for each registration of this address for an étape that is not over. The same request within
    ``outbox.REPEAT_INTERVAL`` seconds sends nothing."""
    courriel = cleaned["courriel"].lower()
    coming = Inscription.objects.filter(
        courriel=courriel, etape__in=EtapePage.objects.upcoming().order_by().values("pk")
    )
    for place, inscription in enumerate(coming):
        number = throttle.count(request, "lien-inscription-adresse", who=courriel)
        if number > PER_ADDRESS and not place:
            return
        registration_transitions.queue_mail(inscription, "inscription_lien", fact=outbox.request_slot())
