"""Answers saved: each for itself, so that two people who hold the link lose nothing of one another."""

from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.candidatures import consentements
from fiches.candidatures.enums import EDITABLE, Etat
from fiches.candidatures.formulaires import ETAPES, KEPT
from fiches.candidatures.historique import locked, require
from fiches.candidatures.models import Modification

SUMMARY = {"organisation": "organisation", "titre": "titre"}


class Saved(NamedTuple):
    """``conflicts``: ``{field: the other's text}``; ``others``: fields that someone else changed meanwhile."""

    revision: int
    conflicts: dict
    others: list


def open_fields(dossier):
    """The fields that the applicant may write now: all of a draft, those to correct afterwards."""
    if not dossier.est_modifiable:
        return frozenset()
    every = frozenset(name for etape in ETAPES for name in etape.base_fields) | {"photo", "logo", "document"}
    asked = {item["champ"] for item in dossier.a_corriger}
    if dossier.etat == Etat.BROUILLON or "" in asked:
        return every
    if "photo" in asked:
        asked |= {"photo_alt", "photo_decorative", "photo_credit"}
    return frozenset(asked | ({"logo_alt"} if "logo" in asked else set()))


@transaction.atomic
def save_answers(*, dossier, typed, seen):
    """Writes what ``typed`` (``{field: answer}``) changed since revision ``seen``.

    A field that only this writer changed takes the new text. One that both changed keeps the first text; the second is
    kept in the history and given back as a conflict, and wins when it is saved again in knowledge of the first.

    :raises WrongStateError: the dossier is no longer the applicant's to write.
    """
    current = locked(dossier)
    require(current, *EDITABLE)
    allowed = open_fields(current)
    typed = {champ: value for champ, value in typed.items() if champ in allowed and len(value_text(value)) <= KEPT}
    bases = _bases(current, typed, seen)
    changes, conflicts, others = {}, {}, []
    for champ, value in typed.items():
        now, base = current.reponses.get(champ), bases[champ]
        if same(value, now):
            continue
        if same(now, base):
            changes[champ] = value
        elif same(value, base):
            others.append(champ)
        else:
            conflicts[champ] = now
    _write(current, changes, {champ: typed[champ] for champ in conflicts if not _is_kept(current, champ, typed[champ])})
    for name in ("reponses", "revision", "organisation", "titre", "siret", "code_insee", "modifie", "etat"):
        setattr(dossier, name, getattr(current, name))
    return Saved(current.revision, conflicts, others)


def value_text(value):
    return "".join(value) if isinstance(value, list) else str(value)


def same(one, other):
    """An answer never given, an empty one and an unticked box are alike."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(one) == sorted(other)
    return (one or "") == (other or "")


def _bases(dossier, typed, seen):
    """What each field held at revision ``seen``: what the first change after it found there."""
    bases = {champ: dossier.reponses.get(champ) for champ in typed}
    later = dossier.modifications.filter(revision__gt=seen, champ__in=typed, en_conflit=False).order_by(
        "-revision", "-pk"
    )
    for change in later:
        bases[change.champ] = change.avant
    return bases


def _is_kept(dossier, champ, value):
    """The text in conflict is in the history already: saving by itself sends it again and again."""
    last = dossier.modifications.filter(champ=champ, en_conflit=True).last()
    return last is not None and same(last.apres, value)


def _write(dossier, changes, kept):
    if not changes and not kept:
        return
    if changes:
        dossier.revision += 1
    rows = [
        Modification(
            dossier=dossier, revision=dossier.revision, champ=champ, avant=dossier.reponses.get(champ), apres=value
        )
        for champ, value in changes.items()
    ]
    rows += [
        Modification(
            dossier=dossier,
            revision=dossier.revision,
            champ=champ,
            avant=dossier.reponses.get(champ),
            apres=value,
            en_conflit=True,
        )
        for champ, value in kept.items()
    ]
    Modification.objects.bulk_create(rows)
    dossier.reponses = {**dossier.reponses, **changes}
    summarise(dossier)
    dossier.save()
    _record_consents(dossier, changes)


def _record_consents(dossier, changes):
    prefix = consentements.PREFIX
    choices = {champ.removeprefix(prefix): value for champ, value in changes.items() if champ.startswith(prefix)}
    consentements.record(dossier=dossier, choices=choices)


def summarise(dossier):
    """The columns by which the staff's list is read and searched, from the answers."""
    from fiches.candidatures.formulaires import Organisation, checked

    form = checked(dossier, Organisation, sending=False)
    form.is_valid()
    commune = form.cleaned_data.get("commune")
    dossier.organisation = str(dossier.reponses.get("organisation") or "")[:200]
    dossier.titre = str(dossier.reponses.get("titre") or "")[:255]
    dossier.siret = form.cleaned_data.get("siret") or ""
    dossier.code_insee = commune.code_insee if commune else ""
    dossier.modifie = timezone.now()


def conflict_message(text):
    """What stands beside a field that somebody else changed first."""
    return _(
        "This text was changed since you opened this page, in another tab or by another person: “%(text)s”. "
        "Save again to put your text instead."
    ) % {"text": value_text(text or "")[:600] or _("nothing")}
