"""Who registers for an étape, or subscribes to the road books, in German is written to in German; the staff's words stay
French, and are marked as such."""

import datetime
import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from etapes.carnets import carnet_sending
from etapes.carnets.models import CarnetIndexPage, CarnetPage
from etapes.inscriptions.mails import WORDINGS
from etapes.inscriptions.periodic_work import remind
from etapes.inscriptions.registration_transitions import cancel
from etapes.models import EtapePage, Inscription
from fiches.forms import throttle
from fiches.mail import outbox
from fiches.mail.outbox import send_pending
from fiches.mail.wordings import template_wording
from fiches.models import Abonnement, Courriel
from fiches.models.enums import Envoi
from tests.factories import CarnetPageFactory, UserFactory
from tests.langues.conftest import translate

BEFORE = {"nom": "Greta Kern", "accord": "on"}


@pytest.fixture(autouse=True)
def _without_minimum_time(monkeypatch):
    """The tests fill in forms faster than people."""
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)


@pytest.fixture
def mails_sent_by(django_capture_on_commit_callbacks):
    """``mails_sent_by(action, **arguments)``: the mails that it causes, as the worker sends them."""

    def caused(action, *args, **kwargs):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            action(*args, **kwargs)
        return list(mail.outbox)

    return caused


@pytest.fixture
def open_desk(translations):
    EtapePage.objects.filter(pk=translations.fr.etape.pk).update(inscriptions="ouvertes", capacite=1)
    reload_record(translations.fr.etape).save_revision().publish()
    return translations


def reload_record(page):
    return type(page).objects.get(pk=page.pk)


def fill_in(address, **typed):
    """Opens a form and sends it."""
    browser = Client()
    depart = browser.get(address).context["form"]["depart"].value()
    return browser.post(address, {"depart": depart, **typed})


def enrol(start, courriel="greta@x.test"):
    return fill_in(f"{start}/etapes/besancon/inscription/", courriel=courriel, **BEFORE)


def private_address(message):
    """The private address in a mail, without its host."""
    return re.search(r"testserver(/\S*(?:inscription|abonnement)/[\w-]{20,}/)", message.body)[1]


def html_of(message):
    return BeautifulSoup(message.alternatives[0].content, "html.parser")


@pytest.mark.parametrize(
    ("start", "subject", "told", "title"),
    [
        ("", "Votre place : Étape de Besançon", "Votre place est réservée.", "Mon inscription"),
        ("/en", "Your place: Stage of Besançon", "Your place is booked.", "My registration"),
        ("/de", "Ihr Platz: Etappe Besançon", "Ihr Platz ist reserviert.", "Meine Anmeldung"),
    ],
)
def test_a_place_is_confirmed_in_the_language_of_the_page_where_one_registered(
    client, open_desk, mails_sent_by, start, subject, told, title
):
    [letter] = mails_sent_by(enrol, start)
    assert letter.subject.replace("\u00a0", " ") == subject
    assert told in letter.body
    assert html_of(letter).html["lang"] == (start[1:] or "fr")
    link = private_address(letter)
    assert link.startswith(f"{start}/inscription/")
    page = BeautifulSoup(client.get(link).content, "html.parser")
    assert (page.html["lang"], page.h1.text) == (start[1:] or "fr", title)
    assert page.find(class_="stub__title").text == subject.replace(" : ", ": ").partition(": ")[2]
    assert page.find(class_="stub__title").a["href"] == f"{start}/etapes/besancon/"


def published_ten_minutes_ago(etape):
    etape.save_revision().publish()
    Courriel.objects.filter(etat=Envoi.A_ENVOYER).update(prochain_essai=timezone.now())
    send_pending()


@pytest.fixture
def without_repeat_interval(monkeypatch):
    """A form that is sent again is a new request, however soon."""
    monkeypatch.setattr(outbox, "REPEAT_INTERVAL", 1e-6)


@pytest.mark.usefixtures("without_repeat_interval")
def test_the_letters_that_follow_are_in_that_language_too(open_desk, mails_sent_by):
    mails_sent_by(enrol, "/en", courriel="ada@x.test")
    etape = reload_record(open_desk.fr.etape)
    told = mails_sent_by(enrol, "/de") + mails_sent_by(enrol, "/de")
    told += mails_sent_by(cancel, inscription=Inscription.objects.get(courriel="ada@x.test"))[1:]
    told += mails_sent_by(
        remind, timezone.make_aware(datetime.datetime.combine(timezone.localdate(), datetime.time(10)))
    )
    etape.lieu = "Salle Courbet"
    told += mails_sent_by(published_ten_minutes_ago, etape)
    etape.statut = "reportee"
    told += mails_sent_by(published_ten_minutes_ago, etape)
    etape.statut = "annulee"
    told += mails_sent_by(published_ten_minutes_ago, etape)
    told += mails_sent_by(cancel, inscription=Inscription.objects.get(courriel="greta@x.test"))
    assert [message.subject for message in told] == [
        "Warteliste: Etappe Besançon",
        "Warteliste: Etappe Besançon",
        "Sie haben einen Platz: Etappe Besançon",
        "Morgen: Etappe Besançon",
        "Änderung: Etappe Besançon",
        "Änderung: Etappe Besançon",
        "Abgesagt: Etappe Besançon",
        "Anmeldung storniert: Etappe Besançon",
    ]
    assert all("Guten Tag Greta Kern" in message.body for message in told)


def test_every_letter_of_an_etape_has_german_words():
    for name in WORDINGS:
        with translation.override("en"):
            english = template_wording(name)
        with translation.override("de"):
            objet, texte = template_wording(name)
            assert name == "inscription_annonce" or objet != english[0], name
            assert texte != english[1], name


# --- The road books ---------------------------------------------------------------------------------------------------


@pytest.fixture
def carnets_in_two_languages(translations, tree):
    """The archive in two languages, with an issue in French; another language has none of it."""
    translate(CarnetIndexPage.objects.get(pk=tree.carnets.pk), "de", title="Roadbooks")
    page = CarnetPageFactory(parent=tree.carnets, slug="n-7", title="Carnet n° 7", numero=7, chapo="Où l’on va.")
    page.date = datetime.date(2026, 3, 1)
    page.corps = [("titre", "Pourquoi un rallye")]
    page.save_revision().publish()
    return CarnetPage.objects.get(pk=page.pk)


def subscribe(start, courriel="greta@x.test"):
    return fill_in(f"{start}/carnets/abonnement/", courriel=courriel)


def test_the_subscription_is_confirmed_and_stopped_in_german(client, carnets_in_two_languages, mails_sent_by):
    [letter] = mails_sent_by(subscribe, "/de")
    link = private_address(letter)
    assert (letter.subject, link.startswith("/de/abonnement/")) == (
        "Rally’nov: Bestätigen Sie Ihr Abonnement",
        True,
    )
    assert Abonnement.objects.get().mention.startswith("Ich bin damit einverstanden")
    pages = [
        client.get(link),
        client.post(link),
        client.get(f"{link}arret/"),
        client.post(f"{link}arret/"),
        client.get(link),
    ]
    soups = [BeautifulSoup(page.content, "html.parser") for page in pages]
    assert {soup.html["lang"] for soup in soups} == {"de"}
    assert [soup.main.find(href="/de/") is not None for soup in soups[-2:]] == [True, True]
    assert not Abonnement.objects.exists()


def test_an_issue_in_french_comes_in_a_german_frame_and_is_marked_as_french(carnets_in_two_languages, mails_sent_by):
    for start, courriel in (("", "anne@x.test"), ("/de", "greta@x.test")):
        mails_sent_by(subscribe, start, courriel)
    Abonnement.objects.update(confirme_le=timezone.now())
    letters = {
        each.to[0]: each
        for each in mails_sent_by(
            carnet_sending.launch, carnets_in_two_languages, objet="Carnet n° 7", by=UserFactory()
        )
    }
    french, german = (html_of(letters[name]) for name in ("anne@x.test", "greta@x.test"))
    assert (french.html["lang"], french.find_all(lang="de")) == ("fr", [])
    assert german.html["lang"] == "de"
    marked = {element.get_text(" ", strip=True) for element in german.find_all(lang="fr")}
    assert marked == {"Carnet n° 7", "Où l’on va.", "Pourquoi un rallye"}
    for element in german.find_all(lang="fr"):
        element.decompose()
    rest = german.body.get_text(" ", strip=True)
    assert "März 2026" in rest and "Auf der Website lesen" in rest and "Abbestellen" in rest
    assert "Mars 2026" in french.text or "mars 2026" in french.text
    assert "/de/abonnement/" in letters["greta@x.test"].extra_headers["List-Unsubscribe"]
    assert "/de/abonnement/" in letters["greta@x.test"].body
    assert "März 2026" in letters["greta@x.test"].body


def test_an_issue_that_is_translated_comes_in_its_translation(carnets_in_two_languages, mails_sent_by):
    translate(
        carnets_in_two_languages,
        "de",
        title="Roadbook Nr. 7",
        chapo="Wohin es geht.",
        corps=[("titre", "Warum eine Rallye")],
    )
    mails_sent_by(subscribe, "/de")
    Abonnement.objects.update(confirme_le=timezone.now())
    [letter] = mails_sent_by(carnet_sending.launch, carnets_in_two_languages, objet="Carnet n° 7", by=UserFactory())
    html = html_of(letter)
    assert "Warum eine Rallye" in html.text and "Pourquoi un rallye" not in html.text
    assert html.find_all(lang="fr") == []
