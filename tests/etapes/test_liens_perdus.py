"""Whose link to a registration is cut, too old or lost gets a new one by mail, and nobody else learns who is registered."""

import pytest
from django.core import mail
from django.utils import timezone

from etapes.inscriptions import link_recovery, registration_transitions
from etapes.models import EtapePage
from fiches.mail import outbox
from tests.etapes.conftest import in_days, links, subjects, text
from tests.factories import EtapePageFactory

SECRET = "s" * 43


@pytest.fixture
def without_repeat_interval(monkeypatch):
    """Each request is one of its own, however soon it follows another."""
    monkeypatch.setattr(outbox, "REPEAT_INTERVAL", 1e-6)


def ask(visitor, courriel, *, path="/inscription/"):
    """Opens the page, types the address and sends it; returns the page that answers."""
    form = visitor.get(path, follow=True).context["form"]
    return visitor.post("/inscription/", {"courriel": courriel, "depart": form["depart"].value()}, follow=True)


@pytest.mark.parametrize("path", ["/inscription/abc", f"/inscription/{SECRET[:30]}/", f"/inscription/{SECRET}/"])
def test_a_link_that_opens_nothing_says_so_and_offers_a_new_one(visitor, register_people, path):
    register_people("jeanne")
    page = visitor.get(path, follow=True)
    assert page.status_code == 404
    assert "Ce lien ne fonctionne plus" in text(page) and "Recevoir un nouveau lien" in text(page)
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store, private", "strict-origin")
    ask(visitor, "Jeanne@x.test", path=path)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["jeanne@x.test"], "Votre lien : Étape à Dole")
    assert "Bonjour Jeanne," in message.body
    assert "Votre place est réservée" not in message.body
    (link,) = links(message)
    assert visitor.get(link).status_code == 200


def test_the_answer_is_the_same_for_an_address_that_is_not_registered(visitor, register_people):
    register_people("jeanne")
    told = {address: text(ask(visitor, address)) for address in ("jeanne@x.test", "personne@x.test")}
    assert told["jeanne@x.test"] == told["personne@x.test"]
    assert "Si cette adresse est inscrite à une étape à venir" in told["personne@x.test"]
    assert [to for to, _subject in subjects()] == ["jeanne@x.test"]


def test_a_link_of_a_registration_for_a_past_étape_is_not_sent(visitor, register_people, etape):
    register_people("jeanne")
    EtapePage.objects.filter(pk=etape.pk).update(date=in_days(-1), termine_le=timezone.now())
    ask(visitor, "jeanne@x.test")
    assert mail.outbox == []


def test_two_requests_within_two_minutes_send_one_mail(visitor, register_people, monkeypatch):
    monkeypatch.setattr(outbox, "REPEAT_INTERVAL", 1e12)  # the whole test is in one interval
    register_people("jeanne")
    page = [text(ask(visitor, "jeanne@x.test")) for _each in range(3)][-1]
    assert subjects() == [("jeanne@x.test", "Votre lien : Étape à Dole")]
    assert "Deux demandes en deux minutes envoient un seul courriel." in page


def test_an_address_gets_five_links_an_hour_at_most_and_the_answer_does_not_tell(
    visitor, register_people, without_repeat_interval
):
    register_people("jeanne")
    told = {text(ask(visitor, "jeanne@x.test")) for _each in range(link_recovery.PER_ADDRESS + 1)}
    assert (len(told), len(mail.outbox)) == (1, link_recovery.PER_ADDRESS)


def test_the_links_of_several_registrations_count_each(visitor, register_people, tree, without_repeat_interval):
    for days in (8, 9):
        other = EtapePageFactory(parent=tree.etapes, date=in_days(days), inscriptions="ouvertes")
        registration_transitions.register(etape=other, nom="Jeanne", courriel="jeanne@x.test")
    register_people("jeanne")
    for _each in range(4):
        ask(visitor, "jeanne@x.test")
    assert len(mail.outbox) == 6  # the second request sends its links whole, the third none


def test_what_is_no_address_is_refused_beside_the_field(visitor):
    page = ask(visitor, "jeanne")
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["courriel"]
