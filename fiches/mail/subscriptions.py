"""Shared parts of mail subscriptions, and of registrations: signed tokens in their URLs, and one-click unsubscription."""

from collections.abc import Callable
from datetime import timedelta
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
# A subscription that is not confirmed within this time is deleted with its address.
CONFIRM_WITHIN = timedelta(days=7)
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


def by_secret(
    find: Callable[[str], Subscription],
) -> Callable[[Callable[[HttpRequest, Subscription, str], HttpResponse]], Callable[[HttpRequest, str], HttpResponse]]:
    """View decorator: passes the subscription ``find(token)``, or None, and the token to the view.

    The token is the only credential: the view needs no log-in, cookie or CSRF token, since mail programs have none.
    """

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
    """Adds the headers of one-click unsubscription (RFC 8058) to a mail.

    :param stop: absolute URL that accepts the POST.
    :param name: of the list, for ``List-Id``.
    """
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    message.extra_headers["List-Unsubscribe"] = f"<{stop}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.extra_headers["List-Id"] = f"<{name}.{host}>"
