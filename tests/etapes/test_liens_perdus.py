"""Whose link to a registration is cut, too old or lost gets a new one by mail, and nobody else learns who is registered."""

import pytest
from django.core import mail

from etapes.inscriptions import link_recovery
from fiches.mail import outbox
from tests.etapes.conftest import links, subjects, text

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


def test_an_address_gets_five_links_an_hour_at_most_and_the_answer_does_not_tell(
    visitor, register_people, without_repeat_interval
):
    register_people("jeanne")
    told = {text(ask(visitor, "jeanne@x.test")) for _each in range(link_recovery.PER_ADDRESS + 1)}
    assert (len(told), len(mail.outbox)) == (1, link_recovery.PER_ADDRESS)
