"""Webhooks: a subscriber hears of exactly what it asked for, signed; whatever it does in return, we are the same."""

import hmac
import json
import time
from base64 import b64decode, b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.utils import timezone
from wagtail.models import PageViewRestriction

from fiches import safe_http
from fiches.diffusion.models import Livraison, Webhook
from fiches.diffusion.models.webhooks import EtatDeLivraison
from fiches.diffusion.webhooks import change_detection, delivery, webhook_actions, webhook_filter
from fiches.upkeep.retention import delete_too_old
from home.models import ContentPage
from tests.diffusion import receveur
from tests.diffusion.conftest import FICHE
from tests.factories import EtapePageFactory, FichePageFactory, UserFactory


def publish(commit, fiche, **values):
    for name, value in values.items():
        setattr(fiche, name, value)
    with commit():
        fiche.save_revision().publish()


def due():
    Livraison.objects.update(prochain_essai=timezone.now())
    delivery.send_pending()


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
    gone = receiver.bodies[2]["data"]
    assert {**gone, "retire_le": None} == {
        "id": fiche.pk,
        "uid": str(fiche.translation_key),
        "type": "fiche",
        "langue": "fr",
        "slug": "epicerie",
        "url": "http://localhost/fiches/epicerie/",
        "retire_le": None,
    }


def test_what_it_hears_is_what_the_api_shows(subscribe, receiver, commit, client, epicerie):
    subscribe()
    publish(commit, epicerie, chapo="Un chapô neuf.")
    (body,) = receiver.bodies
    assert body["data"] == client.get("/api/v1/fiches/epicerie").json()
    assert not [marker for marker in ("QZX", "QZY", "contact_courriel") if marker in json.dumps(body)]


PAGE = ["page.publiee", "page.modifiee", "page.retiree"]


def test_it_hears_of_the_editorial_pages(subscribe, receiver, commit, tree, client):
    subscribe(evenements=PAGE)
    with commit():
        page = tree.home.add_child(instance=ContentPage(title="Mentions légales", slug="mentions", live=False))
        page.save_revision().publish()
        FichePageFactory(parent=tree.fiches)
    page.corps = [{"type": "texte", "value": "<p>L’éditeur a changé.</p>"}]
    publish(commit, page)
    shown = client.get("/api/v1/pages?chemin=/mentions/").json()["items"][0]
    with commit():
        page.unpublish()
    assert receiver.events == [(name, page.pk) for name in PAGE]
    data = receiver.bodies[1]["data"]
    assert (data["titre"], data["texte"], data["type"]) == ("Mentions légales", "L’éditeur a changé.", "page")
    assert data == {name: shown[name] for name in data}
    assert "fil" not in data
    gone = receiver.bodies[2]["data"]
    assert (gone["type"], gone["slug"], gone["url"]) == ("page", "mentions", "http://localhost/mentions/")
    (row,) = client.get("/api/v1/suppressions").json()["items"]
    assert (row["id"], row["type"]) == (page.pk, "page")


def test_it_hears_of_a_change_of_the_home_page_and_of_no_other(subscribe, receiver, commit, tree):
    subscribe(evenements=PAGE)
    publish(commit, tree.home, title="Un autre accueil")
    assert receiver.events == [("page.modifiee", tree.home.pk)]


def test_only_the_fiches_of_its_filter_are_told_and_one_that_leaves_it_is_withdrawn(
    subscribe, receiver, commit, tree, epicerie
):
    subscribe("statut=cooperative&departement=25")
    with commit():
        FichePageFactory(parent=tree.fiches, statut="cooperative", commune_id="39300")
    assert receiver.events == []
    publish(commit, epicerie, statut="association")
    publish(commit, epicerie, chapo="Elle n’est plus une coopérative.")
    publish(commit, epicerie, statut="cooperative")
    assert receiver.events == [("fiche.retiree", epicerie.pk), ("fiche.publiee", epicerie.pk)]


def test_a_criterion_taken_away_withdraws_the_fiche_from_who_filters_by_it(subscribe, receiver, commit, epicerie):
    subscribe("centree-sur=entreprise")
    epicerie.criteres.clear()
    publish(commit, epicerie)
    assert receiver.events == [("fiche.retiree", epicerie.pk)]


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

            ledger.record("fiche", [epicerie.pk], build=True)
    assert receiver.events == [("fiche.retiree", epicerie.pk)]


def test_a_fiche_that_expires_by_itself_is_withdrawn_by_the_periodic_look(
    subscribe, receiver, commit, epicerie, monkeypatch
):
    subscribe()
    publish(commit, epicerie, expire_at=timezone.now() + timedelta(hours=1))
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with commit():
        change_detection.compare_missed()
    assert receiver.events[-1] == ("fiche.retiree", epicerie.pk)


def test_a_partner_s_new_name_changes_its_fiches(subscribe, receiver, commit, epicerie):
    subscribe()
    epicerie.partenaire.nom = "Nom nouveau"
    with commit():
        epicerie.partenaire.save()
    assert receiver.events == [("fiche.modifiee", epicerie.pk)]


def test_what_changes_nothing_shown_is_not_told(subscribe, receiver, commit, epicerie):
    subscribe()
    epicerie.contact_courriel = "autre-QZX@example.org"
    with commit():
        epicerie.save_revision()
        epicerie.save(update_fields=["contact_courriel"])
    assert receiver.events == []


def test_only_the_events_asked_for_are_told(subscribe, receiver, commit, epicerie, tree):
    subscribe(evenements=["fiche.retiree"])
    publish(commit, epicerie, title="Autre")
    with commit():
        epicerie.unpublish()
    assert receiver.events == [("fiche.retiree", epicerie.pk)]


def test_etapes_are_told_to_who_asked(subscribe, receiver, commit, tree):
    subscribe(evenements=["etape.publiee", "etape.modifiee", "etape.retiree"])
    with commit():
        etape = EtapePageFactory(parent=tree.etapes)
        FichePageFactory(parent=tree.fiches)
    with commit():
        etape.unpublish()
    assert receiver.events == [("etape.publiee", etape.pk), ("etape.retiree", etape.pk)]


def test_a_change_whose_announcement_was_lost_is_told_by_the_periodic_look(subscribe, receiver, commit, epicerie):
    subscribe()
    epicerie.title = "Un titre"
    epicerie.save_revision().publish()  # its server died before it told the worker
    assert receiver.events == []
    with commit():
        change_detection.compare_missed()
    with commit():
        change_detection.compare_missed()
    assert receiver.events == [("fiche.modifiee", epicerie.pk)]


@pytest.mark.parametrize("announced", [True, False], ids=["at once", "by the periodic look"])
def test_a_webhook_that_cannot_be_compared_does_not_keep_the_others_from_hearing(
    subscribe, receiver, commit, epicerie, monkeypatch, announced
):
    broken, matching = subscribe("departement=25"), webhook_filter.matching
    subscribe()

    def fail_for_one(webhook, *args):
        if webhook.pk == broken.pk:
            raise RuntimeError("essai")
        return matching(webhook, *args)

    monkeypatch.setattr(webhook_filter, "matching", fail_for_one)
    epicerie.title = "Autre"
    if announced:
        publish(commit, epicerie)
    else:
        epicerie.save_revision().publish()
        with pytest.raises(ExceptionGroup), commit():
            change_detection.compare_missed()
    assert receiver.events == [("fiche.modifiee", epicerie.pk)]


def test_a_changed_filter_publishes_what_comes_in_and_withdraws_what_goes_out(
    subscribe, receiver, commit, epicerie, tree
):
    jura = FichePageFactory(parent=tree.fiches, commune_id="39300")
    webhook = subscribe("departement=25")
    webhook.filtre = "departement=39"
    with commit():
        webhook_actions.change(webhook)
    assert sorted(receiver.events) == [("fiche.publiee", jura.pk), ("fiche.retiree", epicerie.pk)]


# The signature


def check_signature(secret, headers, body):
    """As any Standard Webhooks library does."""
    key = b64decode(secret.removeprefix("whsec_"))
    headers = {name.lower(): value for name, value in headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = f"v1,{b64encode(hmac.digest(key, signed, sha256)).decode()}"
    return expected in headers["webhook-signature"].split(" ")


def test_a_message_is_signed_with_its_secret_which_is_nowhere_in_the_database(subscribe, receiver, commit, epicerie):
    webhook = subscribe()
    publish(commit, epicerie, title="Autre")
    headers, body = receiver.received[0]
    assert check_signature(webhook.secret, headers, body)
    assert not check_signature(webhook.secret, headers, body + b" ")
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    kept = str(Webhook.objects.filter(pk=webhook.pk).values().get())
    assert webhook.secret.removeprefix("whsec_") not in kept


def test_the_old_secret_signs_beside_the_new_one_for_a_week(subscribe, receiver, commit, epicerie):
    webhook = subscribe()
    new = webhook_actions.renew_secret(webhook)
    with pytest.raises(webhook_actions.OldSecretError):  # a second click
        webhook_actions.renew_secret(Webhook.objects.get(pk=webhook.pk))
    publish(commit, epicerie, title="Autre")
    assert len(receiver.received[0][0]["webhook-signature"].split(" ")) == 2
    assert check_signature(new, *receiver.received[0])
    assert check_signature(webhook.secret, *receiver.received[0])
    Webhook.objects.filter(pk=webhook.pk).update(ancien_jusqu_au=timezone.now())
    publish(commit, epicerie, title="Encore autre")
    assert check_signature(new, *receiver.received[1])
    assert not check_signature(webhook.secret, *receiver.received[1])


def test_an_old_secret_that_somebody_else_may_have_is_stopped_at_once(subscribe, receiver, commit, epicerie):
    webhook = subscribe()
    new = webhook_actions.renew_secret(webhook)
    webhook_actions.forget_old_secret(webhook)
    publish(commit, epicerie, title="Autre")
    assert check_signature(new, *receiver.received[0])
    assert not check_signature(webhook.secret, *receiver.received[0])


def test_the_secret_survives_a_new_key_of_the_site_as_long_as_the_old_one_is_known(
    subscribe, receiver, commit, epicerie, settings
):
    webhook = subscribe()
    settings.SECRET_KEY_FALLBACKS = [django_settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    publish(commit, epicerie, title="Autre")
    assert check_signature(webhook.secret, *receiver.received[0])
    settings.SECRET_KEY_FALLBACKS = []
    publish(commit, epicerie, title="Encore")
    webhook.refresh_from_db()
    assert (len(receiver.received), webhook.actif) == (1, False)


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
    assert delivery.DELAYS[0] - 5 < wait <= delivery.DELAYS[0] * 1.25
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


def test_an_answer_without_end_is_cut(subscribe, receiver, commit, epicerie):
    subscribe()
    receiver.behave = receveur.never_end
    publish(commit, epicerie, title="Autre")
    message = Livraison.objects.get()
    assert (message.etat, message.statut, message.reponse) == (EtatDeLivraison.LIVREE, 200, "a" * safe_http.MOST_KEPT)


def test_what_it_answers_is_kept_without_controls(subscribe, receiver, commit, epicerie):
    subscribe()
    receiver.behave = receveur.answer(200, "bien\x00\x1b[31m reçu <script>")
    publish(commit, epicerie, title="Autre")
    assert Livraison.objects.get().reponse == "bien[31m reçu <script>"


def test_tries_are_further_and_further_apart_then_given_up(
    subscribe, receiver, commit, epicerie, settings, monkeypatch
):
    monkeypatch.setattr("fiches.upkeep.retries.random.uniform", lambda _least, most: most)
    now = timezone.now() + timedelta(minutes=1)  # after what is made in the meantime
    monkeypatch.setattr(timezone, "now", lambda: now)
    settings.RALLYNOV_WEBHOOKS_FAILURES = 100
    subscribe()
    receiver.behave = receveur.answer(503)
    publish(commit, epicerie, title="Autre")
    waits = []
    for _try in delivery.DELAYS:
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
    assert len(receiver.received) == len(delivery.DELAYS) + 1


def test_an_attempt_that_staff_make_is_made_once_and_never_pauses_the_webhook(subscribe, receiver, commit):
    webhook = subscribe()
    receiver.behave = receveur.answer(410)
    with commit():
        webhook_actions.send_test(webhook)
    webhook.refresh_from_db()
    assert (Livraison.objects.get().etat, webhook.actif, webhook.echecs) == (EtatDeLivraison.ABANDONNEE, True, 0)


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
    assert sorted(Livraison.objects.values_list("evenement", "etat")) == [
        ("fiche.modifiee", EtatDeLivraison.REMPLACEE),
        ("fiche.retiree", EtatDeLivraison.LIVREE),
    ]


def test_nothing_of_a_withdrawn_fiche_leaves_with_a_message_sent_again(subscribe, receiver, commit, epicerie):
    subscribe()
    publish(commit, epicerie, title="Autre")
    with commit():
        epicerie.unpublish()
    with commit():
        webhook_actions.send_again(Livraison.objects.get(evenement="fiche.modifiee"))
    assert [name for name, _pk in receiver.events] == ["fiche.modifiee", "fiche.retiree"]
    assert Livraison.objects.get(evenement="fiche.modifiee").etat == EtatDeLivraison.REMPLACEE  # tried no more


@pytest.mark.parametrize("how", ["retried", "sent again by the staff"])
def test_the_withdrawal_of_a_fiche_that_was_published_again_never_leaves(subscribe, receiver, commit, epicerie, how):
    subscribe()
    receiver.behave = receveur.answer(500)
    with commit():
        epicerie.unpublish()
    receiver.behave = receveur.accept
    publish(commit, epicerie)
    with commit():
        if how == "retried":
            due()
        else:
            webhook_actions.send_again(Livraison.objects.get(evenement="fiche.retiree"))
    assert [name for name, _pk in receiver.events] == ["fiche.retiree", "fiche.publiee"]
    assert sorted(Livraison.objects.values_list("evenement", "etat")) == [
        ("fiche.publiee", EtatDeLivraison.LIVREE),
        ("fiche.retiree", EtatDeLivraison.REMPLACEE),
    ]


def test_a_withdrawal_being_sent_when_the_fiche_is_published_again_is_not_retried(
    subscribe, receiver, commit, epicerie
):
    subscribe()
    with commit():
        epicerie.unpublish()
    Livraison.objects.update(etat=EtatDeLivraison.EN_COURS)
    publish(commit, epicerie)
    Livraison.objects.filter(evenement="fiche.retiree").update(etat=EtatDeLivraison.A_ENVOYER)
    with commit():
        due()
    assert [name for name, _pk in receiver.events] == ["fiche.retiree", "fiche.publiee"]


def test_two_messages_about_one_page_never_travel_at_once(subscribe, receiver, commit, epicerie):
    subscribe()
    publish(commit, epicerie, title="Autre")
    Livraison.objects.update(etat=EtatDeLivraison.EN_COURS, prochain_essai=timezone.now() + delivery.RETRIES.claim)
    with commit():
        epicerie.unpublish()
    assert [name for name, _pk in receiver.events] == ["fiche.modifiee"]
    wait = Livraison.objects.get(evenement="fiche.retiree").prochain_essai - timezone.now()
    assert timedelta(seconds=20) < wait <= timedelta(minutes=1)
    Livraison.objects.filter(evenement="fiche.modifiee").update(etat=EtatDeLivraison.LIVREE)
    with commit():
        due()
    assert [name for name, _pk in receiver.events] == ["fiche.modifiee", "fiche.retiree"]


# The pause


def test_after_many_failures_in_a_row_it_rests_and_staff_are_told_once(
    subscribe, receiver, commit, tree, epicerie, settings
):
    settings.RALLYNOV_WEBHOOKS_FAILURES = 3
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
    assert "3 échecs" in told[0].body and f"/admin/webhooks/abonnes/{webhook.pk}/" in told[0].body


def test_active_again_it_hears_exactly_what_changed_meanwhile(subscribe, receiver, commit, tree, epicerie):
    other, kept = FichePageFactory.create_batch(2, parent=tree.fiches)
    webhook = subscribe()
    with commit():
        delivery.pause(webhook, why=201 * "x")
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
        webhook_actions.resume(webhook)
    assert sorted(receiver.events) == [
        ("fiche.modifiee", epicerie.pk),
        ("fiche.publiee", new.pk),
        ("fiche.retiree", other.pk),
    ]


def test_one_that_says_that_it_is_gone_rests_at_once(subscribe, receiver, commit, epicerie):
    webhook = subscribe()
    receiver.behave = receveur.answer(410)
    publish(commit, epicerie, title="Autre")
    webhook.refresh_from_db()
    assert not webhook.actif and "410" in webhook.motif


def test_a_filter_that_can_t_be_read_any_more_sends_nothing_and_rests(subscribe, receiver, commit, epicerie):
    webhook = subscribe("centree-sur=entreprise")
    Webhook.objects.update(filtre="disparue=entreprise")
    publish(commit, epicerie, title="Autre")
    webhook.refresh_from_db()
    assert (receiver.events, webhook.actif) == ([], False)
    assert "disparue" in webhook.motif


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


# The cost


@pytest.mark.parametrize("number", [1, 30])
def test_a_change_costs_an_editor_one_query_whatever_the_number_of_webhooks(
    subscribe, tree, number, django_assert_num_queries
):
    for _webhook in range(number):
        subscribe()
    with django_assert_num_queries(1):
        change_detection.compare_after_commit("fiche", [1])
