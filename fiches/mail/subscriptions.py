"""What every subscription by mail has: a secret that opens it and nothing else, and a stop that one click reaches."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fiches.forms.private_address import keep_private

Subscription = TypeVar("Subscription")
# Characters of a key in a secret.
WIDTH = 32


class Secrets:
    """The secrets in the addresses of one kind of subscription: signed, not stored, the same in each of its mails, so that
    all their links work for as long as it lives."""

    def __init__(self, salt: str) -> None:
        self._salt = salt

    def of(self, key: UUID) -> str:
        """The secret that opens the subscription of this key."""
        signer = Signer(salt=self._salt)
        return signer.sign(key.hex).replace(signer.sep, "")

    def key(self, text: str) -> UUID | None:
        """The key (a UUID) that a secret opens, or ``None``."""
        signer = Signer(salt=self._salt)
        try:
            return UUID(hex=signer.unsign(f"{text[:WIDTH]}{signer.sep}{text[WIDTH:]}"))
        except (BadSignature, ValueError):
            return None


def by_secret(
    find: Callable[[str], Subscription],
) -> Callable[[Callable[[HttpRequest, Subscription, str], HttpResponse]], Callable[[HttpRequest, str], HttpResponse]]:
    """Gives the view what ``find(secret)`` opens, ``None`` too. The secret is all that a mail program has, and what nobody
    else has: no log-in, no cookie, no CSRF token."""

    def decorate(
        view: Callable[[HttpRequest, Subscription, str], HttpResponse],
    ) -> Callable[[HttpRequest, str], HttpResponse]:
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def wrapped(request: HttpRequest, jeton: str) -> HttpResponse:
            return keep_private(view(request, find(jeton), jeton))

        return wrapped

    return decorate


def offer_one_click(message: EmailMessage, *, stop: str, name: str) -> None:
    """RFC 8058: the mail program's own button stops the subscription at the address ``stop``, without a page."""
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    message.extra_headers["List-Unsubscribe"] = f"<{stop}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.extra_headers["List-Id"] = f"<{name}.{host}>"
