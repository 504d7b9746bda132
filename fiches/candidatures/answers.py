"""Saves answers field by field, so that two people who use the same link don't overwrite one another."""

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.candidatures import consentements
from fiches.candidatures.dossier_transitions import locked
from fiches.candidatures.forms import MAX_ANSWER_LENGTH, STEP_FORMS
from fiches.candidatures.models import Modification
from fiches.candidatures.pending_closure import require_open
from fiches.forms.older_screen import BY_NO_PAGE, Sending

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


# The columns of a dossier that change with its answers.
SAVED = ("reponses", "revision", "organisation", "titre", "siret", "code_insee", "modifie")


class Saved(NamedTuple):
    """A result. ``conflicts``: ``{field: stored text of the other writer}``. ``others``: fields that the other changed."""

    revision: int
    conflicts: dict
    others: list


def open_fields(dossier: "Dossier") -> frozenset[str]:
    """Returns the answers and kinds of files that the applicant may change: all in a draft, then only those to correct."""
    if not dossier.est_modifiable:
        return frozenset()
    every = frozenset(name for etape in STEP_FORMS for name in etape.base_fields) | {"photo", "logo", "document"}
    to_correct = {item["champ"] for item in dossier.a_corriger}
    if dossier.soumis is None or "" in to_correct:
        return every
    if "photo" in to_correct:
        to_correct |= {"photo_alt", "photo_decorative", "photo_credit"}
    return frozenset(to_correct | ({"logo_alt"} if "logo" in to_correct else set()))


@transaction.atomic
def save_answers(*, dossier: "Dossier", typed: dict[str, Any], seen: int, sending: Sending = BY_NO_PAGE) -> Saved:
    """Saves the answers that changed since the revision that the writer saw, and returns :class:`Saved`.

    A field that both writers changed keeps the first text. The second text is stored in the history and returned as a
    conflict; it is applied when it is saved again from a page that shows the first.

    :param typed: ``{field: answer}``; fields that the applicant may not change are ignored.
    :param seen: the revision that the writer's page showed.
    :param sending: the page that sends them. What it sent before is no conflict; what it sent later stays.
    :raises WrongStateError: the applicant can't change the dossier in its present state.
    """
    current = require_open(locked(dossier))
    allowed = open_fields(current)
    typed = {
        champ: value
        for champ, value in typed.items()
        if champ in allowed and len(value_text(value)) <= MAX_ANSWER_LENGTH
    }
    bases = _answers_seen(current, typed, seen, sending)
    changes, conflicts, others = {}, {}, []
    for champ, base in bases.items():
        now, value = current.reponses.get(champ), typed[champ]
        if same_answer(value, now):
            continue
        if same_answer(now, base):
            changes[champ] = value
        elif same_answer(value, base):
            others.append(champ)
        else:
            conflicts[champ] = now
    refused = {champ: typed[champ] for champ in conflicts if not _is_recorded(current, champ, typed[champ])}
    _write(current, changes, refused, sending)
    for name in SAVED:
        setattr(dossier, name, getattr(current, name))
    return Saved(current.revision, conflicts, others)


def value_text(value: bool | list[str] | str) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def same_answer(one: bool | list[str] | str | None, other: bool | list[str] | str | None) -> bool:
    """Compares two answers. None, an empty text and an unticked box are equal; the order of a list is ignored."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(one) == sorted(other)
    return (one or "") == (other or "")


def _answers_seen(dossier: "Dossier", typed: dict[str, Any], seen: int, sending: Sending) -> dict[str, Any]:
    """Returns ``{field: answer that the writer's page had}``: the one it wrote last, or else the one at revision ``seen``, which
    is the value before the first later change. Fields that the page sent again since are left out."""
    bases = {champ: dossier.reponses.get(champ) for champ in typed}
    own = set()
    later = dossier.modifications.filter(revision__gt=seen, champ__in=typed, en_conflit=False).order_by(
        "-revision", "-pk"
    )
    for change in later:
        writer = Sending.read(change.ecran)
        if writer.is_by_page_of(sending):
            own.add(change.champ)
        elif change.champ not in own:
            bases[change.champ] = change.avant
        if writer.follows(sending):
            bases.pop(change.champ, None)
    return bases


def _is_recorded(dossier: "Dossier", champ: str, value: str) -> bool:
    """Whether a conflicting text is in the history already: automatic saving sends it repeatedly."""
    last = dossier.modifications.filter(champ=champ, en_conflit=True).last()
    return last is not None and same_answer(last.apres, value)


def _write(dossier: "Dossier", changes: dict[str, Any], refused: dict[Any, Any], sending: Sending) -> None:
    if not changes and not refused:
        return
    if changes:
        dossier.revision += 1
    rows = [
        Modification(
            dossier=dossier,
            revision=dossier.revision,
            champ=champ,
            avant=dossier.reponses.get(champ),
            apres=value,
            en_conflit=is_refused,
            ecran=str(sending),
        )
        for is_refused, answers in ((False, changes), (True, refused))
        for champ, value in answers.items()
    ]
    Modification.objects.bulk_create(rows)
    dossier.reponses = {**dossier.reponses, **changes}
    update_summary(dossier)
    dossier.save(update_fields=SAVED)
    _record_consents(dossier, changes)


def _record_consents(dossier: "Dossier", changes: dict[str, Any]) -> None:
    prefix = consentements.PREFIX
    choices = {champ.removeprefix(prefix): value for champ, value in changes.items() if champ.startswith(prefix)}
    consentements.record_consents(dossier=dossier, choices=choices)


def update_summary(dossier: "Dossier") -> None:
    """Copies to the dossier's columns the answers that the staff's list shows and searches."""
    from fiches.candidatures.forms import Organisation, bound_form

    form = bound_form(dossier, Organisation, sending=False)
    form.is_valid()
    commune = form.cleaned_data.get("commune")
    dossier.organisation = str(dossier.reponses.get("organisation") or "")[:200]
    dossier.titre = str(dossier.reponses.get("titre") or "")[:255]
    dossier.siret = form.cleaned_data.get("siret") or ""
    dossier.code_insee = commune.code_insee if commune else ""
    dossier.modifie = timezone.now()


def conflict_message(text: str) -> str:
    """Returns the error shown beside a field that another writer changed first."""
    return _(
        "This text was changed since you opened this page, in another tab or by another person: “%(text)s”. "
        "Save again to put your text instead."
    ) % {"text": value_text(text or "")[:600] or _("nothing")}
