"""Finds the dossiers about the same innovation, by SIRET, name and commune, and merges two of them."""

from difflib import SequenceMatcher
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from fiches.candidatures.dossier_transitions import WrongStateError, locked, move, note, stop_moderation
from fiches.candidatures.enums import MERGED, OVER, Etat
from fiches.candidatures.models import Dossier
from fiches.mail import outbox
from fiches.territoire.gazetteer import fold

# Ratios of `likeness` from which two names count as similar.
SIMILAR = 0.82
SIMILAR_IN_COMMUNE = 0.6


class Duplicate(NamedTuple):
    dossier: Dossier
    raison: str


def probable_duplicates(dossier, *, limit=10):
    """Returns ``[Duplicate]``, the most probable first: same SIRET, then same commune and similar name, then similar name."""
    matches = []
    columns = ("pk", "numero", "organisation", "titre", "siret", "code_insee", "etat", "soumis")
    for other in Dossier.objects.alive().exclude(pk=dossier.pk).exclude(organisation="").only(*columns):
        score, raison = _similarity(dossier, other)
        if score:
            matches.append((score, other.pk, Duplicate(other, raison)))
    return [doublon for _score, _pk, doublon in sorted(matches, key=lambda item: (-item[0], item[1]))[:limit]]


def _similarity(one, other):
    if one.siret and one.siret == other.siret:
        return 2, _("same SIRET")
    ratio = name_similarity(fold(one.organisation), fold(other.organisation))
    if one.code_insee and one.code_insee == other.code_insee and ratio >= SIMILAR_IN_COMMUNE:
        return 1 + ratio / 2, _("same commune, similar name")
    return (ratio, _("similar name")) if ratio >= SIMILAR else (0, "")


def name_similarity(one, other):
    """Returns the similarity of two names, from 0 to 1; 0 if it is below the lowest threshold, which is quicker to find."""
    matcher = SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < SIMILAR_IN_COMMUNE or matcher.quick_ratio() < SIMILAR_IN_COMMUNE:
        return 0
    return matcher.ratio()


@transaction.atomic
def merge(*, dossier, into, by):
    """Closes ``dossier`` as a duplicate of ``into``, and mails its applicant. Each history names the other, for the staff
    only.

    The mail does not reveal the other dossier: anybody may type a public SIRET. No answer, file, link or permission passes
    from one to the other: nothing proves that the two applicants are the same.

    :raises WrongStateError: ``dossier`` is over or published, ``into`` is over or merged, or they are the same.
    """
    first, second = (locked(item) for item in sorted((dossier, into), key=lambda item: item.pk))
    closed, target = (first, second) if first.pk == dossier.pk else (second, first)
    over = {*OVER, Etat.PUBLIE}
    if closed.pk == target.pk or closed.etat in over or target.etat in OVER or target.fusionne_dans_id:
        raise WrongStateError(_("These two dossiers can’t be merged."))
    stop_moderation(closed, by=by)
    closed.fusionne_dans = target
    closed.a_corriger = []
    move(
        closed,
        Etat.RETIRE,
        auteur=by,
        message=MERGED,
        fields=["fusionne_dans", "a_corriger"],
    )
    note(closed, _("Merged into dossier %(number)s") % {"number": _number(target)}, auteur=by)
    note(target, _("Dossier %(number)s merged here") % {"number": _number(closed)}, auteur=by)
    closed.fusionnes.update(fusionne_dans=target)
    outbox.post(f"fusionne:{closed.pk}", modele="fusionne", destinataires=[closed.courriel], sujet=closed)
    return target


def _number(dossier):
    return dossier.numero or str(dossier.pk)
