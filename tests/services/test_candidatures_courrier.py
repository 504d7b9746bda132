"""A mail server that refuses, hangs or comes back, and a worker that is killed: the page answers, the mail goes once."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from fiches.candidatures.models import Appel
from fiches.forms import throttle
from fiches.models import Courriel
from fiches.models.enums import Envoi
from tests.factories import ContentPageFactory, CritereFactory
from tests.services.conftest import free_port
from tests.services.pannes.serveurs import until

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _as_in_production(settings, db, monkeypatch, tree):
    """Mail by SMTP, tasks by the database and its worker; a site that takes dossiers."""
    ContentPageFactory(parent=tree.home, slug="confidentialite")
    CritereFactory()
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 3
    now = timezone.now()
    month = timezone.timedelta(days=30)
    Appel.objects.create(nom="Appel", ouverture=now - month, cloture=now + month)


@contextmanager
def hanging_server():
    """Takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def ask_for_link():
    """Seconds that the page took to answer."""
    client = Client()
    mark = client.get("/candidature/").context["form"]["depart"].value()
    started = time.monotonic()
    answer = client.post("/candidature/", {"courriel": "jeanne@tilleuls.test", "depart": mark})
    assert answer.status_code == 302
    return time.monotonic() - started


def work():
    """What the worker does with the tasks that are due."""
    call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", verbosity=0)


def due_now():
    Courriel.objects.update(prochain_essai=timezone.now())
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


def test_a_server_that_is_gone_then_back_gets_the_mail_once(home_page, settings, mailbox):
    up = settings.EMAIL_PORT
    settings.EMAIL_PORT = free_port()
    assert ask_for_link() < 2
    work()
    assert Courriel.objects.get().erreur == "ConnectionRefusedError"
    settings.EMAIL_PORT = up
    for _again in range(3):
        due_now()
        work()
    assert [mail.rcpt_tos for mail in mailbox.mails] == [["jeanne@tilleuls.test"]]
    message = Courriel.objects.get()
    assert (message.etat, message.tentatives) == (Envoi.ENVOYE, 2)
    assert f"Message-ID: {message.message_id}".encode() in mailbox.mails[0].content


def test_a_server_that_hangs_holds_no_page(home_page, settings):
    with hanging_server() as port:
        settings.EMAIL_PORT = port
        assert ask_for_link() < 2
        work()
    message = Courriel.objects.get()
    assert (message.etat, message.tentatives, message.erreur) == (Envoi.A_ENVOYER, 1, "SMTPServerDisconnected")


def test_a_server_that_refuses_for_a_while_is_asked_again_and_its_words_are_not_kept(home_page, mailbox):
    mailbox.refuses = True
    ask_for_link()
    work()
    message = Courriel.objects.get()
    assert (message.etat, message.erreur, mailbox.mails) == (Envoi.A_ENVOYER, "SMTPRecipientsRefused", [])
    mailbox.refuses = False
    due_now()
    work()
    assert len(mailbox.mails) == 1


def test_a_worker_killed_while_it_sends_loses_nothing(home_page, settings, mailbox):
    up = settings.EMAIL_PORT
    with hanging_server() as port:
        ask_for_link()
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "db_worker", "--no-startup-delay"], cwd=ROOT, env=environment(port)
        )
        until(lambda: Courriel.objects.get().etat == Envoi.EN_COURS, seconds=120)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert Courriel.objects.get().etat == Envoi.EN_COURS
    settings.EMAIL_PORT = up
    due_now()
    call_command("echeances", verbosity=0)
    work()
    assert len(mailbox.mails) == 1
    assert Courriel.objects.get().etat == Envoi.ENVOYE


def environment(port):
    """The worker's own process looks at the tests' database, and at the server that hangs."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": address,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
    }
