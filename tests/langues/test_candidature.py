"""A company that reads German proposes its innovation in German; the staff read French."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone, translation

from fiches import limites
from fiches.candidatures.consentements import withdraw
from fiches.candidatures.models import Appel, Dossier
from fiches.candidatures.soumission import submit_dossier
from tests.candidatures.conftest import CONTACTS, INNOVATION, ORGANISATION, Visitor, text


@pytest.fixture
def link(world, monkeypatch, django_capture_on_commit_callbacks):
    """The dossier asked for from the German page: ``(visitor, its address)``."""
    monkeypatch.setattr(limites, "MINIMUM", -1.0)
    now, month = timezone.now(), datetime.timedelta(days=30)
    Appel.objects.create(nom="Appel", ouverture=now - month, cloture=now + month)
    visitor = Visitor(django_capture_on_commit_callbacks)
    form = visitor.get("/de/candidature/").context["form"]
    visitor.post("/de/candidature/", {"courriel": "jeanne@tilleuls.test", "depart": form["depart"].value()})
    [message] = mail.outbox
    return visitor, next(word for word in message.body.split() if "/candidature/" in word).partition("testserver")[2]


def test_the_link_asked_for_in_german_opens_the_dossier_in_german(link):
    visitor, address = link
    assert address.startswith("/de/candidature/")
    page = text(visitor.get(address))
    assert '<html lang="de">' in page
    assert "NICHT ABGESENDET" in page and "NON ENVOYÉ" not in page


def test_steps_faults_and_consents_are_in_german(link):
    visitor, address = link
    for step in ("organisation", "innovation", "caracterisation", "images", "contacts"):
        page = text(visitor.get(f"{address}{step}/"))
        assert "Speichern und weiter" in page
        assert "Enregistrer" not in page
    assert "Ich bin damit einverstanden" in page
    assert "Es fehlen Antworten" in text(visitor.post(f"{address}envoyer/"))


def test_what_the_staff_read_of_it_is_in_french(link):
    visitor, address = link
    dossier = Dossier.objects.get()
    for step, answers in (("organisation", ORGANISATION), ("innovation", INNOVATION), ("contacts", CONTACTS)):
        visitor.post(f"{address}{step}/", {**answers, "revision": Dossier.objects.get().revision})
    consent = dossier.consentements.get()
    assert consent.libelle.startswith("Ich bin damit einverstanden")
    with translation.override("de"):
        submit_dossier(dossier=dossier)
        withdraw(dossier=dossier, finalite="publication")
    dossier.refresh_from_db()
    titles = [block.value.source for block in dossier.fiche.get_latest_revision_as_object().corps]
    assert [title.partition("</")[0].partition(">")[2] for title in titles] == [
        "Le besoin",
        "L’innovation",
        "Les résultats",
    ]
    told = [texte.partition("\u00a0:")[0] for texte in dossier.evenements.values_list("texte", flat=True) if texte]
    assert told == ["Dossier commencé", "Accord retiré"]


def test_a_tip_is_given_in_german(link):
    visitor, _address = link
    answer = visitor.get("/de/signaler/")
    page = text(answer)
    assert "Hinweis absenden" in page and "Envoyer le signalement" not in page
    tip = {"organisation": "Bäckerei", "innovation": "Brot", "depart": answer.context["form"]["depart"].value()}
    sent = visitor.post("/de/signaler/", tip)
    assert sent.url == "/de/signaler/merci/"
    assert "Ihr Hinweis ist angekommen" in text(visitor.get(sent.url))
