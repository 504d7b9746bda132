"""A worker killed in the middle of a sending: another goes on, everyone gets the issue, nobody gets it twice."""

import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.utils import timezone

from etapes.carnets import envois
from etapes.carnets.models import Abonne, CarnetPage, Diffusion, EtatDeDiffusion
from fiches.enums import Envoi
from fiches.models import Courriel
from tests.factories import CarnetPageFactory
from tests.services.test_candidatures_courrier import ROOT, due_now, environment, work

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
EVERYONE = 40


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 3


@pytest.fixture
def issue(tree):
    CarnetPageFactory(parent=tree.carnets, slug="n-7", chapo="Où l’on va.").save_revision().publish()
    old = timezone.now() - timezone.timedelta(days=1)
    Abonne.objects.bulk_create(
        Abonne(courriel=f"a{rank}@x.test", mention="J’accepte.", confirme_le=old) for rank in range(EVERYONE)
    )
    return CarnetPage.objects.get(slug="n-7")


def receivers(mailbox):
    return Counter(mail.rcpt_tos[0] for mail in mailbox.mails)


def test_a_worker_killed_in_the_middle_is_followed_by_another_and_nobody_gets_it_twice(issue, mailbox, settings):
    """Killed while a mail is on its way: the server may have taken that one, and takes it again under its Message-ID."""
    envois.launch(issue, objet="Carnet", by=None)
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "db_worker", "--no-startup-delay"], cwd=ROOT, env=environment(settings.EMAIL_PORT)
    )
    try:
        for _attempt in range(600):
            if len(mailbox.mails) >= 10:
                break
            time.sleep(0.02)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    before = len(mailbox.mails)
    assert 10 <= before < EVERYONE
    in_hand = set(Courriel.objects.filter(etat=Envoi.EN_COURS).values_list("message_id", flat=True))
    assert len(in_hand) <= 1
    due_now()
    envois.resume()
    work()
    got = receivers(mailbox)
    assert set(got) == {f"a{rank}@x.test" for rank in range(EVERYONE)}
    twice = [mail for mail in mailbox.mails if got[mail.rcpt_tos[0]] > 1]
    assert all(any(key.encode() in mail.content for key in in_hand) for mail in twice)
    assert len(twice) in (0, 2)
    due_now()
    envois.resume()
    work()
    assert receivers(mailbox) == got
    diffusion = Diffusion.objects.get()
    assert (diffusion.etat, diffusion.partis, diffusion.perdus) == (EtatDeDiffusion.TERMINEE, EVERYONE, 0)


def test_two_workers_at_once_write_each_copy_once(issue, mailbox):
    envois.launch(issue, objet="Carnet", by=None)
    envois.resume()
    envois.resume()
    work()
    assert set(receivers(mailbox).values()) == {1}
    assert len(mailbox.mails) == EVERYONE
