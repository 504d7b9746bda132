"""Bulk actions that act on one item after the other: an item that refuses the action is left out and listed, and the others are
done."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page

from fiches.models.querysets import lock_row
from fiches.moderation.decision import AlreadyDecided, DecisionRefused

LINE_END = mark_safe("<br>")


def act_on_each(items: Iterable[Any], act: Callable[[Any], object]) -> tuple[list[Any], list[tuple[Any, str]]]:
    """Calls ``act(item)`` for each item, in a savepoint of its own.

    :param act: raises DecisionRefused, PermissionDenied or ValidationError to leave an item out.
    :returns: the items that are done, and ``(item, reason)`` of each one that was left out.
    """
    done, left_out = [], []
    for item in items:
        try:
            with transaction.atomic():
                act(item)
        except ValidationError as error:
            left_out.append((item, " ".join(error.messages)))
        except (DecisionRefused, PermissionDenied) as refusal:
            left_out.append((item, str(refusal)))
        else:
            done.append(item)
    return done, left_out


def locked_page(page: Page) -> Page:
    """Locks the row of a page until the end of the transaction, and reloads the page as an instance of its specific class.

    :raises AlreadyDecided: the page was deleted meanwhile.
    """
    if not lock_row(page.pk):
        raise AlreadyDecided(_("This page has been deleted."))
    return Page.objects.get(pk=page.pk).specific


def say_left_out(request: HttpRequest, left_out: Iterable[tuple[str, str]]) -> None:
    """Adds one message that gives the ``(name, reason)`` of what a bulk action left out, if there is any."""
    text = _("“%(title)s” was left out. %(reason)s")
    lines = [(text % {"title": name, "reason": reason},) for name, reason in left_out]
    if lines:
        messages.warning(request, format_html_join(LINE_END, "{}", lines))
