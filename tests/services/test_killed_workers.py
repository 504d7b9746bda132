"""Mails on a real mail server, which refuses, hangs or comes back, and a worker that is killed: pages answer, each mail goes once."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from etapes.carnets import carnet_sending
from etapes.carnets.models import CarnetPage, Diffusion
from fiches.candidatures.models import Appel
from fiches.diffusion import alerts
from fiches.forms import throttle
from fiches.mail import outbox
from fiches.models import Abonnement, Courriel
from fiches.models.enums import Envoi
from tests.factories import CarnetPageFactory, ContentPageFactory, CritereFactory, FichePageFactory
from tests.services.conftest import free_port

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ROOT = Path(__file__).parents[2]
EVERYONE = 40


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    """Mail by SMTP, tasks by the database and its worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 3
    settings.WAGTAILADMIN_BASE_URL = "https://rallynov.test"


@pytest.fixture
def _call(monkeypatch, tree):
    """A site that takes dossiers."""
    ContentPageFactory(parent=tree.home, slug="confidentialite")
    CritereFactory()
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)
    month = timedelta(days=30)
    Appel.objects.create(nom="Appel", ouverture=timezone.now() - month, cloture=timezone.now() + month)


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
    """What the worker does with the tasks that are due, then the periodic work."""
    call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", verbosity=0)
    outbox.send_pending()


def due_now():
    Courriel.objects.update(prochain_essai=timezone.now())
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


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


@pytest.mark.usefixtures("_call")
def test_a_server_that_is_gone_then_back_gets_the_mail_once(settings, mailbox):
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


@pytest.mark.usefixtures("_call")
def test_a_server_that_hangs_holds_no_page(settings):
    with hanging_server() as port:
        settings.EMAIL_PORT = port
        assert ask_for_link() < 2
        work()
    message = Courriel.objects.get()
    assert (message.etat, message.tentatives, message.erreur) == (Envoi.A_ENVOYER, 1, "SMTPServerDisconnected")


@pytest.mark.usefixtures("_call")
def test_a_server_that_refuses_for_a_while_is_asked_again_and_its_words_are_not_kept(mailbox):
    mailbox.refuses = True
    ask_for_link()
    work()
    message = Courriel.objects.get()
    assert (message.etat, message.erreur, mailbox.mails) == (Envoi.A_ENVOYER, "SMTPRecipientsRefused", [])
    mailbox.refuses = False
    due_now()
    work()
    assert len(mailbox.mails) == 1


def follow(number):
    old = timezone.now() - timedelta(days=1)
    Abonnement.objects.bulk_create(
        Abonnement(nature="recherche", courriel=f"a{n}@x.test", confirme_le=old, annonce_le=old) for n in range(number)
    )


def test_followers_are_told_by_the_worker_over_one_connection_and_stop_with_one_click(tree, mailbox):
    follow(30)
    FichePageFactory(parent=tree.fiches, title="L’épicerie")
    alerts.announce()
    work()
    assert sorted(mail.rcpt_tos[0] for mail in mailbox.mails) == sorted(f"a{n}@x.test" for n in range(30))
    assert len({mail.peer for mail in mailbox.mails}) == 1
    message = message_from_bytes(mailbox.mails[0].content, policy=policy.default)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    one_click = message["List-Unsubscribe"].strip(" <>").removeprefix("https://rallynov.test")
    assert "L’épicerie" in message.get_body(("plain",)).get_content()
    answer = Client(enforce_csrf_checks=True).post(one_click, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, Abonnement.objects.count()) == (200, 29)


@pytest.fixture
def issue(tree):
    CarnetPageFactory(parent=tree.carnets, slug="n-7", chapo="Où l’on va.").save_revision().publish()
    old = timezone.now() - timedelta(days=1)
    Abonnement.objects.bulk_create(
        Abonnement(nature="carnets", courriel=f"a{rank}@x.test", confirme_le=old) for rank in range(EVERYONE)
    )
    return CarnetPage.objects.get(slug="n-7")


def receivers(mailbox):
    return Counter(mail.rcpt_tos[0] for mail in mailbox.mails)


@pytest.fixture
def killer(mailbox):
    """``killer(worker, after=10, taken=True)``: the worker dies as the server takes that mail, or just before."""
    take = mailbox.handle_DATA

    def arm(worker, *, after, taken):
        async def handle_data(server, session, envelope):
            last = len(mailbox.mails) == after - 1 and worker.poll() is None
            if last and not taken:
                worker.send_signal(signal.SIGKILL)
                return "451 4.3.0 too late"
            answer = await take(server, session, envelope)
            if last:
                worker.send_signal(signal.SIGKILL)
            return answer

        mailbox.handle_DATA = handle_data

    yield arm
    mailbox.handle_DATA = take


def resume_sending():
    """What the periodic work does, once the dead worker's claim is over."""
    due_now()
    work()
    outbox.send_pending()


@pytest.mark.parametrize("taken", [False, True])
def test_a_worker_killed_in_the_middle_is_followed_by_another_and_nobody_gets_it_twice(
    issue, mailbox, killer, settings, taken
):
    """Killed between the server's taking a mail and our mark, it sends that one again under the same Message-ID, by which
    mail programs know it; that is as far as SMTP allows. Killed anywhere else, nobody gets two."""
    carnet_sending.launch(issue, objet="Carnet", by=None)
    command = [sys.executable, "manage.py", "db_worker", "--no-startup-delay"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment(settings.EMAIL_PORT))
    killer(worker, after=10, taken=taken)
    assert worker.wait(120) == -signal.SIGKILL
    in_hand = Courriel.objects.get(etat=Envoi.EN_COURS)
    assert len(mailbox.mails) == (10 if taken else 9)
    resume_sending()
    got = receivers(mailbox)
    assert set(got) == {f"a{rank}@x.test" for rank in range(EVERYONE)}
    twice = {address for address, number in got.items() if number > 1}
    assert twice == (set(in_hand.destinataires) if taken else set())
    same = [mail for mail in mailbox.mails if in_hand.message_id.encode() in mail.content]
    assert len(same) == (2 if taken else 1)
    resume_sending()
    assert receivers(mailbox) == got
    assert carnet_sending.progress(Diffusion.objects.get()) == (EVERYONE, EVERYONE, 0, 0)
