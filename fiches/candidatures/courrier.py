"""The outbox: a fact is written down with what caused it, and told once, by the worker, after the commit."""

import smtplib
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django_tasks import default_task_backend, task

from fiches.candidatures.courriels import compose
from fiches.candidatures.enums import Envoi, Usage
from fiches.candidatures.jetons import mint
from fiches.candidatures.models import Dossier, Message

BACKOFF = (60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
"""Seconds before each new try; after the last one the message is given up, and staff see it in the dossier."""

CLAIM = timedelta(minutes=10)
"""A worker that took a message and says nothing for so long is dead."""

FAILURES = (OSError, smtplib.SMTPException)


_silent = ContextVar("candidatures_silent", default=False)


@contextmanager
def silence():
    """Meanwhile nothing is written: examples have no mailbox."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def absolute(path):
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path


def post(cle, *, modele, destinataires, dossier=None, contexte=None):
    """Writes a message, to be sent once the transaction is committed. The same ``cle`` again changes nothing."""
    if _silent.get():
        return None
    domain = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    message, created = Message.objects.get_or_create(
        cle=cle,
        defaults={
            "modele": modele,
            "dossier": dossier,
            "destinataires": sorted(set(destinataires)),
            "contexte": contexte or {},
            "message_id": make_msgid(domain=domain),
        },
    )
    if created and message.destinataires:
        transaction.on_commit(lambda: _enqueue(message.pk))
    return message


def _enqueue(pk):
    """Now, and once more when a worker killed in the middle would have let go of it."""
    envoyer_courriel.enqueue(pk)
    if default_task_backend.supports_defer:
        envoyer_courriel.using(run_after=timezone.now() + CLAIM + timedelta(minutes=1)).enqueue(pk)


def tell_staff(dossier, fait, *, cle):
    """Tells the one who holds the dossier; without one, the day's summary tells the others."""
    if dossier.responsable and dossier.responsable.is_active and dossier.responsable.email:
        post(
            cle,
            modele="equipe",
            destinataires=[dossier.responsable.email],
            dossier=dossier,
            contexte={"fait": fait, "adresse": absolute(reverse("dossiers:detail", args=[dossier.pk]))},
        )


@task(priority=10)
def envoyer_courriel(message_pk):
    """Sends one message if nobody did; a failure is tried again later. Never raises for a mail server's sake."""
    message = _claim(message_pk)
    if message is None:
        return
    try:
        _compose(message).send()
    except FAILURES as error:
        _postpone(message, error)
    else:
        Message.objects.filter(pk=message.pk).update(etat=Envoi.ENVOYE, envoye=timezone.now(), erreur="", contexte={})


def _claim(pk):
    """The message, taken by this worker alone; None when it is sent, given up or in other hands."""
    now = timezone.now()
    taken = (
        Message.objects.pending()
        .filter(pk=pk)
        .update(etat=Envoi.EN_COURS, tentatives=F("tentatives") + 1, prochain_essai=now + CLAIM)
    )
    return Message.objects.select_related("dossier").get(pk=pk) if taken else None


def _postpone(message, error):
    """Only the kind of error is kept: what a server says may quote an address."""
    erreur = type(error).__name__
    if message.tentatives > len(BACKOFF):
        Message.objects.filter(pk=message.pk).update(etat=Envoi.ABANDONNE, erreur=erreur)
        return
    due = timezone.now() + timedelta(seconds=BACKOFF[message.tentatives - 1])
    Message.objects.filter(pk=message.pk).update(etat=Envoi.A_ENVOYER, prochain_essai=due, erreur=erreur)
    if default_task_backend.supports_defer:
        envoyer_courriel.using(run_after=due).enqueue(message.pk)


def send_pending():
    """What a dead worker or a lost task left behind; returns how many messages were looked at."""
    pks = list(Message.objects.pending().values_list("pk", flat=True))
    for pk in pks:
        envoyer_courriel.call(pk)
    return len(pks)


def _compose(message):
    return compose(
        message.modele,
        contexte=_context(message),
        destinataires=message.destinataires,
        message_id=message.message_id,
    )


def _context(message):
    """The stored context, with links made now: their secrets exist in the mail and nowhere else."""
    contexte = dict(message.contexte)
    dossier = message.dossier
    if message.modele == "lien":
        dossiers = Dossier.objects.filter(pk__in=contexte.pop("dossiers"))
        contexte["liens"] = "\n\n".join(_link_line(dossier) for dossier in dossiers)
    if dossier is None:
        return contexte
    contexte.setdefault("numero", dossier.numero or "")
    contexte.setdefault("organisation", dossier.organisation)
    if message.modele == "bon_a_tirer":
        contexte["lien"] = absolute(reverse("candidature_bon_a_tirer", args=[mint(dossier, usage=Usage.BON_A_TIRER)]))
    elif message.modele not in {"equipe", "recapitulatif", "lien"}:
        contexte["lien"] = link_to(dossier)
    return contexte


def link_to(dossier):
    """A new private address of the dossier."""
    return absolute(reverse("candidature_dossier", args=[mint(dossier)]))


def _link_line(dossier):
    name = dossier.titre or dossier.organisation or str(dossier)
    return f"{name} ({dossier.get_etat_display()})\n{link_to(dossier)}"
