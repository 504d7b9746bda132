"""Undoes a decision within ten minutes, while no mail of it has left and nobody acted since."""

import json
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from fiches.forms.primary_key import read_key
from fiches.mail import outbox
from fiches.models import Courriel, DecisionAnnulable, Verdict
from fiches.models.corbeille import is_in_the_bin
from fiches.moderation.decision import AlreadyDecided, DecisionRefused, obstacles
from fiches.moderation.fiche_state import PUBLICATION
from fiches.moderation.permissions import may_take_offline
from fiches.moderation.undoable_decisions import (
    FICHE,
    decided_kind,
    has_left,
    in_order,
    latest_about,
    mails_of_approval,
    of_the_pages,
    pages_among,
    read,
    recent,
)

# The columns of a decision that `undoable_by` reads.
NOTED = ("verdict", "auteur", "date", "avant", "apres", "fiche")


class UndoTooLate(DecisionRefused):
    """The decision can no longer be undone."""


class Offer(NamedTuple):
    """A decision that the user may undo. Attributes:

    - decision; until: until when; leaving: when its mails leave; effect: what its undoing does, as a sentence;
    - mails: how many wait; stopped: whether staff stopped all of them.
    """

    decision: DecisionAnnulable
    until: datetime
    leaving: datetime
    effect: str
    mails: int
    stopped: bool


def offer(names: Iterable[str], user: AbstractUser) -> Offer | None:
    """The last decision about one of these records, if ``user`` may undo it now. One query where nothing was decided lately."""
    decision = latest_about(names)
    if decision is None or not may_undo(decision, user) or why_too_late(decision):
        return None
    mails = Courriel.objects.filter(pk__in=decision.courriels)
    leaving = decision.date + outbox.UNDO
    effect, waiting = effect_of(decision), mails.leaving().count()
    stopped = not waiting and mails.stopped().exists()
    return Offer(decision, deadline(decision), leaving, effect, waiting, stopped)


class Undoable(NamedTuple):
    """A decision that its author can still undo, on a fiche or a dossier. Attributes: decision; address (of the screen where it is
    undone)."""

    decision: DecisionAnnulable
    address: str


def undoable_by(user: AbstractUser) -> Iterator[Undoable]:
    """Yields the decisions of ``user`` that :func:`offer` offers on the screens of fiches and dossiers, the last first. One query: of
    what others did since, it only sees decisions, and the versions and the publication of a fiche."""
    of_fiches = (f"fiche__{name}" for name in ("draft_title", "url_path", *PUBLICATION))
    decisions = recent().select_related("fiche").only(*NOTED, *of_fiches)
    known: set[str] = set()
    for decision in decisions:
        is_latest = not known & decision.avant.keys()
        known |= decision.avant.keys()
        if (
            is_latest
            and decision.auteur_id == user.pk
            and deadline(decision) > timezone.now()
            and _is_as_left(decision)
        ):
            # The screen of the dossier, which shows its fiche too, rather than that of the fiche.
            records = sorted(map(decided_kind, decision.avant), key=lambda record: record[0].model is not None)
            screens = (kind.address(key, user) for kind, key in records if kind.address)
            if address := next(filter(None, screens), None):
                yield Undoable(decision, f"{address}#annuler")


def _is_as_left(decision: DecisionAnnulable) -> bool:
    """Whether the versions and the publication of its fiche are those that the decision left."""
    if decision.fiche is None:
        return True
    if is_in_the_bin(decision.fiche):
        return False
    columns = {name: decision.fiche.serializable_value(name) for name in PUBLICATION}
    return json.loads(json.dumps(columns, default=str)) == decision.apres[f"{FICHE}:{decision.fiche_id}"]["page"]


def deadline(decision: DecisionAnnulable) -> datetime:
    """Until when the decision can be undone: ten minutes, or less if the page goes online sooner, at the date decided."""
    pages = of_the_pages(decision.apres)
    dates = [datetime.fromisoformat(moment) for page in pages for moment in page["dates"].values()]
    return min([decision.date + outbox.UNDO, *dates])


def effect_of(decision: DecisionAnnulable) -> str:
    """What undoing the decision does, as a sentence for the staff."""
    match decision.verdict:
        case Verdict.REFUSE:
            return _("If you undo it, the dossier and its fiche go back to where they were.")
        case Verdict.FUSION:
            return _("If you undo it, the two dossiers are separate again, each as it was.")
        case Verdict.TRANSMIS:
            return _("If you undo it, this page goes back to its reading.")
        case Verdict.RETRAIT if len(pages_among(decision.avant)) > 1:
            return _("If you undo it, the page is back on the site in all these languages, as it was, with its dates.")
        case Verdict.RETRAIT:
            return _("If you undo it, the page is back on the site as it was, with its dates.")
        case Verdict.CORRECTIONS:
            return _("If you undo it, the review goes on where it was. Nothing is asked from the author.")
    before, after = (of_the_pages(each)[0]["page"] for each in (decision.avant, decision.apres))
    if after["live_revision"] == before["live_revision"]:
        return _("If you undo it, the date of the publication is cancelled. This page goes back to its approval.")
    if before["live"]:
        return _("If you undo it, the version that was online comes back. This one goes back to its approval.")
    return _("If you undo it, this page leaves the site and goes back to its approval.")


def may_undo(decision: DecisionAnnulable, user: AbstractUser) -> bool:
    """Whether ``user`` took the decision, or could take it."""
    if user.pk == decision.auteur_id:
        return True
    if decision.verdict == Verdict.RETRAIT:
        return all(may_take_offline(page, user) for page in pages_among(decision.avant))
    return user.has_perm(decision.droit) if decision.droit else _may_decide_on_its_step(decision, user)


def _may_decide_on_its_step(decision: DecisionAnnulable, user: AbstractUser) -> bool:
    reviews = (page["parcours"] for page in of_the_pages(decision.avant))
    keys = [review["current_task_state"] for review in reviews if review]
    states = TaskState.objects.filter(pk__in=keys).select_related("task", "workflow_state")
    return any(state.task.specific.get_actions(state.workflow_state.content_object.specific, user) for state in states)


def why_too_late(decision: DecisionAnnulable) -> UndoTooLate | None:
    """Why the decision can no longer be undone, as an exception to raise; None if it can."""
    if decision.date + outbox.UNDO <= timezone.now():
        return UndoTooLate(_("Too late: the ten minutes are over."))
    if deadline(decision) <= timezone.now():
        return UndoTooLate(
            _("Too late: the date that was decided has come. To take the page off the site, unpublish it.")
        )
    if has_left(decision):
        return UndoTooLate(_("Too late: a mail of this decision has left."))
    withdrawn = pages_among(decision.avant) if decision.verdict == Verdict.RETRAIT else []
    if reasons := [reason for page in withdrawn for reason in obstacles(page)]:
        return UndoTooLate(" ".join(reasons))
    if read(decision.apres) != decision.apres:
        return UndoTooLate(_("Too late: somebody acted on this file after this decision. It stays as it is."))
    return None


@transaction.atomic
def undo_decision(*, key: str, names: Iterable[str], by: AbstractUser) -> None:
    """Restores all that a decision changed, and deletes its mails.

    :param key: that of the decision, as a form sent it.
    :param names: the records of the screen from which it is undone; a decision about others is refused.
    :raises AlreadyDecided: it is undone already, or is about other records.
    :raises UndoTooLate: the ten minutes are over, a mail has left, or somebody acted since.
    :raises PermissionDenied: ``by`` may not undo it.
    """
    decision = _decision(key)
    if decision is None or not decision.avant.keys() & set(names):
        raise AlreadyDecided(_("Already dealt with: this decision is undone, or can’t be any more."))
    for name in reversed(in_order(decision.avant)):  # a dossier's lock takes its fiche's first
        kind, record = decided_kind(name)
        kind.lock(record)
    if _decision(key) is None:
        raise AlreadyDecided(_("Already dealt with: this decision is undone, or can’t be any more."))
    if not may_undo(decision, by):
        raise PermissionDenied
    if refusal := why_too_late(decision):
        raise refusal
    if not outbox.take_back_all(decision.courriels):
        raise UndoTooLate(_("Too late: a mail of this decision has left."))
    for name in in_order(decision.avant):  # the fiche first: its signals move the dossier
        kind, record = decided_kind(name)
        with nullcontext() if kind.own_mails else outbox.silence():
            kind.restore(record, decision.avant[name], decision, by)
    if decision.verdict == Verdict.RETRAIT:
        outbox.resume(mails_of_approval(decision.avant))
    decision.delete()


def _decision(key: str) -> DecisionAnnulable | None:
    pk = read_key(key)
    return None if pk is None else DecisionAnnulable.objects.filter(pk=pk).first()
