"""An issue is sent once to each subscriber, whatever interrupts it."""

from email import policy
from email.parser import BytesParser

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from etapes.carnets import carnet_sending
from etapes.carnets.models import Diffusion
from fiches.mail.outbox import send_pending
from fiches.models import Abonnement, Courriel
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(db):
    return UserFactory(role="redaction")


@pytest.fixture
def launch_sending(carnet, sender, subscribe, django_capture_on_commit_callbacks):
    """``launch_sending(3)``: sent to three subscribers, as the worker does."""

    def send(number):
        subscribe(number)
        with django_capture_on_commit_callbacks(execute=True):
            return carnet_sending.launch(carnet, objet="Carnet n° 7", by=sender)

    return send


def parsed(message):
    return BytesParser(policy=policy.default).parsebytes(message.message().as_bytes())


def test_each_subscriber_gets_one_mail_with_its_own_stop_and_the_one_click_headers(launch_sending, carnet):
    launch_sending(3)
    assert sorted(message.to[0] for message in mail.outbox) == ["a0@x.test", "a1@x.test", "a2@x.test"]
    stops = set()
    for message in map(parsed, mail.outbox):
        html, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
        stop = message["List-Unsubscribe"].strip(" <>")
        stops.add(stop)
        assert message["Subject"] == "Carnet n° 7"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert stop in html
        assert stop in text
        assert "arret.invalid" not in html + text
    assert len(stops) == 3
    assert carnet_sending.progress(Diffusion.objects.get()) == (3, 3, 0, 0)


def test_who_has_not_confirmed_gets_nothing(launch_sending):
    Abonnement.objects.create(nature="carnets", courriel="jamais@x.test", mention="J’accepte.")
    launch_sending(1)
    assert [message.to for message in mail.outbox] == [["a0@x.test"]]


def test_an_issue_is_launched_once(launch_sending, carnet, sender):
    launch_sending(2)
    with pytest.raises(carnet_sending.SendingRefused, match="déjà été envoyé"):
        carnet_sending.launch(carnet, objet="Encore", by=sender)
    assert len(mail.outbox) == 2


def test_a_launch_that_fails_in_the_middle_writes_to_nobody(carnet, sender, subscribe, monkeypatch):
    subscribe(5)
    post_all = carnet_sending.outbox.post_all

    def fail_at_the_end(letters, **options):
        post_all(letters, **options)
        raise RuntimeError("killed")

    monkeypatch.setattr(carnet_sending.outbox, "post_all", fail_at_the_end)
    with pytest.raises(RuntimeError):
        carnet_sending.launch(carnet, objet="Carnet", by=sender)
    assert (Diffusion.objects.count(), Courriel.objects.count()) == (0, 0)


def test_who_leaves_and_comes_back_does_not_get_the_issue_twice(launch_sending):
    launch_sending(1)
    Abonnement.objects.get().delete()
    Abonnement.objects.create(nature="carnets", courriel="a0@x.test", mention="J’accepte.", confirme_le=timezone.now())
    send_pending()
    assert len(mail.outbox) == 1


def test_who_leaves_before_their_copy_does_gets_none(carnet, sender, subscribe):
    subscribe(2)
    carnet_sending.launch(carnet, objet="Carnet", by=sender)
    Abonnement.objects.get(courriel="a0@x.test").delete()
    send_pending()
    assert [message.to for message in mail.outbox] == [["a1@x.test"]]


def test_what_is_not_online_as_it_was_written_is_not_sent(carnet, sender, subscribe):
    with pytest.raises(carnet_sending.SendingRefused, match="Personne"):
        carnet_sending.launch(carnet, objet="Carnet", by=sender)
    subscribe(1)
    carnet.chapo = "Pas encore publié."
    carnet.save_revision()
    with pytest.raises(carnet_sending.SendingRefused, match="Des modifications ne sont pas publiées"):
        carnet_sending.launch(carnet, objet="Carnet", by=sender)
    carnet.unpublish()
    with pytest.raises(carnet_sending.SendingRefused, match="pas en ligne"):
        carnet_sending.launch(carnet, objet="Carnet", by=sender)
    assert not Diffusion.objects.exists()


def test_an_editor_reads_tries_and_sends_from_one_screen(
    client, carnet, sender, subscribe, django_capture_on_commit_callbacks
):
    subscribe(2)
    client.force_login(sender)
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[carnet.pk])).content.decode()
    address = reverse("carnets_envoi", args=[carnet.pk])
    assert address in edit
    page = client.get(address).content.decode()
    assert "L’envoyer à 2 personnes abonnées" in page
    preview = client.get(f"{address}apercu/html/")
    assert "sandbox" in preview["Content-Security-Policy"]
    assert "Où l’on va." in preview.content.decode()
    carnet.chapo = "Un brouillon."
    carnet.save_revision()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{address}essai/", {"essai-objet": "Essayons", "essai-adresse": "relecteur@x.test"})
    [trial] = mail.outbox
    assert (trial.to, trial.subject) == (["relecteur@x.test"], "[Essai] Essayons")
    assert "Un brouillon." in trial.alternatives[0][0]
    carnet.save_revision().publish()
    refused = client.post(f"{address}lancer/", {"envoi-objet": "Le carnet"})
    assert refused.status_code == 422
    assert 'value="Le carnet"' in refused.content.decode()
    assert not Diffusion.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        sent = client.post(f"{address}lancer/", {"envoi-objet": "Le carnet", "envoi-sur": "on"})
    assert sent.url == address
    assert len(mail.outbox) == 3
    page = client.get(address)
    assert "Exemplaires envoyés : <strong>2</strong>" in page.content.decode().replace("\xa0", " ")
    assert "Refresh" not in page


@pytest.mark.parametrize("role", ["", "partenaire", "moderation"])
def test_nobody_else_sees_or_sends(client, carnet, subscribe, role):
    subscribe(1)
    client.force_login(UserFactory(role=role))
    address = reverse("carnets_envoi", args=[carnet.pk])
    for path in ("", "apercu/html/"):
        assert client.get(f"{address}{path}").status_code in (302, 403)
    client.post(f"{address}lancer/", {"envoi-objet": "x", "envoi-sur": "on"})
    assert not Diffusion.objects.exists()


def test_redaction_sees_the_subscribers_and_takes_one_off(client, sender, subscribe):
    subscribe(2)
    client.force_login(sender)
    page = client.get(reverse("abonnes:index")).content.decode()
    assert "a0@x.test" in page
    client.post(reverse("abonnes:delete", args=[Abonnement.objects.get(courriel="a0@x.test").pk]))
    assert [abonne.courriel for abonne in Abonnement.objects.all()] == ["a1@x.test"]
