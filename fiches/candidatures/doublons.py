"""Finds the dossiers about the same innovation, by SIRET, name and commune, and merges two of them."""

from difflib import SequenceMatcher
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from fiches.candidatures.enums import MERGED, OVER, Etat
from fiches.candidatures.historique import WrongStateError, locked, move, note, stop_moderation
from fiches.candidatures.models import Dossier
from fiches.mail import outbox
from fiches.territoire.gazetteer import fold

# Ratios of `likeness` from which two names count as similar.
LIKE = 0.82
LIKE_IN_THE_SAME_COMMUNE = 0.6


class Doublon(NamedTuple):
    dossier: Dossier
    raison: str


def probable_duplicates(dossier, *, limit=10):
    """Returns ``[Doublon]``, the most probable first: same SIRET, then same commune and similar name, then similar name."""
    found = []
    columns = ("pk", "numero", "organisation", "titre", "siret", "code_insee", "etat", "soumis")
    for other in Dossier.objects.alive().exclude(pk=dossier.pk).exclude(organisation="").only(*columns):
        score, raison = _alike(dossier, other)
        if score:
            found.append((score, other.pk, Doublon(other, raison)))
    return [doublon for _score, _pk, doublon in sorted(found, key=lambda item: (-item[0], item[1]))[:limit]]


def _alike(one, other):
    if one.siret and one.siret == other.siret:
        return 2, _("same SIRET")
    ratio = likeness(fold(one.organisation), fold(other.organisation))
    if one.code_insee and one.code_insee == other.code_insee and ratio >= LIKE_IN_THE_SAME_COMMUNE:
        return 1 + ratio / 2, _("same commune, similar name")
    return (ratio, _("similar name")) if ratio >= LIKE else (0, "")


def likeness(one, other):
    """Returns the similarity of two names, from 0 to 1; 0 if it is below the lowest threshold, which is quicker to find."""
    matcher = SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < LIKE_IN_THE_SAME_COMMUNE or matcher.quick_ratio() < LIKE_IN_THE_SAME_COMMUNE:
        return 0
    return matcher.ratio()


@transaction.atomic
def merge(*, dossier, into, by):
    """Closes ``dossier`` as a duplicate of ``into``, and mails its applicant. Each history links to the other, for the staff only.

    The mail does not reveal the other dossier: anybody may type a public SIRET. No answer, file, link or permission passes
    from one to the other: nothing proves that the two applicants are the same.

    :raises WrongStateError: ``dossier`` is over or published, ``into`` is over or merged, or they are the same.
    """
    first, second = (locked(item) for item in sorted((dossier, into), key=lambda item: item.pk))
    absorbed, kept = (first, second) if first.pk == dossier.pk else (second, first)
    over = {*OVER, Etat.PUBLIE}
    if absorbed.pk == kept.pk or absorbed.etat in over or kept.etat in OVER or kept.fusionne_dans_id:
        raise WrongStateError(_("These two dossiers can’t be merged."))
    stop_moderation(absorbed, by=by)
    absorbed.fusionne_dans = kept
    absorbed.a_corriger = []
    move(
        absorbed,
        Etat.RETIRE,
        auteur=by,
        message=MERGED,
        fields=["fusionne_dans", "a_corriger"],
    )
    note(absorbed, _("Merged into dossier %(number)s") % {"number": _number(kept)}, auteur=by)
    note(kept, _("Dossier %(number)s merged here") % {"number": _number(absorbed)}, auteur=by)
    absorbed.fusionnes.update(fusionne_dans=kept)
    outbox.post(f"fusionne:{absorbed.pk}", modele="fusionne", destinataires=[absorbed.courriel], sujet=absorbed)
    return kept


def _number(dossier):
    return dossier.numero or str(dossier.pk)
