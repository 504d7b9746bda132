"""Warnings shown after an étape is saved: possible mistakes that are not errors."""

from collections.abc import Iterator
from datetime import time
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from etapes.inscriptions.date_and_place import hours
from fiches.formats import hour

if TYPE_CHECKING:
    from etapes.models import EtapePage


def remarks(etape: "EtapePage") -> list[str]:
    """Returns the warnings as sentences: étapes at the same time, shared slots, items outside the étape's hours."""
    return [*_at_the_same_time(etape), *_shared_slots(etape), *_outside_its_hours(etape)]


def _at_the_same_time(etape: "EtapePage") -> Iterator[str]:
    if not etape.a_lieu or not etape.date:
        return
    others = (
        type(etape)
        .objects.visible()
        .filter(date=etape.date)
        .exclude(translation_key=etape.translation_key)
        .on_the_road()
    )
    for other in others.defer("programme", "compte_rendu"):
        if other.a_lieu and other.commence_le < etape.termine_le and etape.commence_le < other.termine_le:
            when = hours(other) or _("hours unknown")
            yield _("“%(title)s” takes place at the same time (%(when)s).") % {"title": other.title, "when": when}


def _shared_slots(etape: "EtapePage") -> Iterator[str]:
    slots: dict[time, list[str]] = {}
    for presentation in etape.presentations.all():
        if presentation.heure:
            slots.setdefault(presentation.heure, []).append(presentation.fiche.title)
    for slot, titles in sorted(slots.items()):
        if len(titles) > 1:
            quoted = ", ".join(f"«\u00a0{title}\u00a0»" for title in titles)
            yield _("These fiches have the same slot, %(hour)s: %(titles)s.") % {"hour": hour(slot), "titles": quoted}


def _outside_its_hours(etape: "EtapePage") -> Iterator[str]:
    if not etape.debut:
        return
    for title, start, end in _timed(etape):
        too_late = etape.fin and (start >= etape.fin or (end and end > etape.fin))
        if start < etape.debut or too_late:
            values = {"title": title, "hour": hour(start), "when": hours(etape)}
            yield _("“%(title)s” (%(hour)s) is not within the hours of the étape (%(when)s).") % values


def _timed(etape: "EtapePage") -> Iterator[tuple[str, time, time | None]]:
    """Yields ``(title, start, end or None)`` of each programme item and presentation that has an hour."""
    for child in etape.programme:
        if child.value["debut"]:
            yield child.value["titre"], child.value["debut"], child.value["fin"]
    for presentation in etape.presentations.all():
        if presentation.heure:
            yield presentation.fiche.title, presentation.heure, None
