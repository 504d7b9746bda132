"""Somebody subscribes by mail, in two steps; what they agreed to is kept; one click stops it and forgets the address."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from etapes.carnets import carnet_subscriptions
from etapes.carnets.models import Abonne
from fiches.forms import throttle
from fiches.models import Courriel
from fiches.upkeep.personal_data.erasure import erase_person
from fiches.upkeep.personal_data.search import export_data, find_person
from fiches.upkeep.retention import delete_too_old

pytestmark = pytest.mark.django_db
ADDRESS = "/carnets/abonnement/"


@pytest.fixture(autouse=True)
def _without_minimum_time(monkeypatch):
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)


@pytest.fixture
def ask(client, tree, django_capture_on_commit_callbacks):
    """``ask(address)`` fills in the form and lets the worker send."""

    def fill(courriel, **more):
        mark = client.get(ADDRESS).context["form"]["depart"].value()
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(ADDRESS, {"courriel": courriel, "depart": mark, **more})

    return fill


def link_in(message):
    return re.search(r"https?://[^/]+(/abonnement/\S+)", message.body)[1]


def test_a_reader_subscribes_in_two_steps_and_stops_in_one(client, ask):
    page = client.get(ADDRESS).content.decode()
    assert carnet_subscriptions.consent() in page
    assert ask("Jeanne@Tilleuls.test").url == "/carnets/abonnement/envoye/"
    abonne = Abonne.objects.get()
    assert (abonne.courriel, abonne.confirme_le, abonne.mention) == (
        "jeanne@tilleuls.test",
        None,
        carnet_subscriptions.consent(),
    )
    [letter] = mail.outbox
    link = link_in(letter)
    assert "Confirmer mon abonnement" in client.get(link).content.decode()
    assert Abonne.objects.confirmed().count() == 0  # a scanner that opens links confirms nothing
    assert "Votre abonnement est confirmé" in client.post(link).content.decode()
    assert Abonne.objects.confirmed().count() == 1
    assert client.get(f"{link}arret/").status_code == 200
    assert Abonne.objects.count() == 1
    assert "Votre adresse est supprimée" in client.post(f"{link}arret/").content.decode()
    assert (Abonne.objects.count(), Courriel.objects.count()) == (0, 0)
    assert client.get(link).status_code == 404


def test_the_mail_program_s_button_needs_no_cookie_and_no_page(client, ask):
    ask("jeanne@tilleuls.test")
    link = link_in(mail.outbox[0])
    answer = Client(enforce_csrf_checks=True).post(f"{link}arret/", {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, Abonne.objects.count()) == (200, 0)
    assert Client(enforce_csrf_checks=True).post(f"{link}arret/").status_code == 200  # twice is once


def test_asking_again_writes_once_a_day_and_tells_nothing(client, ask):
    first = ask("jeanne@tilleuls.test")
    again = ask("JEANNE@tilleuls.test ")
    assert (first.status_code, first.url) == (again.status_code, again.url)
    assert (Abonne.objects.count(), len(mail.outbox)) == (1, 1)


@pytest.mark.parametrize("courriel", ["", "jeanne", "a@b", "x" * 300 + "@x.test", "a\x00b@x"])
def test_what_is_no_address_is_said_beside_the_field_and_kept_there(client, ask, courriel):
    page = ask(courriel)
    assert page.status_code == 200
    assert page.context["form"].errors["courriel"]
    assert 'id="id_courriel_error"' in page.content.decode()
    assert not Abonne.objects.exists()


@pytest.mark.parametrize("jeton", ["x", "0" * 75, "é" * 40, "a" * 3000])
def test_a_link_that_opens_nothing_says_so(tree, client, jeton):
    for address in (f"/abonnement/{jeton}/", f"/abonnement/{jeton}/arret/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Cet abonnement n’existe pas" in answer.content.decode()
        assert answer["Cache-Control"] == "no-store, private"


def test_what_nobody_confirmed_goes_after_a_week(tree, client, ask):
    ask("jeanne@tilleuls.test")
    ask("paul@tilleuls.test")
    carnet_subscriptions.confirm(abonne=Abonne.objects.get(courriel="paul@tilleuls.test"))
    Abonne.objects.update(demande_le=timezone.now() - datetime.timedelta(days=8))
    delete_too_old()
    assert [abonne.courriel for abonne in Abonne.objects.all()] == ["paul@tilleuls.test"]


def test_a_person_is_told_what_is_kept_of_them_and_erased(ask):
    ask("jeanne@tilleuls.test")
    label = "abonnements aux carnets de route"
    assert export_data(find_person("jeanne@tilleuls.test"))[label][0]["mention"] == carnet_subscriptions.consent()
    assert erase_person("Jeanne@tilleuls.test").deleted[label] == 1
    assert (Abonne.objects.count(), Courriel.objects.count()) == (0, 0)
