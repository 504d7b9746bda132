"""Alerts on a real mail server: one connection for a batch, what the server took once, and the one-click headers."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from fiches.diffusion.models import Suivi
from fiches.models import Courriel
from fiches.models.enums import Envoi
from tests.factories import FichePageFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 3
    settings.WAGTAILADMIN_BASE_URL = "https://rallynov.test"


def work():
    call_command("db_worker", "--batch", "--no-startup-delay", "-v0")


def follow(number):
    old = timezone.now() - timedelta(days=1)
    Suivi.objects.bulk_create(
        Suivi(courriel=f"a{n}@x.test", question="", marque="", rythme="publication", confirme_le=old)
        for n in range(number)
    )


def test_followers_are_told_by_the_worker_over_one_connection_and_stop_with_one_click(tree, mailbox):
    follow(30)
    FichePageFactory(parent=tree.fiches, title="L’épicerie")
    work()
    assert sorted(mail.rcpt_tos[0] for mail in mailbox.mails) == sorted(f"a{n}@x.test" for n in range(30))
    assert len({mail.peer for mail in mailbox.mails}) == 1
    message = message_from_bytes(mailbox.mails[0].content, policy=policy.default)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    one_click = message["List-Unsubscribe"].strip(" <>").removeprefix("https://rallynov.test")
    assert "L’épicerie" in message.get_body(("plain",)).get_content()
    answer = Client(enforce_csrf_checks=True).post(one_click, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, Suivi.objects.count()) == (200, 29)


def test_a_server_that_is_down_loses_no_alert_and_sends_none_twice(tree, mailbox, settings):
    up, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    follow(3)
    FichePageFactory(parent=tree.fiches)
    work()
    assert list(Courriel.objects.values_list("etat", flat=True)) == [Envoi.A_ENVOYER] * 3
    settings.EMAIL_PORT = up
    Courriel.objects.update(prochain_essai=timezone.now())
    call_command("echeances", verbosity=0)
    call_command("echeances", verbosity=0)
    work()
    assert len(mailbox.mails) == 3
    assert list(Courriel.objects.values_list("etat", flat=True)) == [Envoi.ENVOYE] * 3
