"""What staff do with webhooks on their screen."""

import re

import pytest
from wagtail.models import ModelLogEntry

from fiches.diffusion.models import EtatDeLivraison, Livraison, Webhook
from tests.diffusion import receveur
from tests.factories import UserFactory

INDEX = "/admin/webhooks/abonnes/"
NEW = f"{INDEX}new/"


@pytest.fixture
def editor(client, settings, epicerie, django_capture_on_commit_callbacks):
    """A member of the editors, whose every request is committed."""
    settings.RALLYNOV_WEBHOOKS_LOOPBACK = True
    client.force_login(UserFactory(role="redaction"))

    def post(address, **data):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(address, data)
        return client.get(answer.url) if answer.status_code == 302 else answer

    client.do = post
    return client


def test_from_a_subscription_to_a_test_and_a_pause(editor, receiver, epicerie):
    page = editor.do(NEW, nom="Réseau", adresse=receiver.address, actif="on")
    secret = re.search(r'value="(whsec_[^"]+)"', page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    webhook = Webhook.objects.get()
    assert secret.removeprefix("whsec_") not in str(Webhook.objects.values().get())
    assert ModelLogEntry.objects.filter(action="wagtail.create", object_id=webhook.pk).count() == 1
    form = f"{INDEX}edit/{webhook.pk}/"
    assert secret not in editor.get(form).content.decode()

    receiver.behave = receveur.answer(503)
    log = editor.do(f"{INDEX}tester/{webhook.pk}/").content.decode()
    assert "L’essai est envoyé" in log and "503" in log
    assert receiver.bodies[0]["type"] == "test"
    assert Livraison.objects.get().etat == EtatDeLivraison.ABANDONNEE  # a test is tried once

    receiver.behave = receveur.accept
    editor.do(form, nom="Réseau", adresse=receiver.address)
    epicerie.title = "Autre"
    epicerie.save_revision().publish()
    assert len(receiver.bodies) == 1
    editor.do(form, nom="Réseau", adresse=receiver.address, actif="on")
    assert [body["type"] for body in receiver.bodies[1:]] == ["fiche.modifiee"]


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("adresse", "https://10.0.0.1/crochet", "n’est pas accessible au public"),
        ("adresse", "ftp://abonne.example/", "https://"),
        ("nom", "", "obligatoire"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(editor, field, typed, message):
    data = {"nom": "Réseau", "adresse": "https://abonne.example/", field: typed}
    page = editor.do(NEW, **data)
    assert page.status_code == 200 and not Webhook.objects.exists()
    assert message in str(page.context["form"].errors[field])
    assert page.context["form"][field].value() == typed


def test_a_webhook_that_is_deleted_takes_its_log_along(editor, receiver):
    webhook = Webhook.objects.create(nom="Réseau", adresse=receiver.address)
    Livraison.objects.create(webhook=webhook, evenement="test")
    editor.do(f"{INDEX}delete/{webhook.pk}/")
    assert not Webhook.objects.exists() and not Livraison.objects.exists()


@pytest.mark.parametrize("role", ["partenaire", "moderation"])
def test_others_neither_see_nor_act(client, tree, role):
    webhook = Webhook.objects.create(nom="Réseau", adresse="https://abonne.example/")
    client.force_login(UserFactory(role=role))
    assert client.post(f"{INDEX}tester/{webhook.pk}/").status_code == 302
    assert not Livraison.objects.exists()
    for address in (INDEX, f"{INDEX}edit/{webhook.pk}/", "/admin/webhooks/journal/"):
        assert client.get(address).status_code == 302
