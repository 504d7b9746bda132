"""Webhooks: a subscriber hears of exactly what it asked for, signed; whatever it does in return, we are the same."""

import hmac
import json
import time
from base64 import b64decode, b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import PageViewRestriction

from fiches.diffusion import webhooks
from fiches.diffusion.models import EtatDeLivraison, Livraison, Webhook
from fiches.upkeep.retention import delete_too_old
from tests.diffusion import receveur
from tests.diffusion.conftest import FICHE
from tests.factories import FichePageFactory, UserFactory


def publish(commit, fiche, **values):
    for name, value in values.items():
        setattr(fiche, name, value)
    with commit():
        fiche.save_revision().publish()


def due():
    Livraison.objects.update(prochain_essai=timezone.now())
    webhooks.work()


# What a subscriber hears


def test_it_hears_of_a_publication_a_change_and_a_withdrawal(subscribe, receiver, commit, tree, client):
    subscribe()
    with commit():
        fiche = FichePageFactory(parent=tree.fiches, slug="epicerie")
    publish(commit, fiche, title="Un autre titre")
    with commit():
        fiche.unpublish()
    assert receiver.events == [(name, fiche.pk) for name in FICHE]
    assert receiver.bodies[1]["data"]["titre"] == "Un autre titre"
    assert [receiver.bodies[2]["data"]] == client.get("/api/v1/suppressions").json()["items"]


def test_what_it_hears_is_what_the_api_shows(subscribe, receiver, commit, client, epicerie):
    subscribe()
    publish(commit, epicerie, chapo="Un chapô neuf.")
    (body,) = receiver.bodies
    assert body["data"] == client.get("/api/v1/fiches/epicerie").json()
    assert not [marker for marker in ("QZX", "QZY", "contact_courriel") if marker in json.dumps(body)]


@pytest.mark.parametrize("how", ["delete", "restrict", "move", "expire"])
def test_however_a_fiche_goes_it_is_withdrawn(subscribe, receiver, commit, tree, epicerie, how):
    subscribe()
    with commit():
        if how == "delete":
            epicerie.delete()
        elif how == "restrict":
            PageViewRestriction.objects.create(page=tree.fiches, restriction_type=PageViewRestriction.LOGIN)
        elif how == "move":
            PageViewRestriction.objects.create(page=tree.etapes, restriction_type=PageViewRestriction.LOGIN)
            tree.etapes.refresh_from_db()
            epicerie.move(tree.etapes, pos="last-child")
        else:
            type(epicerie).objects.filter(pk=epicerie.pk).update(expire_at=timezone.now())
            from fiches.publications import ledger

            ledger.record("fiche", [epicerie.pk])
    assert [each for each in receiver.events if each[0] in FICHE] == [("fiche.retiree", epicerie.pk)]


def test_what_changes_nothing_shown_is_not_told(subscribe, receiver, commit, epicerie):
    subscribe()
    epicerie.contact_courriel = "autre-QZX@example.org"
    with commit():
        epicerie.save_revision()
        epicerie.save(update_fields=["contact_courriel"])
    assert receiver.events == []


# The signature


def check_signature(secret, headers, body):
    """As any Standard Webhooks library does."""
    key = b64decode(secret.removeprefix("whsec_"))
    headers = {name.lower(): value for name, value in headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = f"v1,{b64encode(hmac.digest(key, signed, sha256)).decode()}"
    return expected in headers["webhook-signature"].split(" ")


def test_a_message_is_signed_with_its_secret_and_the_one_of_the_former_key(
    subscribe, receiver, commit, epicerie, settings
):
    webhook, keys = subscribe(), [settings.SECRET_KEY, "the next key"]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = keys[1], keys[:1]
    publish(commit, epicerie, title="Autre")
    headers, body = receiver.received[0]
    for key in keys:
        secret = webhooks.encode_secret(webhooks.secret_of(webhook.sel, key))
        assert check_signature(secret, headers, body)
        assert not check_signature(secret, headers, body + b" ")
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60


# A subscriber that refuses, hangs, lies

BAD = {
    "refuses": (receveur.answer(400, "en panne"), 400),
    "redirects to the cloud's metadata": (receveur.answer(302, Location="http://169.254.169.254/latest/"), 302),
    "offers a choice": (receveur.answer(300), 300),
    "redirects to itself": (receveur.answer(307, Location="/ailleurs"), 307),
    "hangs": (receveur.hang, None),
    "drips": (receveur.drip_headers, None),
    "never ends its headers": (receveur.endless_headers, None),
    "isn't HTTP": (receveur.talk_nonsense, None),
    "hangs up": (receveur.hang_up, None),
}


@pytest.mark.parametrize("case", BAD)
def test_a_subscriber_that_fails_is_tried_again_later(subscribe, receiver, commit, epicerie, case):
    webhook = subscribe()
    receiver.behave, status = BAD[case]
    started = time.monotonic()
    publish(commit, epicerie, title="Autre")
    assert time.monotonic() - started < 15  # each goes on for longer
    message = Livraison.objects.get()
    assert (message.etat, message.tentatives, message.statut) == (EtatDeLivraison.A_ENVOYER, 1, status)
    wait = (message.prochain_essai - timezone.now()).total_seconds()
    assert webhooks.DELAYS[0] - 5 < wait <= webhooks.DELAYS[0] * 1.25
    assert message.erreur
    assert ("redirection" in message.erreur) == (status in (300, 302, 307))
    assert len(receiver.received) == 1  # no redirect was followed
    receiver.behave = receveur.accept
    with commit():
        due()
    message.refresh_from_db()
    webhook.refresh_from_db()
    assert (message.etat, message.tentatives, message.erreur, webhook.echecs) == (EtatDeLivraison.LIVREE, 2, "", 0)
    ids = {headers["webhook-id"] for headers, _body in receiver.received}
    assert ids == {str(message)}


def test_tries_are_further_and_further_apart_then_given_up(subscribe, receiver, commit, epicerie, monkeypatch):
    monkeypatch.setattr("fiches.upkeep.periodic.random.uniform", lambda _least, most: most)
    now = timezone.now() + timedelta(minutes=1)  # after what is made in the meantime
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(webhooks, "MAX_FAILURES", 100)
    subscribe()
    receiver.behave = receveur.answer(503)
    publish(commit, epicerie, title="Autre")
    waits = []
    for _try in webhooks.DELAYS:
        message = Livraison.objects.get()
        waits.append((message.prochain_essai - now).total_seconds())
        with commit():
            due()
    hour = 3600
    delays = (30, 120, 600, hour / 2, hour, 3 * hour, 6 * hour, 12 * hour, 24 * hour)
    assert waits == [1.25 * delay for delay in delays]
    assert Livraison.objects.get().etat == EtatDeLivraison.ABANDONNEE
    with commit():
        due()
    assert len(receiver.received) == len(webhooks.DELAYS) + 1


def test_a_withdrawal_overtakes_what_waited(subscribe, receiver, commit, epicerie):
    subscribe()
    receiver.behave = receveur.answer(500)
    publish(commit, epicerie, title="Autre")
    receiver.behave = receveur.accept
    with commit():
        epicerie.unpublish()
    with commit():
        due()
    assert receiver.events == [("fiche.modifiee", epicerie.pk), ("fiche.retiree", epicerie.pk)]
    assert Livraison.objects.get().etat == EtatDeLivraison.LIVREE


def test_the_withdrawal_of_a_fiche_that_was_published_again_never_leaves(subscribe, receiver, commit, epicerie):
    subscribe()
    receiver.behave = receveur.answer(500)
    with commit():
        epicerie.unpublish()
    receiver.behave = receveur.accept
    publish(commit, epicerie)
    with commit():
        due()
    assert [name for name, _pk in receiver.events] == ["fiche.retiree", "fiche.modifiee"]
    assert Livraison.objects.get().etat == EtatDeLivraison.LIVREE


# The pause


def test_after_many_failures_in_a_row_it_rests_and_staff_are_told_once(
    subscribe, receiver, commit, tree, epicerie, monkeypatch
):
    monkeypatch.setattr(webhooks, "MAX_FAILURES", 3)
    UserFactory(role="redaction", email="redaction@rallynov.test")
    UserFactory(role="moderation", email="moderation@rallynov.test")
    webhook = subscribe()
    receiver.behave = receveur.answer(500)
    publish(commit, epicerie, title="Autre")
    for _again in range(4):
        with commit():
            due()
    webhook.refresh_from_db()
    assert (webhook.actif, webhook.echecs, len(receiver.received)) == (False, 3, 3)
    told = [message for message in mail.outbox if "Réseau" in message.subject]
    assert [message.to for message in told] == [["redaction@rallynov.test"]]
    assert "3 échecs" in told[0].body and f"/admin/webhooks/abonnes/edit/{webhook.pk}/" in told[0].body


def test_active_again_it_hears_exactly_what_changed_meanwhile(subscribe, receiver, commit, tree, epicerie):
    other, kept = FichePageFactory.create_batch(2, parent=tree.fiches)
    webhook = subscribe()
    with commit():
        webhooks.pause(webhook, 201 * "x")
    assert Webhook.objects.get().motif == 200 * "x"
    publish(commit, epicerie, title="Un")
    publish(commit, epicerie, title="Deux")
    with commit():
        other.unpublish()
        passing = FichePageFactory(parent=tree.fiches)
        new = FichePageFactory(parent=tree.fiches)
    with commit():
        passing.delete()
    assert receiver.events == []
    with commit():
        Webhook.objects.update(actif=True)
        webhooks.work()
    assert sorted(receiver.events) == [
        ("fiche.modifiee", epicerie.pk),
        ("fiche.publiee", new.pk),
        ("fiche.retiree", other.pk),
    ]


def test_the_log_is_forgotten_but_not_what_waits(subscribe, receiver, commit, epicerie):
    webhook = subscribe()
    month = timezone.now() - timedelta(days=30)
    old = month - timedelta(hours=1)
    Livraison.objects.create(webhook=webhook, evenement="test", etat=EtatDeLivraison.LIVREE, cree_le=old)
    waiting = Livraison.objects.create(webhook=webhook, evenement="test", cree_le=old)
    young = month + timedelta(hours=1)
    recent = Livraison.objects.create(webhook=webhook, evenement="test", etat=EtatDeLivraison.LIVREE, cree_le=young)
    delete_too_old()
    assert set(Livraison.objects.all()) == {waiting, recent}
