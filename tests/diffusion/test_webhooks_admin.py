"""What staff do with webhooks on their screen."""

import re

import pytest
from wagtail.models import ModelLogEntry

from fiches.diffusion.models import Livraison, Webhook
from fiches.diffusion.webhooks import webhook_actions
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


def test_from_a_subscription_to_a_message_sent_again(editor, receiver, epicerie):
    page = editor.do(
        NEW,
        nom="Réseau",
        adresse=receiver.address,
        evenements=["fiche.publiee", "fiche.retiree"],
    )
    secret = re.search(r'value="(whsec_[^"]+)"', page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    webhook = Webhook.objects.get()
    assert webhook.connues.count() == 1
    assert ModelLogEntry.objects.filter(action="wagtail.create", object_id=webhook.pk).count() == 1
    detail = f"{INDEX}{webhook.pk}/"
    assert secret not in editor.get(detail).content.decode()

    shown = editor.do(f"{detail}tester/").content.decode()
    assert "L’essai part" in shown and "livré" in shown
    assert receiver.bodies[0]["type"] == "test"

    message = Livraison.objects.get()
    receiver.behave = receveur.answer(503, "Revenez <b>plus tard</b>")
    address = f"/admin/webhooks/journal/{message.pk}/"
    shown = editor.do(f"{address}renvoyer/").content.decode()
    assert "Revenez &lt;b&gt;plus tard" in shown and "503" in shown

    editor.do(f"{detail}suspendre/")
    assert "En pause" in editor.get(detail).content.decode()
    editor.do(f"{detail}reprendre/")
    webhook.refresh_from_db()
    assert webhook.actif

    page = editor.do(f"{detail}secret/").content.decode()
    assert re.search(r'value="(whsec_[^"]+)"', page)[1] != secret


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("adresse", "https://10.0.0.1/crochet", "n’est pas accessible au public"),
        ("adresse", "ftp://abonne.example/", "https://"),
        ("evenements", [], "obligatoire"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(editor, field, typed, message):
    data = {"nom": "Réseau", "adresse": "https://abonne.example/", "evenements": ["fiche.publiee"], field: typed}
    page = editor.do(NEW, **data)
    assert page.status_code == 200 and not Webhook.objects.exists()
    assert message in str(page.context["form"].errors[field])
    assert "Réseau" in page.content.decode()
    if isinstance(typed, str):
        assert page.context["form"][field].value() == typed


def test_a_webhook_that_is_deleted_takes_its_log_along(editor, receiver):
    webhook = Webhook(nom="Réseau", adresse=receiver.address, evenements=["fiche.retiree"])
    webhook_actions.create(webhook)
    webhook_actions.send_test(webhook)
    editor.do(f"{INDEX}delete/{webhook.pk}/")
    assert not Webhook.objects.exists() and not Livraison.objects.exists()


@pytest.mark.parametrize("role", ["partenaire", "moderation"])
def test_others_neither_see_nor_act(client, tree, role):
    webhook = Webhook(nom="Réseau", adresse="https://abonne.example/", evenements=["fiche.retiree"])
    webhook_actions.create(webhook)
    message = webhook_actions.send_test(webhook)
    client.force_login(UserFactory(role=role))
    for address in (f"{INDEX}{webhook.pk}/suspendre/", f"/admin/webhooks/journal/{message.pk}/renvoyer/"):
        assert client.post(address).status_code == 302
    for address in (INDEX, f"{INDEX}{webhook.pk}/", "/admin/webhooks/journal/"):
        assert client.get(address).status_code == 302
    webhook.refresh_from_db()
    assert webhook.actif
