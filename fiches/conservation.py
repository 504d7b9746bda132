"""What is kept too long goes: each room says what that is, `manage.py retention` and the periodic work take it."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from fiches.echeances import for_each
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
    """Returns how many things went. A room that fails keeps no other's from going, and is logged by its label."""
    rooms = {f"{number}. {kept.label}": (kept, found) for number, (kept, found) in enumerate(too_old(now), start=1)}
    numbers = []
    for_each(rooms, lambda label: numbers.append(_delete(*rooms[label])))
    return sum(numbers)


def _delete(kept, found):
    number = found.count()
    if kept.erase:
        for thing in found:
            kept.erase(thing)
    else:
        found.delete()
    return number


def old_mails(now):
    return Courriel.objects.filter(cree__lt=now - MAILS)
