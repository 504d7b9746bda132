"""A form that comes from an older screen: what it changes was changed by somebody else, or in another tab, since it was shown."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

# The hidden field with the stamp of what the screen showed, and the status of a refusal.
STAMP_FIELD = "lue"
CONFLICT = 409
# The value of the hidden field `ecran`, as `enregistrement-automatique.js` writes it.
SENDING = re.compile(r"([0-9]{1,20})\.([0-9]{1,9})")


class Sending(NamedTuple):
    """One sending of a form by a page that saves itself. The next one may leave before the answer to this one, or arrive first: what
    the page sends never conflicts with what it sent before.

    Attributes: screen (the random name of the page that was loaded, empty without JavaScript), rank (its number among the sendings).
    """

    screen: str = ""
    rank: int = 0

    @classmethod
    def read(cls, text: str) -> Self:
        """Reads ``"screen.rank"``. Any other text gives a sending by an unknown page, which :meth:`is_by_page_of` never finds."""
        match = SENDING.fullmatch(text)
        return cls(match[1], int(match[2])) if match else cls()

    def __str__(self) -> str:
        return f"{self.screen}.{self.rank}" if self.screen else ""

    def is_by_page_of(self, other: "Sending") -> bool:
        return bool(self.screen) and self.screen == other.screen

    def follows(self, other: "Sending") -> bool:
        """Returns whether the same open page sent ``other`` earlier than this one."""
        return self.is_by_page_of(other) and self.rank > other.rank


BY_NO_PAGE = Sending()


def is_from_older_screen(data: Mapping[str, Any], stamp: str) -> bool:
    """Whether ``data``, which a form sent, names another state than ``stamp``, the present one. False if it names none."""
    return data.get(STAMP_FIELD, stamp) != stamp


def give_back(request: HttpRequest, texts: Iterable[str]) -> None:
    """Adds a message with what was typed in a form that was refused and that the next page doesn't show, to be copied.

    :param texts: what was typed in each field; blank ones are left out.
    """
    for text in filter(None, (text.strip() for text in texts)):
        messages.warning(request, _("What you typed was not sent. Copy it if you need it: “%(text)s”") % {"text": text})
