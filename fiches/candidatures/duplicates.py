"""Finds the dossiers about the same innovation, by SIRET, name and commune, and merges two of them."""

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiches.candidatures.dossier_transitions import WrongStateError, locked, move, note, stop_moderation
from fiches.candidatures.enums import MERGED, OVER, Etat
from fiches.candidatures.models import Dossier
from fiches.mail import outbox
from fiches.territoire.gazetteer import fold

# Values of `name_similarity` from which two names count as similar.
SIMILAR = 0.82
SIMILAR_IN_COMMUNE = 0.6
# The columns that are compared or shown.
SHOWN = ("pk", "numero", "organisation", "titre", "siret", "code_insee", "etat", "soumis")


class Duplicate(NamedTuple):
    """``fusionnable``: whether staff can merge it into the dossier that it resembles."""

    dossier: Dossier
    raison: str
    fusionnable: bool


def read_others(dossier: Dossier) -> list[Dossier]:
    """Returns in one query the dossiers that were merged into ``dossier``, and those that may resemble it, which their companies
    sent: none if it is closed."""
    others = dossier.fusionnes.all()
    if not dossier.est_clos:
        others |= Dossier.objects.sent().alive().exclude(pk=dossier.pk).exclude(organisation="")
    return list(others.only(*SHOWN, "fiche", "fusionne_dans"))


def probable_duplicates(
    dossier: Dossier, *, among: Iterable[Dossier] | None = None, limit: int = 10
) -> list[Duplicate]:
    """Returns ``[Duplicate]``, the most probable first: same SIRET, then same commune and similar name, then similar name.
    A closed dossier has none.

    :param among: the result of :func:`read_others`, if it is read already.
    """
    if dossier.est_clos:
        return []
    matches = []
    for other in read_others(dossier) if among is None else among:
        if other.fusionne_dans_id:
            continue
        score, raison = _similarity(dossier, other)
        if score:
            matches.append((score, other.pk, Duplicate(other, raison, can_merge(other, into=dossier))))
    return [doublon for _score, _pk, doublon in sorted(matches, key=lambda item: (-item[0], item[1]))[:limit]]


def is_probably_the_same(one: Dossier, other: Dossier) -> bool:
    """Whether two dossiers have the same SIRET, or organisations with similar names. A common contact proves nothing."""
    return bool(_similarity(one, other)[0])


def details_in_common(one: Dossier, other: Dossier) -> list[str]:
    """Returns in words what two dossiers share: SIRET, equal or similar names, an address or a phone number."""
    details = [_("the SIRET")] if one.siret and one.siret == other.siret else []
    if _similarity_of_names(one, other):
        is_equal = fold(one.organisation) == fold(other.organisation)
        details.append(_("the same name of organisation") if is_equal else _("a similar name of organisation"))
    for label, label_if_similar, read in DETAILS:
        first, second = read(one), read(other)
        if first and first == second:
            details.append(str(label))
        elif first and second and label_if_similar and name_similarity(first, second) >= SIMILAR:
            details.append(str(label_if_similar))
    return details


def _answer(name: str) -> Callable[[Dossier], str]:
    return lambda dossier: fold(str(dossier.reponses.get(name) or ""))


# What two dossiers may share: its name, that of similar values ("" where they don't count), and a function that reads it.
DETAILS: tuple[tuple[Any, Any, Callable[[Dossier], str]], ...] = (
    (
        gettext_lazy("the same name of innovation"),
        gettext_lazy("a similar name of innovation"),
        _answer("titre"),
    ),
    (gettext_lazy("the e-mail of the sender"), "", lambda dossier: dossier.courriel.casefold()),
    (
        gettext_lazy("the same name of contact"),
        gettext_lazy("a similar name of contact"),
        _answer("contact_nom"),
    ),
    (gettext_lazy("the e-mail of the contact"), "", _answer("contact_courriel")),
    (
        gettext_lazy("the phone of the contact"),
        "",
        lambda dossier: re.sub(r"\D", "", dossier.reponses.get("contact_telephone") or "")[-9:],
    ),
)


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


def already_joined(dossier: Dossier) -> str:
    """The message about a merge that is done."""
    return _("Dossier %(number)s is joined to this one already.") % {"number": _number(dossier)}


def can_merge(dossier: Dossier, *, into: Dossier) -> bool:
    """Returns whether ``dossier`` can be closed as a duplicate of ``into``: it was sent and is not published, neither is over."""
    return dossier.pk != into.pk and dossier.etat not in {*OVER, Etat.BROUILLON, Etat.PUBLIE} and not into.est_clos


def check_merge(dossier: Dossier, *, into: Dossier) -> None:
    """:raises WrongStateError: :func:`can_merge` returns False; the message says which of the two is in the way."""
    if can_merge(dossier, into=into):
        return
    if dossier.pk == into.pk:
        raise WrongStateError(_("These two dossiers can’t be merged."))
    if dossier.fusionne_dans_id == into.pk:
        raise WrongStateError(already_joined(dossier))
    closed = into if into.est_clos else dossier
    message = _("Dossier %(number)s is now “%(state)s”: it can’t be merged any more.")
    raise WrongStateError(message, params={"number": _number(closed), "state": closed.etat_pour_l_equipe})


@transaction.atomic
def merge(*, dossier: Dossier, into: Dossier, by: Any) -> Dossier:
    """Closes ``dossier`` as a duplicate of ``into``, and mails its applicant. Each history names the other, for the staff
    only. The applicant reads it once the mail leaves, ten minutes later.

    The mail does not reveal the other dossier: anybody may type a public SIRET. No answer, file, link or permission passes
    from one to the other: nothing proves that the two applicants are the same.

    :raises WrongStateError: see :func:`can_merge`.
    """
    first, second = (locked(item) for item in sorted((dossier, into), key=lambda item: item.pk))
    closed, target = (first, second) if first.pk == dossier.pk else (second, first)
    check_merge(closed, into=target)
    with outbox.delayed():
        stop_moderation(closed, by=by)
        closed.fusionne_dans = target
        move(closed, Etat.RETIRE, auteur=by, message=MERGED, fields=["fusionne_dans"])
        note(closed, _("Merged into dossier %(number)s") % {"number": _number(target)}, auteur=by)
        note(target, _("Dossier %(number)s merged here") % {"number": _number(closed)}, auteur=by)
        closed.fusionnes.update(fusionne_dans=target)
        outbox.post(
            f"fusionne:{closed.pk}:{closed.evenements.latest('pk').pk}",
            modele="fusionne",
            destinataires=[closed.courriel],
            sujet=closed,
        )
    return target


def _number(dossier: Dossier) -> str:
    return dossier.numero or str(dossier.pk)
