"""Somebody subscribes by mail, in two steps; what they agreed to is kept; one click stops it and forgets the address."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.utils import timezone

from fiches.forms import throttle
from fiches.mail import subscriptions
from fiches.models import Abonnement, Courriel
from fiches.upkeep.personal_data.erasure import erase
from fiches.upkeep.personal_data.search import export_data, find_person
from fiches.upkeep.retention import delete_too_old
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db
JEANNE = "jeanne@tilleuls.test"
FORMS = ["/carnets/abonnement/", "/fiches/suivre/?q=pain"]


@pytest.fixture(autouse=True)
def _without_minimum_time(tree, monkeypatch):
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    """``ask(courriel, form)`` fills in the form and lets the worker send."""

    def fill(courriel, form=FORMS[0]):
        data = {**filled_form(client.get(form), "form.form"), "courriel": courriel}
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(form, data)

    return fill


def link_in(message):
    return re.search(r"https?://[^/]+(/abonnement/\S+)", message.body)[1]


@pytest.mark.parametrize("form", FORMS)
def test_a_reader_subscribes_in_two_steps_and_stops_in_one(client, ask, form):
    assert subscriptions.consent() in client.get(form).content.decode()
    assert ask(" Jeanne@Tilleuls.test ", form).url == f"{form.partition('?')[0]}envoye/"
    abonnement = Abonnement.objects.get()
    assert (abonnement.courriel, abonnement.confirme_le, abonnement.mention) == (JEANNE, None, subscriptions.consent())
    link = link_in(mail.outbox[0])
    assert "Confirmer mon abonnement" in client.get(link).content.decode()
    assert client.get(f"{link}arret/").status_code == 200
    assert Abonnement.objects.unconfirmed().count() == 1  # a scanner that opens links confirms and stops nothing
    assert "Votre abonnement est confirmé" in client.post(link).content.decode()
    assert Abonnement.objects.confirmed().count() == 1
    assert "Votre adresse est supprimée" in client.post(f"{link}arret/").content.decode()
    assert (Abonnement.objects.count(), Courriel.objects.count()) == (0, 0)
    assert client.get(link).status_code == 404


def test_the_mail_program_s_button_needs_no_cookie_and_no_page(ask):
    ask(JEANNE)
    stop = f"{link_in(mail.outbox[0])}arret/"
    answer = Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, Abonnement.objects.count()) == (200, 0)
    assert Client(enforce_csrf_checks=True).post(stop).status_code == 200  # twice is once


@pytest.mark.parametrize("form", FORMS)
def test_asking_again_writes_once_a_day_and_tells_nothing(client, ask, form):
    first, page = ask(JEANNE, form), client.get(f"{form.partition('?')[0]}envoye/").content
    subscriptions.confirm(Abonnement.objects.get())
    again = ask("JEANNE@tilleuls.test ", form)
    assert (first.status_code, first.url) == (again.status_code, again.url)
    assert client.get(again.url).content == page
    assert (Abonnement.objects.confirmed().count(), len(mail.outbox)) == (1, 1)


@pytest.mark.parametrize("courriel", ["", "jeanne", "a@b\r\nBcc: c@d.test", "x" * 300 + "@x.test", "a\x00b@x", "😀"])
def test_what_is_no_address_is_said_beside_the_field_and_kept_there(ask, courriel):
    answer = ask(courriel)
    page = BeautifulSoup(answer.content, "html.parser")
    assert (answer.status_code, Abonnement.objects.exists()) == (200, False)
    assert page.select_one("#id_courriel_error").text
    assert page.select_one("#id_courriel").get("value", "") == courriel.replace("\x00", "").strip()


@pytest.mark.parametrize("jeton", ["x", "0" * 75, "é" * 40, "a" * 3000])
def test_a_link_that_opens_nothing_says_so(client, jeton):
    for address in (f"/abonnement/{jeton}/", f"/abonnement/{jeton}/arret/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Cet abonnement n’existe pas" in answer.content.decode()


def test_the_links_pages_are_kept_by_no_cache_and_set_no_cookie(ask):
    ask(JEANNE)
    for address in (link_in(mail.outbox[0]), f"{link_in(mail.outbox[0])}arret/"):
        answer = Client().get(address)
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "strict-origin"
        assert not answer.cookies


def test_a_link_signed_with_a_former_key_still_stops(ask, client, settings):
    ask(JEANNE)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next key"
    assert client.post(f"{link_in(mail.outbox[0])}arret/").status_code == 200
    assert Abonnement.objects.count() == 0


def test_what_nobody_confirmed_goes_after_a_week(ask):
    ask(JEANNE)
    ask("anne@tilleuls.test", FORMS[1])
    ask("paul@tilleuls.test")
    subscriptions.confirm(Abonnement.objects.get(courriel="paul@tilleuls.test"))
    Abonnement.objects.exclude(courriel="anne@tilleuls.test").update(demande_le=timezone.now() - timedelta(days=8))
    delete_too_old()
    assert {each.courriel for each in Abonnement.objects.all()} == {"anne@tilleuls.test", "paul@tilleuls.test"}
    assert not Courriel.objects.filter(destinataires__icontains=JEANNE).exists()


def test_a_person_is_told_what_is_kept_of_them_and_erased(ask):
    ask(JEANNE)
    ask(JEANNE, FORMS[1])
    label = "abonnements par courriel"
    exported = export_data(JEANNE)[label]
    assert {each["question"] for each in exported} == {"", "q=pain"}
    assert {each["mention"] for each in exported} == {subscriptions.consent()}
    assert erase(find_person("Jeanne@tilleuls.test"))[label] == 2
    assert (Abonnement.objects.count(), Courriel.objects.count()) == (0, 0)
