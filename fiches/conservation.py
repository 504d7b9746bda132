"""What is kept too long goes: each room says what that is, `manage.py retention` and the periodic work take it."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from fiches.models import Courriel

MAILS = timedelta(days=90)


class Kept(NamedTuple):
    """``find(now)`` returns a queryset of what is too old; ``erase(thing)`` takes one of them away; ``tell(thing)`` names
    it to the operator."""

    label: str
    find: Callable
    erase: Callable | None = None
    tell: Callable | None = None


class Personal(NamedTuple):
    """``find(courriel)`` returns a queryset of what hangs on an address; ``erase(thing)`` takes one of them away;
    ``tell(thing)`` is what its person gets of it."""

    label: str
    find: Callable
    tell: Callable
    erase: Callable


KEPT: list[Kept] = []
PERSONAL: list[Personal] = []


def register_personal(label, find, *, tell, erase=lambda thing: thing.delete()):
    """What `manage.py effacer_personne` and `exporter_personne` reach in a room."""
    PERSONAL.append(Personal(label, find, tell, erase))


def erase_personal(courriel):
    """``{label: number}`` of what went, in all rooms."""
    counts = {}
    for personal in PERSONAL:
        things = list(personal.find(courriel))
        for thing in things:
            personal.erase(thing)
        counts[str(personal.label)] = len(things)
    return counts


def export_personal(courriel):
    """``{label: [what is known]}``, as JSON can hold it, in all rooms."""
    return {str(each.label): [each.tell(thing) for thing in each.find(courriel)] for each in PERSONAL}


def register_retention(label, find, *, erase=None, tell=None):
    """Without ``erase``, the queryset deletes them all at once; without ``tell``, only their number is said."""
    KEPT.append(Kept(label, find, erase, tell))


def too_old(now=None):
    """``[(Kept, queryset)]`` of all rooms."""
    now = now or timezone.now()
    return [(kept, kept.find(now)) for kept in KEPT]


def delete_too_old(now=None):
    """Returns how many things went."""
    number = 0
    for kept, found in too_old(now):
        number += found.count()
        if kept.erase:
            for thing in found:
                kept.erase(thing)
        else:
            found.delete()
    return number


def old_mails(now):
    return Courriel.objects.filter(cree__lt=now - MAILS)
