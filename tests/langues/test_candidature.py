"""A company that reads German proposes its innovation in German; the staff read French."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone, translation

from fiches.candidatures.answers import save_answers
from fiches.candidatures.consentements import withdraw_consent
from fiches.candidatures.mails import TO_STAFF, WORDINGS
from fiches.candidatures.models import Appel, Dossier
from fiches.candidatures.submission import ask_for_corrections, refuse_dossier, submit_dossier
from fiches.forms import throttle
from fiches.mail.wordings import template_wording
from tests.candidatures.conftest import CONTACTS, INNOVATION, ORGANISATION, Visitor, text
from tests.factories import ContentPageFactory, CritereFactory, UserFactory
from tests.undo_delay import send_delayed_mails

AGREED = {"consentement_publication": True}


@pytest.fixture
def critere(tree):
    """What a site has before it takes dossiers and tips: a grid, and a page that says who keeps the data."""
    ContentPageFactory(parent=tree.home, slug="confidentialite")
    return CritereFactory()


@pytest.fixture
def link(translations, critere, monkeypatch):
    """The dossier asked for from the German page: ``(visitor, its address)``."""
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)
    now, month = timezone.now(), datetime.timedelta(days=30)
    Appel.objects.create(nom="Appel", ouverture=now - month, cloture=now + month)
    visitor = Visitor()
    form = visitor.get("/de/candidature/").context["form"]
    visitor.post("/de/candidature/", {"courriel": "jeanne@tilleuls.test", "depart": form["depart"].value()})
    [message] = mail.outbox
    critere.delete()  # the dossiers below have no grid to answer
    return visitor, next(word for word in message.body.split() if "/candidature/" in word).partition("testserver")[2]


def test_the_link_asked_for_in_german_opens_the_dossier_in_german(link):
    visitor, address = link
    assert address.startswith("/de/candidature/")
    page = text(visitor.get(address))
    assert '<html lang="de"' in page
    assert "NICHT ABGESENDET" in page and "NON ENVOYÉ" not in page


def test_steps_faults_and_consents_are_in_german(link):
    visitor, address = link
    for step in ("organisation", "innovation", "caracterisation", "images", "contacts"):
        page = text(visitor.get(f"{address}{step}/"))
        assert "Speichern und weiter" in page
        assert "Enregistrer" not in page
    assert "Ich bin damit einverstanden" in page
    assert "Ihr Dossier ist noch nicht gesendet" in text(visitor.post(f"{address}envoyer/"))


def test_what_the_staff_read_of_it_is_in_french(link):
    visitor, address = link
    dossier = Dossier.objects.get()
    for step, answers in (("organisation", ORGANISATION), ("innovation", INNOVATION), ("contacts", CONTACTS)):
        visitor.post(f"{address}{step}/", {**answers, "revision": Dossier.objects.get().revision})
    consent = dossier.consentements.get()
    assert consent.libelle.startswith("Ich bin damit einverstanden")
    with translation.override("de"):
        submit_dossier(dossier=dossier)
        withdraw_consent(dossier=dossier, finalite="publication")
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
    CritereFactory()
    visitor, _address = link
    answer = visitor.get("/de/signaler/")
    page = text(answer)
    assert "Hinweis absenden" in page and "Envoyer le signalement" not in page
    tip = {"organisation": "Bäckerei", "innovation": "Brot", "depart": answer.context["form"]["depart"].value()}
    sent = visitor.post("/de/signaler/", tip)
    assert sent.url == "/de/signaler/merci/"
    assert "Ihr Hinweis ist angekommen" in text(visitor.get(sent.url))


def test_letters_after_the_first_are_in_the_language_in_which_the_link_was_asked_for(
    link, django_capture_on_commit_callbacks
):
    dossier = Dossier.objects.get()
    assert dossier.langue == "de"
    save_answers(dossier=dossier, typed={**ORGANISATION, **INNOVATION, **CONTACTS, **AGREED}, seen=dossier.revision)
    admin = UserFactory(role="admin")
    with django_capture_on_commit_callbacks(execute=True):
        dossier = submit_dossier(dossier=dossier)
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_corrections(dossier=dossier, reasons=[("chapo", "Plus court.")], by=admin)
    send_delayed_mails()
    with django_capture_on_commit_callbacks(execute=True):
        refuse_dossier(dossier=dossier, reason="Hors du sujet.", by=admin)
    send_delayed_mails()
    number = dossier.numero
    letters = [message for message in mail.outbox[1:] if message.to == [dossier.courriel]]
    assert [message.subject for message in letters] == [
        f"Dossier {number} eingegangen",
        f"Dossier {number}: Bitte um Korrekturen",
        f"Dossier {number}: Antwort",
    ]
    receipt, corrections, _answer = letters
    assert "Ihr Dossier ist angekommen" in receipt.body and "/de/candidature/" in receipt.body
    assert '<html lang="de">' in receipt.alternatives[0].content
    assert "Plus court." in corrections.body


def test_every_letter_to_a_company_has_german_words():
    for name in WORDINGS.keys() - TO_STAFF:
        with translation.override("en"):
            english = template_wording(name)
        with translation.override("de"):
            objet, texte = template_wording(name)
        assert objet != english[0], name
        assert texte != english[1], name
