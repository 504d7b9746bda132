"""Subscriptions by mail without an account: asked for in a form, confirmed by a link, stopped with one click, deleted when too old.

The other rooms register what can be subscribed to (:class:`Kind`). Registrations take the tokens from here too.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from fiches import content_language
from fiches.forms import throttle
from fiches.forms.private_address import keep_private
from fiches.forms.public_form import CourrielField, PrivacyNotice, PublicForm
from fiches.mail import outbox
from fiches.mail.outbox import admin_url
from fiches.mail.wordings import Wording, register_letter
from fiches.models import Abonnement, Courriel
from fiches.models.routes import add_route
from fiches.upkeep.retention import SUBSCRIPTIONS, register_retention

# A subscription that is not confirmed within this time is deleted with its address.
CONFIRM_WITHIN = timedelta(days=7)
# Requests per hour with one address. Beyond, no mail is sent, and the page answers the same.
PER_ADDRESS = 5
# Characters of the key (UUID in hexadecimal) at the start of a token.
WIDTH = 32


class Secrets:
    """Tokens of one kind of row: a signed key, not stored; all links in its mails work as long as the row exists.

    :param salt: distinguishes the kinds.
    """

    def __init__(self, salt: str) -> None:
        self._salt = salt

    def of(self, key: UUID) -> str:
        """Returns the token of a subscription's key."""
        signer = Signer(salt=self._salt)
        return signer.sign(key.hex).replace(signer.sep, "")

    def key(self, text: str) -> UUID | None:
        """Returns the key in a token, or None if the token is invalid."""
        signer = Signer(salt=self._salt)
        try:
            return UUID(hex=signer.unsign(f"{text[:WIDTH]}{signer.sep}{text[WIDTH:]}"))
        except (BadSignature, ValueError):
            return None


_secrets = Secrets("fiches.abonnement")


def offer_one_click(message: EmailMessage, abonnement: Any, *, name: str) -> None:
    """Adds the headers of one-click unsubscription (RFC 8058) to a mail.

    :param name: of the list, for ``List-Id``.
    """
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    message.extra_headers["List-Unsubscribe"] = f"<{stop_address(abonnement)}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.extra_headers["List-Id"] = f"<{name}.{host}>"


class Kind:
    """What can be subscribed to: subclassed, and registered by an instance.

    :cvar nature: value of ``Abonnement.nature``.
    :cvar title, intro: heading and first sentence of the form. :cvar purpose: of the privacy notice.
    """

    nature: str
    title: str | Promise
    intro: str | Promise
    purpose: str | Promise

    def question(self, request: HttpRequest) -> str:
        """Returns the query string that the form's address asks to follow."""
        return ""

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Returns more context of the form's page."""
        return {}

    def phrase(self, question: str) -> str:
        """Returns what is subscribed to, in words."""
        return str(self.title)

    @property
    def notice(self) -> PrivacyNotice:
        return PrivacyNotice(
            purpose=self.purpose,
            kept_for=_(
                "until you unsubscribe, three years at most: then the address and its mails are deleted; {days} days without your confirmation"
            ).format(days=CONFIRM_WITHIN.days),
            recipients=_("nobody"),
            legal_basis=_(
                "your consent (article 6.1.a of the GDPR), kept with its words and its date, withdrawn with one click at the foot of each mail"
            ),
        )


KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind, page_class: type, route: str) -> None:
    """Registers a kind, and serves its form at ``route`` below the pages of ``page_class``; called from ``AppConfig.ready()``."""
    KINDS[kind.nature] = kind

    def subscribe(page: Any, request: HttpRequest) -> HttpResponse:
        return _subscribe(request, kind, page)

    def sent(page: Any, request: HttpRequest) -> HttpResponse:
        return _sent(request)

    add_route(page_class, route, subscribe, name=route)
    add_route(page_class, f"{route}/envoye", sent, name=f"{route}_envoye")


def connect() -> None:
    """Registers the mail and the retention; called from ``AppConfig.ready()``."""
    register_letter(
        "abonnement",
        Wording(gettext_lazy("Subscription: confirm"), ("phrase", "lien"), ()),
        complete=lambda courriel: {"phrase": phrase(courriel.sujet), "lien": settings_address(courriel.sujet)},
        language=language,
    )
    register_retention(
        gettext_lazy("subscriptions that nobody confirmed"),
        lambda now: Abonnement.objects.unconfirmed().filter(demande_le__lt=now - CONFIRM_WITHIN),
    )
    register_retention(
        gettext_lazy("old subscriptions"), lambda now: Abonnement.objects.filter(confirme_le__lt=now - SUBSCRIPTIONS)
    )


def consent() -> str:
    """Returns the consent text shown beside the button and stored with the subscription, in the active language."""
    return _(
        "I agree to get these mails from %(site)s. My address serves for this only; I can withdraw at any time, with one click at "
        "the foot of each mail."
    ) % {"site": settings.WAGTAIL_SITE_NAME}


def phrase(abonnement: Any) -> str:
    """Returns what is subscribed to, in words and in the active language."""
    return KINDS[abonnement.nature].phrase(abonnement.question)


def language(courriel: Courriel) -> str:
    """Returns the language of a mail to a subscriber."""
    return courriel.sujet.langue if courriel.sujet else ""


def token(abonnement: Abonnement) -> str:
    return _secrets.of(abonnement.cle)


def settings_address(abonnement: Any) -> str:
    """Returns the absolute address where the subscription is confirmed or stopped."""
    return admin_url(reverse("abonnement", args=[token(abonnement)]))


def stop_address(abonnement: Any) -> str:
    """Returns the absolute address whose POST stops the subscription."""
    return admin_url(reverse("abonnement_arret", args=[token(abonnement)]))


@transaction.atomic
def ask(nature: str, *, courriel: str, mention: str, question: str = "", langue: str = "") -> Abonnement:
    """Stores an unconfirmed subscription and queues the mail with its link; an existing one gets its link again.

    At most one mail per subscription and day. The caller can't tell whether it existed.

    :param mention: the consent text that was shown.
    """
    marque = blake2b(question.encode(), digest_size=16).hexdigest() if question else ""
    agreed = {"mention": mention, "langue": langue}
    abonnement, created = Abonnement.objects.get_or_create(
        nature=nature,
        courriel=courriel.strip().lower(),
        marque=marque,
        defaults={"question": question, **agreed},
    )
    if not created and abonnement.confirme_le is None:
        Abonnement.objects.filter(pk=abonnement.pk).update(**agreed, demande_le=timezone.now())
    key = f"abonnement:{abonnement.pk}:{timezone.localdate()}"
    outbox.post(key, modele="abonnement", destinataires=[abonnement.courriel], sujet=abonnement)
    return abonnement


def confirm(abonnement: Abonnement) -> None:
    """Confirms the subscription; has no effect on a confirmed one."""
    now = timezone.now()
    Abonnement.objects.unconfirmed().filter(pk=abonnement.pk).update(confirme_le=now, annonce_le=now)


class AbonnementForm(PublicForm):
    courriel = CourrielField(label=gettext_lazy("Your e-mail"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _subscribe(request: HttpRequest, kind: Kind, page: Any) -> HttpResponse:
    form, mention, question = AbonnementForm.for_request(request, what="abonnement"), consent(), kind.question(request)

    def act(cleaned: dict[str, str]) -> None:
        courriel, langue = cleaned["courriel"].strip().lower(), content_language.language_of(page)
        if throttle.count(request, f"abonnement-{kind.nature}", who=courriel) <= PER_ADDRESS:
            ask(kind.nature, courriel=courriel, mention=mention, question=question, langue=langue)

    if answer := form.answer(request, act, then=f"{request.path}envoye/"):
        return answer
    context = {"form": form, "kind": kind, "mention": mention, "page": page, "notice": kind.notice}
    context |= {"question": question, "phrase": kind.phrase(question), **kind.context(request)}
    return render(request, "fiches/abonnement/abonner.html", context)


@never_cache
@require_safe
def _sent(request: HttpRequest) -> HttpResponse:
    """Confirms that the form was sent: the same page for known and unknown addresses."""
    return render(request, "fiches/abonnement/message.html", {"what": "sent"})


def _by_secret(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """View decorator: passes the subscription of the token, or None. The token is the only credential: the view needs no log-in,
    cookie or CSRF token, since mail programs have none."""

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapped(request: HttpRequest, jeton: str) -> HttpResponse:
        key = _secrets.key(jeton)
        found = Abonnement.objects.filter(cle=key, nature__in=KINDS).first() if key else None
        return keep_private(view(request, found, jeton))

    return wrapped


@_by_secret
def manage(request: HttpRequest, abonnement: Abonnement | None, jeton: str) -> HttpResponse:
    """The subscription's page. Only a POST confirms, since mail scanners open links."""
    if abonnement is None:
        return render(request, "fiches/abonnement/message.html", {"what": "unknown"}, status=404)
    fresh = request.method == "POST" and abonnement.confirme_le is None
    if fresh:
        confirm(abonnement)
        abonnement.refresh_from_db()
    context = {"abonnement": abonnement, "jeton": jeton, "fresh": fresh, "phrase": phrase(abonnement)}
    context["notice"] = KINDS[abonnement.nature].notice
    return render(request, "fiches/abonnement/abonnement.html", context)


@_by_secret
def stop(request: HttpRequest, abonnement: Abonnement | None, jeton: str) -> HttpResponse:
    """Deletes the subscription on POST, which may be repeated and needs no CSRF token (RFC 8058); GET shows its page."""
    if request.method != "POST":
        return manage(request, jeton)
    if abonnement:
        abonnement.delete()
    return render(request, "fiches/abonnement/message.html", {"what": "stopped"})


urlpatterns = [
    path("abonnement/<str:jeton>/", manage, name="abonnement"),
    path("abonnement/<str:jeton>/arret/", stop, name="abonnement_arret"),
]
