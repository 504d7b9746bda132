"""Finds the dossiers about the same innovation, by SIRET, name and commune."""

from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.translation import gettext as _

from fiches.candidatures.models import Dossier
from fiches.territoire.gazetteer import fold

# Values of `name_similarity` from which two names count as similar.
SIMILAR = 0.82
SIMILAR_IN_COMMUNE = 0.6
# The columns that are compared or shown.
SHOWN = ("pk", "numero", "organisation", "titre", "siret", "code_insee", "soumis")


class Duplicate(NamedTuple):
    dossier: Dossier
    raison: str


def probable_duplicates(dossier: Dossier, *, limit: int = 10) -> list[Duplicate]:
    """Returns ``[Duplicate]``, the most probable first: same SIRET, then same commune and similar name, then similar name. Only
    open dossiers that their companies sent are among them; a closed dossier has none."""
    if dossier.est_clos:
        return []
    matches = []
    others = Dossier.objects.sent().alive().exclude(pk=dossier.pk).exclude(organisation="")
    for other in others.only(*SHOWN):
        score, raison = _similarity(dossier, other)
        if score:
            matches.append((score, other.pk, Duplicate(other, raison)))
    return [doublon for _score, _pk, doublon in sorted(matches, key=lambda item: (-item[0], item[1]))[:limit]]


def _similarity(one: Dossier, other: Dossier) -> tuple[float, str]:
    if one.siret and one.siret == other.siret:
        return 2, _("same SIRET")
    return _similarity_of_names(one, other) or (0, "")


def _similarity_of_names(one: Dossier, other: Dossier) -> tuple[float, str] | None:
    ratio = name_similarity(fold(one.organisation), fold(other.organisation))
    if one.code_insee and one.code_insee == other.code_insee and ratio >= SIMILAR_IN_COMMUNE:
        return 1 + ratio / 2, _("same commune, similar name")
    return (ratio, _("similar name")) if ratio >= SIMILAR else None


def name_similarity(one: str, other: str) -> float:
    """Returns the similarity of two names, from 0 to 1; 0 if it is below the lowest threshold, which is quicker to find."""
    matcher = SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < SIMILAR_IN_COMMUNE or matcher.quick_ratio() < SIMILAR_IN_COMMUNE:
        return 0
    return matcher.ratio()
