"""Refuses to delete or unpublish an étape that has active registrations: no mail would tell the registered people."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.models import Page

from etapes.models import EtapePage, Inscription
from fiches.models import Courriel
from fiches.models.courriel import Envoi


def back_url(page: Page) -> str:
    """The URL to redirect to after a refusal: an étape's registrations, or the explorer of another page."""
    name = "etapes_inscriptions" if isinstance(page, EtapePage) else "wagtailadmin_explore"
    return reverse(name, args=[page.pk])


def refuse_deletion(request: HttpRequest, pages: Iterable[object], back: str) -> HttpResponseRedirect | None:
    """Refuses to delete ``pages`` and their descendants when one of them is an étape with active registrations.

    :returns: a redirection to ``back``, with a message; None when nothing is refused.
    """
    refusal = deletion_refusal(pages)
    if not refusal:
        return None
    messages.error(request, refusal)
    return redirect(back)


def deletion_refusal(pages: Iterable[object]) -> str:
    """Why ``pages`` and their descendants are not deleted, with the titles of the étapes concerned; "" when none is an étape with
    active registrations, or when the people were mailed that it is cancelled."""
    awaited = expected(pages)
    if counted := [etape for etape in awaited if not etape.annulee]:
        number = sum(etape.attendus for etape in counted)
        message = ngettext(
            "Nothing was deleted: %(number)s person is registered for %(titles)s. Set the state to “cancelled”, which tells them by "
            "mail, rather than delete.",
            "Nothing was deleted: %(number)s people are registered for %(titles)s. Set the state to “cancelled”, which tells them by "
            "mail, rather than delete.",
            number,
        )
        return message % {"number": number, "titles": _quoted(counted)}
    people = Inscription.objects.filter(etape__in=[etape.pk for etape in awaited])
    if Courriel.objects.concerning(Inscription, people.values("pk")).filter(etat=Envoi.A_ENVOYER).exists():
        message = _(
            "The mails that tell of the cancellation of %(titles)s have not left yet: delete it in ten minutes."
        )
        return message % {"titles": _quoted(awaited)}
    return ""


def _quoted(etapes: Iterable[EtapePage]) -> str:
    return get_text_list([f"«\u00a0{etape.title}\u00a0»" for etape in etapes], _("and"))


def refuse_to_unpublish(request: HttpRequest, pages: Iterable[object], back: str) -> HttpResponseRedirect | None:
    """Refuses to unpublish ``pages`` when one of them, or a page below, is among :func:`online_with_registrations`.

    :returns: a redirection to ``back``, with one message an étape; None when nothing is refused.
    """
    refusals = unpublication_refusals(pages)
    for etape, message in refusals.items():
        _add_message(messages.error, request, message, etape)
    return redirect(back) if refusals else None


def unpublication_refusals(pages: Iterable[object]) -> dict[EtapePage, str]:
    """``{étape: why it is not unpublished}`` for each that :func:`online_with_registrations` finds, among ``pages`` and below:
    the list of the étapes leads registered people to theirs."""
    refusals = {}
    for etape in online_with_registrations(pages):
        message = ngettext(
            "Nothing left the site: %(number)s person is registered for “%(title)s”. Set the étape to “cancelled” and publish "
            "it, which tells them by mail, or cancel the registrations.",
            "Nothing left the site: %(number)s people are registered for “%(title)s”. Set the étape to “cancelled” and publish "
            "it, which tells them by mail, or cancel the registrations.",
            etape.attendus,
        )
        refusals[etape] = message % _placeholders(etape)
    return refusals


def move_refusal(page: Page, parent: Page) -> str:
    """Why ``page`` does not move below ``parent``; "" unless that would make an étape private that registered people read."""
    if page.get_view_restrictions().exists() or not parent.get_view_restrictions().exists():
        return ""
    for etape in online_with_registrations([page]):
        message = ngettext(
            "Nothing was moved: %(number)s person is registered for “%(title)s”, and the page that you chose is private.",
            "Nothing was moved: %(number)s people are registered for “%(title)s”, and the page that you chose is private.",
            etape.attendus,
        )
        return message % _placeholders(etape)
    return ""


def refuse_to_move(request: HttpRequest, pages: Iterable[Page], parent: Page, back: str) -> HttpResponseRedirect | None:
    """Refuses to move ``pages`` below ``parent`` for a :func:`move_refusal`: a redirection to ``back``, with the message."""
    refusals = [refusal for page in pages if (refusal := move_refusal(page, parent))]
    for refusal in refusals:
        messages.error(request, refusal)
    return redirect(back) if refusals else None


def privacy_refusal(request: HttpRequest, page: Page) -> str:
    """Hook ``before_set_privacy``: why ``page`` does not become private; "" unless that would hide an étape from the people who
    are registered for it."""
    if page.get_view_restrictions().exists() or not online_with_registrations([page]):
        return ""
    reason = _("This page can’t become private: people are registered for an étape.")
    return f"{reason} {_('To tell these people by mail, set the étape to “cancelled”.')}"


def _add_message(add: Callable[..., Any], request: HttpRequest, message: str, etape: EtapePage) -> None:
    button = messages.button(reverse("etapes_inscriptions", args=[etape.pk]), _("See the registrations"))
    add(request, message, buttons=[button])


def _placeholders(etape: EtapePage) -> dict[str, object]:
    return {"number": etape.attendus, "title": etape.title}


def online_with_registrations(pages: Iterable[object]) -> list[EtapePage]:
    """The étapes of :func:`expected` that are live and not cancelled. (A cancellation is mailed to registered people.)"""
    return [etape for etape in expected(pages) if etape.live and not etape.annulee]


def expected(pages: Iterable[object]) -> list[EtapePage]:
    """The étapes not yet over that have active registrations, among ``pages`` and their descendants. Sets ``attendus`` on each,
    the number of active registrations. Two queries."""
    chosen = [page for page in pages if isinstance(page, Page)]
    among = Q(pk__in=[page.pk for page in chosen])
    for page in chosen:
        among |= Q(path__startswith=page.path)
    awaited = {each.pk: each for each in EtapePage.objects.filter(among) if not each.passee}
    active = Inscription.objects.active().filter(etape__in=awaited).values("etape").annotate(number=Count("pk"))
    for row in active:
        awaited[row["etape"]].attendus = row["number"]
    return [etape for etape in awaited.values() if hasattr(etape, "attendus")]
