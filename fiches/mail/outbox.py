"""The outbox: a fact is written down with what caused it, and told once, by the worker, after the commit.

Once, as far as SMTP allows: a worker killed between the server's answer and our mark sends again, under the same Message-ID.
"""

import logging
import smtplib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone
from django_tasks import default_task_backend, task

from fiches.mail.wordings import Obsolete, compose
from fiches.models import Courriel
from fiches.models.enums import Envoi
from fiches.upkeep.periodic import for_each

logger = logging.getLogger(__name__)

# Seconds before each new try; after the last one the message is given up, and staff see it where it was caused.
BACKOFF = (60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)

# A worker that took a message and says nothing for so long is dead.
CLAIM = timedelta(minutes=10)

# For how long a mail about a decision waits, so that the decision can be taken back and the mail with it.
UNDO = timedelta(minutes=10)

FAILURES = (OSError, smtplib.SMTPException)


_silent = ContextVar("courrier_silent", default=False)


@contextmanager
def silence() -> Iterator[None]:
    """Meanwhile nothing is written: examples have no mailbox."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def absolute(path: str) -> str:
    """The whole address of a path of the site, as a mail needs it."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path


def post(
    cle: str,
    *,
    modele: str,
    destinataires: Iterable[str],
    sujet: Model | None = None,
    contexte: dict[str, Any] | None = None,
    send_after: datetime | None = None,
) -> Courriel | None:
    """Writes a message, to be sent once the transaction is committed. The same ``cle`` again changes nothing.

    :param modele: the name of a letter that :func:`fiches.mail.wordings.register_letter` knows.
    :param destinataires: mail addresses; with none, the message is written and not sent.
    :param sujet: the record that it is about, by which it is found again.
    :param contexte: what fills the places of its words, as JSON can hold it.
    :param send_after: aware datetime before which it is not sent; :func:`take_back` deletes it until then.
    :returns: the message, new or known; None within :func:`silence`.
    """
    if _silent.get():
        return None
    domain = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    courriel, created = Courriel.objects.get_or_create(
        cle=cle,
        defaults={
            "modele": modele,
            "sujet": sujet,
            "destinataires": sorted(set(destinataires)),
            "contexte": contexte or {},
            "message_id": make_msgid(domain=domain),
            "prochain_essai": send_after or timezone.now(),
        },
    )
    if created and courriel.destinataires:
        transaction.on_commit(lambda: _enqueue(courriel.pk, send_after))
    return courriel


def take_back(sujet: Model, *, modeles: Iterable[str]) -> int:
    """Deletes the messages of these ``modeles`` about ``sujet`` that no worker has begun to send.

    :returns: how many were deleted. The same ``cle`` may be posted again afterwards.
    """
    number, _by_model = Courriel.objects.about(sujet).waiting().filter(modele__in=modeles).delete()
    return number


def post_all(letters: Sequence[tuple[str, str, Model | None, dict[str, Any]]], *, modele: str) -> None:
    """Writes many messages that nothing told yet, ``[(cle, address, sujet, contexte)]``: one task sends them, over one
    connection, once the transaction is committed."""
    if _silent.get() or not letters:
        return
    domain = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    rows = [
        Courriel(
            cle=cle,
            modele=modele,
            sujet=sujet,
            destinataires=[address],
            contexte=contexte,
            message_id=make_msgid(domain=domain),
        )
        for cle, address, sujet, contexte in letters
    ]
    pks = [courriel.pk for courriel in Courriel.objects.bulk_create(rows, batch_size=100)]
    transaction.on_commit(lambda: envoyer_lot.enqueue(pks))


def _enqueue(pk: int, send_after: datetime | None = None) -> None:
    """Now or at ``send_after``, and once more when a worker killed in the middle would have let go of it. A backend that
    can't wait leaves a later message to :func:`send_pending`."""
    deferred = default_task_backend.supports_defer
    if deferred:
        again = (send_after or timezone.now()) + CLAIM + timedelta(minutes=1)
        envoyer_courriel.using(run_after=again).enqueue(pk)
    if deferred or not send_after:
        envoyer_courriel.using(run_after=send_after).enqueue(pk)


@task(priority=10)
def envoyer_courriel(pk: int) -> None:
    """Sends one message if nobody did; a failure is tried again later. Never raises for a mail server's sake."""
    _send(pk)


@task()
def envoyer_lot(pks: list[int]) -> None:
    """Sends many over one connection. Those that a worker leaves when it dies, :func:`send_pending` finds."""
    try:
        with get_connection() as connection:
            for_each(pks, lambda pk: _send(pk, connection))
    except FAILURES as error:  # nobody answers there: what is not sent waits
        for courriel in filter(None, map(_claim, pks)):
            _postpone(courriel, error)


def _send(pk: int, connection: BaseEmailBackend | None = None) -> None:
    courriel = _claim(pk)
    if courriel is None:
        return
    try:
        message = compose(courriel)
        message.connection = connection
        message.send()
    except Obsolete:
        Courriel.objects.filter(pk=pk).update(etat=Envoi.ABANDONNE, erreur="Obsolete", contexte={})
    except FAILURES as error:
        _postpone(courriel, error)
    except Exception as error:  # a wording or a subject that can't be composed: later too, and told
        _postpone(courriel, error)
        raise
    else:
        Courriel.objects.filter(pk=pk).update(etat=Envoi.ENVOYE, envoye=timezone.now(), erreur="", contexte={})


def _claim(pk: int) -> Courriel | None:
    """The message, taken by this worker alone; None when it is sent, given up or in other hands."""
    now = timezone.now()
    taken = (
        Courriel.objects.pending()
        .filter(pk=pk)
        .update(etat=Envoi.EN_COURS, tentatives=F("tentatives") + 1, prochain_essai=now + CLAIM)
    )
    return Courriel.objects.get(pk=pk) if taken else None


def _postpone(courriel: Courriel, error: Exception) -> None:
    """Only the kind of error is kept: what a server says may quote an address."""
    own = Courriel.objects.filter(pk=courriel.pk)
    erreur = type(error).__name__
    logger.warning("mail_not_sent", extra={"error": erreur, "letter": courriel.modele, "tries": courriel.tentatives})
    if courriel.tentatives > len(BACKOFF):
        own.update(etat=Envoi.ABANDONNE, erreur=erreur)
        return
    due = timezone.now() + timedelta(seconds=BACKOFF[courriel.tentatives - 1])
    own.update(etat=Envoi.A_ENVOYER, prochain_essai=due, erreur=erreur)
    if default_task_backend.supports_defer:
        envoyer_courriel.using(run_after=due).enqueue(courriel.pk)


def send_pending() -> int:
    """What a dead worker or a lost task left behind; returns how many messages were looked at."""
    return for_each(list(Courriel.objects.pending().values_list("pk", flat=True)), _send)
