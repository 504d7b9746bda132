"""What a fiche may lack: each gap has a name, the words of the lists, and a way to see it."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fiches.moderation.completeness import missing, values_of
from fiches.pages.pictures import pictures_in


class Gap(NamedTuple):
    """``label`` as lists and the dashboard say it."""

    name: str
    label: str


GAPS = [
    Gap("organisation", _("without an organisation")),
    Gap("chapo", _("without an introduction")),
    Gap("corps", _("without a text")),
    Gap("criteres", _("without an answer to each question of the grid")),
    Gap("commune", _("without a commune")),
    Gap("lieu", _("without a place on the map")),
    Gap("photo", _("without a picture")),
    Gap("alternative", _("with a picture that has no alternative text")),
]
"""In the order in which one mends them."""

MORE: dict[str, tuple[str, Callable]] = {}


def register_gap(name, label, condition):
    """A room above tells of a gap that the fiche itself doesn't show; ``condition()`` is a ``Q`` for a queryset of
    FichePage."""
    MORE[name] = (label, condition)


def choices():
    return [*GAPS, *((name, label) for name, (label, _condition) in MORE.items())]


def having(name):
    """The condition under which a fiche has this gap."""
    if name in MORE:
        return MORE[name][1]()
    return Q(bilan__manques__contains=f"|{name}|")


def gaps_of(fiche):
    """The names of what this fiche, as it is in memory, lacks. One without a commune isn't told to lack a place too."""
    found = set(missing(values_of(fiche)))
    if not fiche.est_situe and not fiche.sans_localisation and "commune" not in found:
        found.add("lieu")
    if not fiche.photo_id:
        found.add("photo")
    if any(True for _where in undescribed(fiche)):
        found.add("alternative")
    return [gap.name for gap in GAPS if gap.name in found]


def undescribed(fiche):
    """Where a picture has neither an alternative text nor the word that it is decorative: ``photo``, ``logo``, a block
    of the text."""
    for name in ("photo", "logo"):
        told = getattr(fiche, f"{name}_alt").strip() or getattr(fiche, f"{name}_decorative")
        if getattr(fiche, f"{name}_id") and not told:
            yield name
    for child in fiche.corps:
        if any(not _is_described(picture) for picture in pictures_in(child.value)):
            yield child


def _is_described(picture):
    """As `ImageBlock` marks the pictures that it gives."""
    return bool(getattr(picture, "decorative", False) or (getattr(picture, "contextual_alt_text", "") or "").strip())
