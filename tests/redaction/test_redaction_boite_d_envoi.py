"""The outbox in the admin: what will leave, to whom and when, and how one mail is stopped before it leaves."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from fiches.admin.dashboard import lines_for
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.candidatures.submission import refuse_dossier
from fiches.mail.outbox import post, send_pending
from fiches.models import Courriel
from fiches.models.enums import Envoi
from tests.factories import UserFactory
from tests.redaction.seen_text import text

pytestmark = pytest.mark.django_db

OUTBOX = "/admin/redaction/courriels/"


@pytest.fixture
def editor_client(client, tree):
    client.force_login(UserFactory(role="redaction"))
    return client


def queue_mail(cle="un", modele="carnet_essai", to="anne@x.test", **more):
    values = {"objet": "Le carnet", "texte": "Bonjour.", "html": "<p>Bonjour.</p>"}
    return post(cle, modele=modele, destinataires=[to], contexte=values, **more)


def keys_listed(client, **query):
    return [each.cle for each in client.get(OUTBOX, query).context["object_list"]]


def test_what_will_leave_is_listed_with_to_whom_and_when_the_next_first(editor_client):
    later = timezone.now() + timedelta(minutes=10)
    queue_mail("plus-tard", send_after=later)
    queue_mail("tout-de-suite", to="bruno@x.test")
    Courriel.objects.filter(pk=queue_mail("parti").pk).update(etat=Envoi.ENVOYE, envoye=timezone.now())
    assert keys_listed(editor_client) == ["tout-de-suite", "plus-tard"]
    page = text(editor_client.get(OUTBOX))
    assert "Carnets de route : un essai bruno@x.test dès que possible" in page
    assert f"anne@x.test {timezone.localtime(later):%-d} " in page
    assert keys_listed(editor_client, etat="envoye") == ["parti"]
    assert keys_listed(editor_client, q="bruno") == ["tout-de-suite"]
    assert keys_listed(editor_client, modele="accuse") == []


def test_a_stopped_mail_does_not_leave_and_can_be_sent_after_all(editor_client, django_capture_on_commit_callbacks):
    courriel = queue_mail()
    answer = editor_client.post(f"{OUTBOX}{courriel.pk}/", {"arreter": ""}, follow=True)
    assert "est arrêté : il ne partira pas" in text(answer)
    send_pending()
    assert mail.outbox == []
    assert (
        keys_listed(editor_client),
        keys_listed(editor_client, etat="arrete"),
        keys_listed(editor_client, etat="refuse"),
    ) == ([], ["un"], [])
    with django_capture_on_commit_callbacks(execute=True):
        editor_client.post(f"{OUTBOX}{courriel.pk}/", {"envoyer": ""})
    assert [(message.to, message.subject) for message in mail.outbox] == [(["anne@x.test"], "[Essai] Le carnet")]


def test_a_mail_that_has_left_or_is_leaving_is_not_stopped(editor_client):
    courriel = queue_mail()
    for state in (Envoi.ENVOYE, Envoi.EN_COURS):
        Courriel.objects.update(etat=state, prochain_essai=timezone.now() + timedelta(minutes=9))
        answer = editor_client.post(f"{OUTBOX}{courriel.pk}/", {"arreter": ""}, follow=True)
        assert f"est « {state.label} »" in text(answer)
        assert Courriel.objects.get().etat == state


def test_all_the_mails_of_the_list_are_stopped_and_no_other(editor_client):
    for number in range(3):
        queue_mail(f"carnet:{number}", to=f"a{number}@x.test")
    queue_mail("autre", modele="refuse", to="b@x.test")
    page = editor_client.get(OUTBOX, {"modele": "carnet_essai"})
    assert "Arrêter les 3 courriels de cette liste" in text(page)
    assert f'action="{OUTBOX}?modele=carnet_essai"' in page.content.decode()
    answer = editor_client.post(f"{OUTBOX}?modele=carnet_essai", follow=True)
    assert "3 courriels sont arrêtés" in text(answer)
    assert keys_listed(editor_client) == ["autre"]


def test_a_refused_mail_is_told_on_the_home_page_and_tried_again(editor_client, django_capture_on_commit_callbacks):
    courriel = queue_mail()
    Courriel.objects.update(etat=Envoi.REFUSE, erreur="SMTPRecipientsRefused", tentatives=9)
    user = UserFactory(role="redaction")
    lines = {line.label: (line.number, line.address) for line in lines_for(user)}
    assert lines["courriel refusé par le serveur"] == (1, f"{OUTBOX}?etat=refuse")
    assert "refusé par le serveur de courriel après 9 essais sans succès (SMTPRecipientsRefused)" in text(
        editor_client.get(OUTBOX, {"etat": "refuse"})
    )
    with django_capture_on_commit_callbacks(execute=True):
        editor_client.post(f"{OUTBOX}{courriel.pk}/", {"envoyer": ""})
    assert [message.to for message in mail.outbox] == [["anne@x.test"]]
    assert keys_listed(editor_client, etat="refuse") == []


def test_a_mail_that_was_no_longer_needed_is_no_failure(editor_client):
    queue_mail()
    Courriel.objects.update(etat=Envoi.PERIME)
    assert (
        keys_listed(editor_client),
        keys_listed(editor_client, etat="refuse"),
        keys_listed(editor_client, etat="arrete"),
    ) == ([], [], [])
    editor_client.post(f"{OUTBOX}{Courriel.objects.get().pk}/", {"envoyer": ""})
    assert Courriel.objects.get().etat == Envoi.PERIME


@pytest.mark.parametrize("state", [Envoi.ENVOYE, Envoi.A_ENVOYER, Envoi.PERIME])
def test_a_mail_that_is_neither_stopped_nor_refused_is_not_sent_and_its_state_is_said(editor_client, state):
    courriel = queue_mail()
    Courriel.objects.update(etat=state)
    answer = editor_client.post(f"{OUTBOX}{courriel.pk}/", {"envoyer": ""}, follow=True)
    assert f"est « {state.label} »" in text(answer)
    assert Courriel.objects.get().etat == state


def test_a_refusal_whose_mail_was_stopped_is_told_as_such_and_can_be_taken_back(client, tree):
    dossier = Dossier.objects.create(courriel="a@b.example", soumis=timezone.now())
    moderation = UserFactory(role="moderation")
    refuse_dossier(dossier=dossier, reason="Hors du sujet.", by=moderation)
    client.force_login(moderation)
    client.post(f"{OUTBOX}{Courriel.objects.get().pk}/", {"arreter": ""})
    assert Courriel.objects.get().etat == Envoi.ARRETE
    address = f"/admin/candidatures/dossiers/{dossier.pk}/"
    assert f"Courriel « Refusé » : {Envoi.ARRETE.label}" in text(client.get(address))
    client.post(f"{address}rouvrir/")
    assert Dossier.objects.get().etat == Etat.RECU
    assert not Courriel.objects.filter(modele="refuse").exists()


def test_each_role_sees_and_stops_only_the_mails_of_its_own_work(client, tree):
    dossier = queue_mail("d", modele="refuse")
    password = queue_mail("p", modele="mot_de_passe")
    registration = queue_mail("i", modele="inscription_rappel")
    seen = {}
    for role in ("moderation", "redaction", "admin"):
        client.force_login(UserFactory(role=role))
        seen[role] = set(keys_listed(client))
    assert seen == {"moderation": {"d"}, "redaction": {"d", "i"}, "admin": {"d", "i", "p"}}
    client.force_login(UserFactory(role="moderation"))
    assert client.post(f"{OUTBOX}{registration.pk}/", {"arreter": ""}).status_code == 404
    client.post(OUTBOX)
    assert {each.cle for each in Courriel.objects.filter(etat=Envoi.ARRETE)} == {"d"}
    client.force_login(UserFactory(role="partenaire"))
    for answer in (
        client.get(OUTBOX),
        client.post(OUTBOX),
    ):
        assert answer.status_code == 302
    assert client.post(f"{OUTBOX}{password.pk}/", {"arreter": ""}).status_code == 404
    assert dossier and Courriel.objects.leaving().count() == 2
