"""A worker killed in the middle of a sending: another goes on, everyone gets the issue, nobody gets it twice."""

import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.utils import timezone

from etapes.carnets import carnet_sending
from etapes.carnets.models import Abonne, CarnetPage, Diffusion, EtatDeDiffusion
from fiches.mail import outbox
from fiches.models import Courriel
from fiches.models.enums import Envoi
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
    carnet_sending.resume()
    work()
    outbox.send_pending()
    carnet_sending.resume()


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
    diffusion = Diffusion.objects.get()
    assert (diffusion.etat, diffusion.partis, diffusion.perdus) == (EtatDeDiffusion.TERMINEE, EVERYONE, 0)


def test_two_workers_at_once_write_each_copy_once(issue, mailbox):
    carnet_sending.launch(issue, objet="Carnet", by=None)
    carnet_sending.resume()
    carnet_sending.resume()
    work()
    assert set(receivers(mailbox).values()) == {1}
    assert len(mailbox.mails) == EVERYONE
