"""Gives back what was typed in a form that was refused."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _


def give_back(request: HttpRequest, texts: Iterable[str]) -> None:
    """Adds a message with what was typed in a form that was refused and that the next page doesn't show, to be copied.

    :param texts: what was typed in each field; blank ones are left out.
    """
    for text in filter(None, (text.strip() for text in texts)):
        messages.warning(request, _("What you typed was not sent. Copy it if you need it: “%(text)s”") % {"text": text})
