"""The contact form of the site, and the one that writes to the contact of a fiche without showing an address."""

from typing import Any
from uuid import UUID

from django.forms import CharField, Textarea, TextInput
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fiches.formats import quoted
from fiches.forms import throttle
from fiches.forms.private_address import submission_key
from fiches.forms.public_form import CourrielField, PrivacyNotice, PublicForm, too_many
from fiches.mail.outbox import post
from fiches.mail.wordings import Wording, contact_address, register_letter
from fiches.models import Courriel, FichePage
from fiches.publications.text_analysis import CONTROLS
from fiches.upkeep.retention import MAILS

LONGEST = 4000
# Messages to the contact of one fiche, in a day, whoever sends them.
MOST_A_DAY = 20
# Those that one sender writes to it.
MOST_OF_ONE_SENDER = 3
DAY = 24 * 3600
PLACES = ("nom", "courriel", "message")
NOTICE = PrivacyNotice(
    purpose=_("to read your message and answer it"),
    kept_for=format_lazy(
        _("{days} days in the list of sent mails, without its text; then in the mailbox"), days=MAILS.days
    ),
    legal_basis=_("a task in the public interest (article 6.1.e of the GDPR); you may object at any time"),
)

NOTICE_OF_FICHE = NOTICE._replace(
    purpose=_("to bring your message to the organisation of the fiche"),
    recipients=_("the organisation of the fiche and the rally’s team"),
)


class ContactForm(PublicForm):
    nom = CharField(label=_("Your name"), max_length=120, widget=TextInput(attrs={"autocomplete": "name"}))
    courriel = CourrielField(label=_("Your e-mail"), help_text=_("The answer will be sent there."))
    message = CharField(label=_("Your message"), max_length=LONGEST, widget=Textarea(attrs={"rows": 8}))

    def clean_nom(self) -> str:
        return CONTROLS.sub(" ", self.cleaned_data["nom"]).strip()


def register() -> None:
    """Registers the mails of both forms; an answer goes to the person who wrote."""
    team = Wording(_("Message from the contact page"), PLACES, ())
    register_letter("message_du_site", team, writer="courriel")
    bearer = Wording(_("Message to the contact of a fiche"), (*PLACES, "fiche", "adresse"), ("fiche",))
    register_letter("message_au_porteur", bearer, writer="courriel")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """`/contact/`: a message to the team."""
    return _write(request, to=contact_address(), modele="message_du_site")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write_to_bearer(request: HttpRequest, slug: str) -> HttpResponse:
    """`/contact/<slug of a fiche>/`: a message to its contact, whose address is not shown."""
    fiche = FichePage.objects.visible().here().filter(slug=slug).first()
    if fiche is None or not fiche.can_be_written_to:
        raise Http404
    more = {"fiche": quoted(fiche.title), "adresse": fiche.full_url}
    return _write(request, to=fiche.contact_courriel, modele="message_au_porteur", fiche=fiche, more=more)


def _write(
    request: HttpRequest, *, to: str, modele: str, fiche: FichePage | None = None, more: dict[str, Any] | None = None
) -> HttpResponse:
    """Shows the form, or stores the message in the outbox.

    :param more: other values of the mail's placeholders.
    """
    form = ContactForm.for_request(request, what=modele)

    def send(cleaned: dict[str, Any]) -> HttpResponse | None:
        key = f"{modele}:{_key(form, fiche)}"
        is_sent = Courriel.objects.filter(cle=key).exists()  # by the first of two clicks
        if fiche and not is_sent and _is_written_too_often(request, form, fiche):
            return too_many(request, period=DAY)
        typed = {name: cleaned[name] for name in PLACES}
        post(key, modele=modele, destinataires=[to], contexte={**typed, **(more or {})})
        return None

    if to and (response := form.answer(request, send, then="contact_merci")):
        return response
    notice = NOTICE_OF_FICHE if fiche else NOTICE
    context = {"form": form, "notice": notice, "fiche": fiche, "est_ouvert": bool(to)}
    return render(request, "home/contact.html", context)


def _is_written_too_often(request: HttpRequest, form: ContactForm, fiche: FichePage) -> bool:
    """Whether the contact of this fiche got as many messages as a day allows: in all, from this address or from this connection.

    Counts this message, which is valid: refused ones are limited by the hour only, as those of any form."""
    senders = form.cleaned_data["courriel"].lower(), throttle.source(request)
    uses = [throttle.count(request, f"porteur:{fiche.pk}", period=DAY, who=sender) for sender in senders]
    in_all = throttle.count(request, "porteur", period=DAY, who=fiche.pk)
    return max(uses) > MOST_OF_ONE_SENDER or in_all > MOST_A_DAY


def _key(form: ContactForm, fiche: FichePage | None) -> UUID:
    to = str(fiche.pk) if fiche else ""
    return submission_key(form.data.get("depart", ""), to, *(form.cleaned_data[name] for name in PLACES))


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "home/contact_merci.html")
