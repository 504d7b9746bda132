"""A form that comes from an older screen: what it changes was changed by somebody else, or in another tab, since it was shown."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

# The hidden field with the stamp of what the screen showed, and the status of a refusal.
STAMP_FIELD = "lue"
CONFLICT = 409


def is_from_older_screen(data: Mapping[str, Any], stamp: str) -> bool:
    """Whether ``data``, which a form sent, names another state than ``stamp``, the present one. False if it names none."""
    return data.get(STAMP_FIELD, stamp) != stamp


def give_back(request: HttpRequest, texts: Iterable[str]) -> None:
    """Adds a message with what was typed in a form that was refused and that the next page doesn't show, to be copied.

    :param texts: what was typed in each field; blank ones are left out.
    """
    for text in filter(None, (text.strip() for text in texts)):
        messages.warning(request, _("What you typed was not sent. Copy it if you need it: “%(text)s”") % {"text": text})
