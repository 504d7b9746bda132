"""Notes what a decision changes, so that `fiches.moderation.undo` can restore it until its mails leave.

A decision changes records of several kinds: the fiche with its review, and what another app made it from. Each kind says how its
records are locked, read and restored (:func:`register_decided_kind`). A record is named ``"kind:key"``.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page

from fiches.mail import outbox
from fiches.models import Courriel, DecisionAnnulable, FichePage, Verdict


class DecidedKind(NamedTuple):
    """How the records of one kind take part in decisions. Attributes:

    - of_fiche: returns the keys of those that a decision on the fiche of this key changes too;
    - lock: locks the row of the record of this key until the end of the transaction;
    - read: returns what it holds, as values of JSON or dates; None if there is no such record, or it could not be restored;
    - restore: called with the key, what it held before, the decision and the user who undoes it;
    - model: that of the pages; None for other records;
    - address: returns the address of the screen where the last decision on the record of this key is undone, None if the user may not
      see it; None for a kind whose app lists its decisions;
    - own_mails: the names of the mails that its restoration takes back or posts by itself. Without any, it tells nobody.
    """

    of_fiche: Callable[[int], Iterable[int]]
    lock: Callable[[int], object]
    read: Callable[[int], dict[str, Any] | None]
    restore: Callable[[int, dict[str, Any], DecisionAnnulable, AbstractUser], None]
    model: type[Page] | None = None
    address: Callable[[int, AbstractUser], str | None] | None = None
    own_mails: Collection[str] = ()


FICHE = "fiche"
_noting: ContextVar[bool] = ContextVar("decision_being_noted", default=False)
_kinds: dict[str, DecidedKind] = {}


def register_decided_kind(name: str, kind: DecidedKind) -> None:
    """Registers a kind of records; called from ``AppConfig.ready()``."""
    _kinds[name] = kind


def in_order(names: Iterable[str]) -> list[str]:
    """The names of records, those of the kinds that were registered first in front: a fiche before what it was made from."""
    kinds = list(_kinds)
    return sorted(names, key=lambda name: (kinds.index(name.partition(":")[0]), name))


def about_page(page: Page) -> list[str]:
    """The names of the records that a decision on a page, in its own class, may change; empty if none can be undone."""
    if isinstance(page, FichePage):
        return [f"{name}:{key}" for name, kind in _kinds.items() for key in kind.of_fiche(page.pk)]
    return [f"{name}:{page.pk}" for name, kind in _kinds.items() if kind.model and isinstance(page, kind.model)]


def pages_among(names: Iterable[str]) -> list[Page]:
    """The pages among the records of these names, in their own classes."""
    keys = [(kind.model, key) for kind, key in map(decided_kind, names) if kind.model]
    return [page for model, key in keys for page in model.objects.filter(pk=key)]


def of_the_pages(values: dict[str, Any]) -> list[dict[str, Any]]:
    """What the pages among the records of a decision hold, in the order of their kinds."""
    return [values[name] for name in in_order(values) if decided_kind(name)[0].model]


def decided_kind(name: str) -> tuple[DecidedKind, int]:
    """The kind and the key of the record of this name."""
    kind, _colon, key = name.partition(":")
    return _kinds[kind], int(key)


def read(names: Iterable[str]) -> dict[str, Any]:
    """What the records of these names hold now, as JSON returns it."""
    values = {name: kind.read(key) for name in names for kind, key in [decided_kind(name)]}
    return json.loads(json.dumps(values, default=str))


@contextmanager
def undoable(verdict: Verdict, names: Collection[str], *, by: Any, droit: str = "") -> Iterator[None]:
    """Context manager around a decision, in its transaction, once its rows are locked. Mails posted within leave after ten minutes.

    Nothing is noted of what is decided without mails, as in the demo, nor of a record that could not be restored, nor of what
    changes nothing. A decision within another is a part of it.

    :param names: the records that it changes.
    :param droit: the permission with which others than ``by`` may undo it; by default, they must be able to decide on the step.
    """
    begun, before = timezone.now(), {} if outbox.is_silent() or _noting.get() else read(names)
    if not before or None in before.values():
        yield
        return
    token = _noting.set(True)
    try:
        with outbox.delayed() as keys:
            yield
    finally:
        _noting.reset(token)
    past().delete()
    if own := {mail for name in names for mail in decided_kind(name)[0].own_mails}:
        keys = list(Courriel.objects.filter(pk__in=keys).exclude(modele__in=own).values_list("pk", flat=True))
    if (after := read(names)) != before:
        fiche = next((key for kind, key in map(decided_kind, names) if kind.model is FichePage), None)
        noted = {"date": begun, "avant": before, "apres": after, "courriels": keys, "fiche_id": fiche}
        DecisionAnnulable.objects.create(verdict=verdict, auteur=by, droit=droit, **noted)


@contextmanager
def undoable_withdrawal(page: Page, *, by: Any) -> Iterator[None]:
    """:func:`undoable` around the withdrawal of a page. The mails of its approval that wait don't leave."""
    names = about_page(page)
    outbox.set_aside(mails_of_approval(names))
    with undoable(Verdict.RETRAIT, names, by=by):
        yield


def mails_of_approval(names: Collection[str]) -> Any:
    """The mails of the approvals of these records, which ten minutes held, and ten more the withdrawal since."""
    recent, wanted = DecisionAnnulable.objects.filter(date__gt=timezone.now() - 2 * outbox.UNDO), set(names)
    approvals = [each for each in recent.filter(verdict=Verdict.APPROUVE) if each.avant.keys() & wanted]
    return Courriel.objects.filter(pk__in=[key for approval in approvals for key in approval.courriels])


def past(now: datetime | None = None) -> QuerySet[DecisionAnnulable]:
    """The decisions that can no longer be undone."""
    return DecisionAnnulable.objects.filter(date__lte=(now or timezone.now()) - outbox.UNDO)


def recent() -> Any:
    """The decisions of the last ten minutes, the last first."""
    return DecisionAnnulable.objects.filter(date__gt=timezone.now() - outbox.UNDO).order_by("-pk")


def latest_about(names: Iterable[str]) -> DecisionAnnulable | None:
    """The last decision of the last ten minutes about one of these records. One query."""
    wanted = set(names)
    return next((decision for decision in recent() if wanted & decision.avant.keys()), None)


def has_left(decision: DecisionAnnulable) -> bool:
    """Whether a mail of the decision has left, or is leaving."""
    return Courriel.objects.filter(pk__in=decision.courriels).unsent().count() < len(decision.courriels)


def forget_decisions(name: str) -> None:
    """Deletes what is noted of the record of this name, which is being erased."""
    for decision in DecisionAnnulable.objects.all():
        if name in decision.avant:
            decision.delete()
