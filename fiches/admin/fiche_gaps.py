"""The gaps of a fiche: what may be missing, its label, and how to detect it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from fiches.moderation.completeness import missing, values_of
from fiches.pages.picture_renditions import pictures_in

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from fiches.models import FichePage


class FicheGap(NamedTuple):
    """A gap; ``label`` is its name in lists and on the dashboard."""

    name: str
    label: "StrOrPromise"


# In the order of display.
GAPS = [
    FicheGap("organisation", _("without an organisation")),
    FicheGap("chapo", _("without an introduction")),
    FicheGap("corps", _("without a text")),
    FicheGap("criteres", _("without an answer to each question of the grid")),
    FicheGap("commune", _("without a commune")),
    FicheGap("lieu", _("without a place on the map")),
    FicheGap("photo", _("without a picture")),
    FicheGap("alternative", _("with a picture that has no alternative text")),
]
# ``{name: (label, condition)}`` of the gaps that other apps registered.
MORE: dict[str, tuple[str, Callable]] = {}


def register_gap(name: Any, label: Any, condition: Any) -> None:
    """Registers a gap that another app detects; ``condition()`` returns a ``Q`` on FichePage. Called from
    ``AppConfig.ready()``."""
    MORE[name] = (label, condition)


def choices() -> list[FicheGap]:
    """``[(name, label)]`` of all gaps."""
    return [*GAPS, *((name, label) for name, (label, _condition) in MORE.items())]


def with_gap(name: str) -> Q:
    """The condition on fiches that have this gap."""
    if name in MORE:
        return MORE[name][1]()
    return Q(bilan__manques__contains=f"|{name}|")


def gaps_of(fiche: "FichePage") -> list[str]:
    """The names of the gaps of a fiche, read from the object. The gap "lieu" is left out if "commune" is there."""
    names = set(missing(values_of(fiche)))
    if not fiche.est_situe and not fiche.sans_localisation and "commune" not in names:
        names.add("lieu")
    if not fiche.photo_id:
        names.add("photo")
    if any(True for _where in undescribed_pictures(fiche)):
        names.add("alternative")
    return [gap.name for gap in GAPS if gap.name in names]


def undescribed_pictures(fiche: "FichePage") -> Iterator[str]:
    """Yields the places of pictures that have no alternative text and aren't marked as decorative: ``"photo"``, ``"logo"``, or a
    child block of the text."""
    for name in ("photo", "logo"):
        is_described = getattr(fiche, f"{name}_alt").strip() or getattr(fiche, f"{name}_decorative")
        if getattr(fiche, f"{name}_id") and not is_described:
            yield name
    for child in fiche.corps:
        if any(not _is_described(picture) for picture in pictures_in(child.value)):
            yield child


def _is_described(picture: Model) -> bool:
    """Whether a picture of an `ImageBlock`, which sets these attributes, has an alternative text or is decorative."""
    return bool(getattr(picture, "decorative", False) or (getattr(picture, "contextual_alt_text", "") or "").strip())
