"""Two dossiers for one innovation: found by SIRET, name and commune, and made one."""

from difflib import SequenceMatcher
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from fiches.candidatures.enums import MERGED, OVER, Etat
from fiches.candidatures.historique import WrongStateError, locked, move, note, stop_moderation
from fiches.candidatures.models import Dossier
from fiches.mail import outbox
from fiches.territoire.gazetteer import fold

LIKE = 0.82
LIKE_IN_THE_SAME_COMMUNE = 0.6


class Doublon(NamedTuple):
    """``fusionnable`` says whether staff can merge it into the dossier that it looks like."""

    dossier: Dossier
    raison: str
    fusionnable: bool


def probable_duplicates(dossier, *, limit=10):
    """``[Doublon]``, the surest first: same SIRET, then names alike, more loosely within one commune. A closed dossier has
    none."""
    if dossier.est_clos:
        return []
    found = []
    columns = ("pk", "numero", "organisation", "titre", "siret", "code_insee", "etat", "soumis")
    for other in Dossier.objects.alive().exclude(pk=dossier.pk).exclude(organisation="").only(*columns):
        score, raison = _alike(dossier, other)
        if score:
            found.append((score, other.pk, Doublon(other, raison, can_merge(other, into=dossier))))
    return [doublon for _score, _pk, doublon in sorted(found, key=lambda item: (-item[0], item[1]))[:limit]]


def _alike(one, other):
    if one.siret and one.siret == other.siret:
        return 2, _("same SIRET")
    ratio = likeness(fold(one.organisation), fold(other.organisation))
    if one.code_insee and one.code_insee == other.code_insee and ratio >= LIKE_IN_THE_SAME_COMMUNE:
        return 1 + ratio / 2, _("same commune, similar name")
    return (ratio, _("similar name")) if ratio >= LIKE else (0, "")


def likeness(one, other):
    """How alike two names are, from 0 to 1; 0 too for those that can't reach the least that counts."""
    matcher = SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < LIKE_IN_THE_SAME_COMMUNE or matcher.quick_ratio() < LIKE_IN_THE_SAME_COMMUNE:
        return 0
    return matcher.ratio()


def can_merge(dossier, *, into):
    """Whether ``dossier`` can end in favour of ``into``: it was sent and isn't published, neither is over, and they are two."""
    return dossier.pk != into.pk and dossier.etat not in {*OVER, Etat.BROUILLON, Etat.PUBLIE} and not into.est_clos


def check_merge(dossier, *, into):
    """:raises WrongStateError: when :func:`can_merge` says no."""
    if not can_merge(dossier, into=into):
        raise WrongStateError(_("These two dossiers can’t be merged."))


@transaction.atomic
def merge(*, dossier, into, by):
    """“Same, merge”: ``dossier`` ends and its applicant is told; ``into`` goes on; the staff read of each in the other's
    history. What the applicant is told confirms no other dossier, since anybody may write a public SIRET in theirs. No answer, file, link or right passes from one to the other: neither applicant was proved to be the other.

    :raises WrongStateError: see :func:`can_merge`.
    """
    first, second = (locked(item) for item in sorted((dossier, into), key=lambda item: item.pk))
    absorbed, kept = (first, second) if first.pk == dossier.pk else (second, first)
    check_merge(absorbed, into=kept)
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
