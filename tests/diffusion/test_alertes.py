"""Alerts: each confirmed one tells, once, of the fiches that answer it and are new."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from wagtail.models import PageViewRestriction

from fiches.diffusion import alerts
from fiches.forms import throttle
from fiches.mail import subscriptions
from fiches.mail.outbox import send_pending, silence
from fiches.models import Abonnement
from tests.factories import FichePageFactory, PartenaireFactory
from tests.formulaires import filled_form

JEANNE = "jeanne@tilleuls.test"


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch, settings):
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)
    settings.WAGTAILADMIN_BASE_URL = "https://rallynov.test"


@pytest.fixture
def announce(django_capture_on_commit_callbacks):
    """What the periodic work does, and the worker after it; returns the mails that left."""

    def announce():
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            alerts.announce()
        return mail.outbox

    return announce


def follow(question=""):
    with silence():
        alert = subscriptions.ask("recherche", courriel=JEANNE, mention="J’accepte.", question=question)
    subscriptions.confirm(alert)


def test_the_whole_story_of_an_alert(tree, client, announce, django_capture_on_commit_callbacks):
    """From the list to the mail, to the fiche, to the stop; each step as a person takes it."""
    FichePageFactory(parent=tree.fiches, title="L’épicerie d’avant")
    listed = BeautifulSoup(client.get("/fiches/?q=epicerie&tri=titre&page=1").content, "html.parser")
    address = listed.select_one(".results__follow a")["href"]
    assert address == "/fiches/suivre/?q=epicerie"
    page = client.get(address)
    assert "Innovations avec « epicerie »" in page.content.decode().replace("\xa0", " ")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {**filled_form(page, "form.form"), "courriel": JEANNE})
    [link] = re.findall(r"https://rallynov\.test(/\S+)", mail.outbox[0].body)
    FichePageFactory(parent=tree.fiches, title="L’épicerie trop tôt")
    assert announce() == []  # nothing before the confirmation
    Client().post(link)

    fiche = FichePageFactory(parent=tree.fiches, title="L’épicerie ambulante", organisation="Les Tilleuls")
    FichePageFactory(parent=tree.fiches, title="Le garage solidaire")
    [letter] = announce()
    assert letter.subject == "1 nouvelle innovation"
    assert "L’épicerie ambulante\nLes Tilleuls\n" in letter.body
    assert fiche.full_url in letter.body
    assert "trop tôt" not in letter.body and "d’avant" not in letter.body
    one_click = letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://rallynov.test")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    fiche.save_revision().publish()
    fiche.unpublish()
    fiche.save_revision().publish()
    assert announce() == []  # never twice
    Client(enforce_csrf_checks=True).post(one_click, {"List-Unsubscribe": "One-Click"})
    assert not Abonnement.objects.exists()
    FichePageFactory(parent=tree.fiches, title="L’épicerie d’après")
    assert announce() == []


def test_a_fiche_withdrawn_before_the_mail_leaves_is_not_told_of(tree):
    follow()
    fiche = FichePageFactory(parent=tree.fiches)
    alerts.announce()  # written, and not sent yet: nothing is committed
    fiche.unpublish()
    send_pending()
    assert [message for message in mail.outbox if fiche.title in message.body] == []


def test_private_fiches_are_told_of_once_they_are_public(tree, announce):
    follow()
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    restriction = PageViewRestriction.objects.create(page=fiche, restriction_type="login")
    fiche.save_revision().publish()
    assert announce() == []
    restriction.delete()
    assert [fiche.title in message.body for message in announce()] == [True]


def test_a_question_that_can_no_longer_be_read_whole_tells_of_nothing(tree, announce):
    """A partner that is gone leaves a narrower alert mute: it doesn't turn into an alert on everything."""
    partner = PartenaireFactory(nom="Réseau")
    FichePageFactory(parent=tree.fiches, partenaire=partner)
    follow("partenaire=reseau")
    partner.delete()
    FichePageFactory(parent=tree.fiches, title="Une autre")
    assert announce() == []


@pytest.mark.parametrize("query", ["?bbox=nan", "?q=%%%22", "?page=1e20", "?departement=99", "?q=" + "mot+" * 2000])
def test_what_cannot_be_read_is_said_and_the_rest_is_followed(tree, client, query):
    answer = client.get(f"/fiches/suivre/{query}&sphere=ess")
    assert answer.status_code == 200
    assert "Les autres filtres s’appliquent." in answer.content.decode()
