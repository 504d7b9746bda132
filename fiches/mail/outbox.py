"""The outbox: mails are stored in the transaction that causes them, and sent by the worker after the commit.

A mail may be sent twice only if a worker dies between the SMTP server's answer and the database update; it then has the same
Message-ID.
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
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from fiches.mail.wordings import Obsolete, compose
from fiches.models import Courriel
from fiches.models.enums import Envoi
from fiches.upkeep.periodic import Retries, for_each

logger = logging.getLogger(__name__)

# A message that is given up is shown to the staff with the record it is about.
RETRIES = Retries((60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600), claim=timedelta(minutes=10))

# Seconds in which the same request of a visitor sends one mail.
REPEAT_INTERVAL = 120

# Delay of a mail about a decision, within which the decision can be taken back and the mail deleted.
UNDO = timedelta(minutes=10)

# Mails that one task sends over one connection; other tasks have their turn before the next ones.
SLICE = 200

FAILURES = (OSError, smtplib.SMTPException)


_silent = ContextVar("courrier_silent", default=False)
_delayed = ContextVar("courrier_differe", default=False)


@contextmanager
def silence() -> Iterator[None]:
    """Context manager: :func:`post` and :func:`post_all` do nothing within it, as for the demo's fictitious people."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


@contextmanager
def delayed() -> Iterator[None]:
    """Context manager: messages posted within it without ``send_after`` leave after :data:`UNDO`."""
    token = _delayed.set(True)
    try:
        yield
    finally:
        _delayed.reset(token)


def request_slot() -> str:
    """Returns the number of the current interval of REPEAT_INTERVAL seconds. In the key of a mail, it lets one mail leave in each
    interval, however often the mail is asked for."""
    return str(int(timezone.now().timestamp() // REPEAT_INTERVAL))


def admin_url(path: str) -> str:
    """Returns the absolute URL of a path of the site (WAGTAILADMIN_BASE_URL)."""
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
    """Stores a message, to be sent once the transaction is committed.

    :param cle: idempotency key: posting the same key again has no effect.
    :param modele: the name of a mail, registered with :func:`fiches.mail.wordings.register_letter`.
    :param destinataires: mail addresses; without any, the message is stored and not sent.
    :param sujet: the record that it is about, by which it can be found.
    :param contexte: values of the wording's placeholders, as JSON can hold them.
    :param send_after: aware datetime before which it is not sent; :func:`take_back` can delete it until then.
    :returns: the new or existing message; None within :func:`silence`.
    """
    if _silent.get():
        return None
    if _delayed.get():
        send_after = send_after or timezone.now() + UNDO
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
    if created and courriel.destinataires and not send_after:
        transaction.on_commit(send_due.enqueue)
    return courriel


def take_back(sujet: Model, *, modeles: Iterable[str]) -> int:
    """Deletes the messages of these ``modeles`` about ``sujet`` that no worker has claimed yet, those that staff stopped too.

    :returns: how many were deleted; their ``cle`` may be posted again.
    """
    number, _by_model = Courriel.objects.about(sujet).unsent().filter(modele__in=modeles).delete()
    return number


def stop(courriels: QuerySet) -> int:
    """Stops the messages among ``courriels`` that have not left, and that no worker is sending now; returns how many."""
    unclaimed = Q(etat=Envoi.A_ENVOYER) | Q(etat=Envoi.EN_COURS, prochain_essai__lte=timezone.now())
    return courriels.filter(unclaimed).update(etat=Envoi.ARRETE)


def send_after_all(courriel: Courriel) -> bool:
    """Queues a stopped or refused message again, with no failed attempts. Returns False for any other message."""
    anew = {"etat": Envoi.A_ENVOYER, "tentatives": 0, "erreur": "", "prochain_essai": timezone.now()}
    changed = Courriel.objects.filter(pk=courriel.pk, etat__in=[Envoi.ARRETE, Envoi.REFUSE]).update(**anew)
    if changed:
        transaction.on_commit(send_due.enqueue)
    return bool(changed)


def post_all(letters: Sequence[tuple[str, str, Model | None, dict[str, Any]]], *, modele: str) -> None:
    """Stores many new messages, to be sent once the transaction is committed.

    :param letters: ``[(cle, address, sujet, contexte)]``; each ``cle`` must be new.
    """
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
    Courriel.objects.bulk_create(rows, batch_size=100)
    transaction.on_commit(send_due.enqueue)


@task(priority=10)
def send_due() -> None:
    """Task: sends one slice of what is due now, then asks for the next. The periodic work sends what is due later, and what a dead
    worker left."""
    send_pending()


def send_pending() -> int:
    """Periodic work: sends the newest SLICE of the messages that are due over one connection; returns how many there were.

    The others follow in a task: a single message does not wait behind all copies of an issue. A failure of the mail server is
    retried later, not raised.
    """
    pks = sorted(Courriel.objects.pending().order_by("-pk").values_list("pk", flat=True)[:SLICE])
    connection = get_connection()
    try:
        if pks:
            connection.open()
    except FAILURES as error:  # the server doesn't answer: retry all later
        for courriel in filter(None, map(_claim, pks)):
            _postpone(courriel, error)
        return 0
    try:
        return for_each(pks, lambda pk: _send(pk, connection))
    finally:
        connection.close()
        if Courriel.objects.pending().exists():
            send_due.using(priority=0).enqueue()


def _send(pk: int, connection: BaseEmailBackend) -> None:
    courriel = _claim(pk)
    if courriel is None:
        return
    try:
        message = compose(courriel)
        message.connection = connection
        message.send()
    except Obsolete:
        Courriel.objects.filter(pk=pk).update(etat=Envoi.PERIME, contexte={})
    except FAILURES as error:
        _postpone(courriel, error)
        connection.close()  # Django would send the next ones over a connection that is perhaps lost; closed, it opens again
    except Exception as error:  # the mail can't be composed: retry later too, but report the error
        _postpone(courriel, error)
        raise
    else:
        Courriel.objects.filter(pk=pk).update(etat=Envoi.ENVOYE, envoye=timezone.now(), erreur="", contexte={})


def _claim(pk: int) -> Courriel | None:
    """Marks a message as being sent by this worker and returns it; None when it is sent, given up or claimed by another."""
    is_taken = RETRIES.begin(Courriel.objects.pending().filter(pk=pk), etat=Envoi.EN_COURS)
    return Courriel.objects.get(pk=pk) if is_taken else None


def _postpone(courriel: Courriel, error: Exception) -> None:
    """Schedules the next try, or gives the message up after the last one.

    Stores only the error's type, since its text may contain an address.
    """
    erreur = type(error).__name__
    logger.warning("mail_not_sent", extra={"error": erreur, "letter": courriel.modele, "tries": courriel.tentatives})
    due = RETRIES.next_try(courriel.tentatives)
    state = {"etat": Envoi.A_ENVOYER, "prochain_essai": due} if due else {"etat": Envoi.REFUSE}
    Courriel.objects.filter(pk=courriel.pk).update(erreur=erreur, **state)
