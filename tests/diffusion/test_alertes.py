"""Alerts without an account: asked for, confirmed, told once, stopped with one click, forgotten."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from fiches.diffusion.alerts import announcements, suivis
from fiches.diffusion.models import FicheAnnoncee, Rythme, Suivi
from fiches.forms import throttle
from fiches.mail.outbox import send_pending
from fiches.models import Courriel, Publication
from fiches.upkeep.retention import delete_too_old
from tests.factories import FichePageFactory, PartenaireFactory
from tests.formulaires import filled_form

JEANNE = "jeanne@tilleuls.test"


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch, settings):
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)
    settings.WAGTAILADMIN_BASE_URL = "https://rallynov.test"


@pytest.fixture
def publish(tree, django_capture_on_commit_callbacks):
    """Publishes a fiche as production does: what waits for the commit happens then."""

    def publish(**fields):
        with django_capture_on_commit_callbacks(execute=True):
            return FichePageFactory(parent=tree.fiches, **fields)

    return publish


@pytest.fixture
def follow(tree, client, django_capture_on_commit_callbacks):
    """Asks for an alert through the form, and confirms it unless told not to; returns the follow."""

    def follow(query="", rythme=Rythme.PUBLICATION, courriel=JEANNE, confirmed=True):
        address = f"/fiches/suivre/{query}"
        form = {**filled_form(client.get(address), "form.form"), "courriel": courriel, "rythme": str(rythme)}
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(address, form)
        assert (answer.status_code, answer.url) == (302, "/fiches/suivre/envoye/")
        suivi = Suivi.objects.filter(courriel=courriel.lower()).latest("pk")
        if confirmed:
            suivis.confirm(suivi=suivi)
            suivi.refresh_from_db()
        return suivi

    return follow


def links(message):
    return re.findall(r"https://rallynov\.test(/\S+)", message.body)


def test_the_whole_story_of_an_alert(tree, client, publish, django_capture_on_commit_callbacks):
    """From the list to the mail, to the fiche, to the stop; each step as a person takes it."""
    publish(title="L’épicerie d’avant")
    listed = BeautifulSoup(client.get("/fiches/?q=epicerie&tri=titre&page=1").content, "html.parser")
    address = listed.select_one(".results__follow a")["href"]
    assert address == "/fiches/suivre/?q=epicerie"
    page = client.get(address)
    assert "Innovations avec « epicerie »" in page.content.decode().replace("\xa0", " ")

    form = {**filled_form(page, "form.form"), "courriel": " Jeanne@Tilleuls.test ", "rythme": "publication"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, form, follow=True)
    [asked] = mail.outbox
    assert asked.to == [JEANNE]
    [link] = links(asked)
    publish(title="L’épicerie trop tôt")
    assert len(mail.outbox) == 1  # nothing before the confirmation

    browser = Client(enforce_csrf_checks=True)
    assert browser.get(link).status_code == 200
    assert Suivi.objects.confirmed().count() == 0  # a mail scanner opened it: that is not a yes
    answer = browser.post(link, {"rythme": "publication"})
    assert "Votre alerte est confirmée" in answer.content.decode()

    fiche = publish(title="L’épicerie ambulante", organisation="Les Tilleuls")
    publish(title="Le garage solidaire")
    [letter] = mail.outbox[1:]
    assert letter.subject == "1 nouvelle innovation"
    assert "L’épicerie ambulante\nLes Tilleuls\n" in letter.body
    assert fiche.full_url in letter.body
    assert "trop tôt" not in letter.body and "d’avant" not in letter.body

    with django_capture_on_commit_callbacks(execute=True):
        fiche.save_revision().publish()
        fiche.unpublish()
        fiche.save_revision().publish()
    assert len(mail.outbox) == 2  # never twice

    one_click = letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://rallynov.test")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert browser.get(one_click).status_code == 200
    assert Suivi.objects.count() == 1  # a link scanner stops nothing
    stopped = Client(enforce_csrf_checks=True).post(one_click, {"List-Unsubscribe": "One-Click"})
    assert stopped.status_code == 200
    assert list(Suivi.objects.all()) == []
    assert not Courriel.objects.filter(destinataires__icontains="jeanne").exists()
    publish(title="L’épicerie d’après")
    assert len(mail.outbox) == 2
    assert browser.post(one_click).status_code == 200  # twice is once


def test_a_fiche_withdrawn_before_the_mail_leaves_is_not_told_of_until_it_returns(
    tree, publish, follow, django_capture_on_commit_callbacks
):
    follow()
    mail.outbox.clear()
    fiche = FichePageFactory(parent=tree.fiches)
    announcements.announce_published()  # written, and not sent yet: nothing is committed
    fiche.unpublish()
    with django_capture_on_commit_callbacks(execute=True):
        pass
    send_pending()
    assert mail.outbox == []
    assert FicheAnnoncee.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        fiche.save_revision().publish()
    [told] = mail.outbox
    assert fiche.title in told.body


def test_private_fiches_are_told_of_once_they_are_public(tree, publish, follow, django_capture_on_commit_callbacks):
    follow()
    mail.outbox.clear()
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    restriction = PageViewRestriction.objects.create(page=fiche, restriction_type="login")
    with django_capture_on_commit_callbacks(execute=True):
        fiche.save_revision().publish()
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        restriction.delete()
    assert [fiche.title in message.body for message in mail.outbox] == [True]


def test_a_question_that_can_no_longer_be_read_whole_tells_of_nothing(publish, follow):
    """A partner that is gone leaves a narrower alert mute: it doesn't turn into an alert on everything."""
    partner = PartenaireFactory(nom="Réseau")
    publish(partenaire=partner)
    follow("?partenaire=reseau")
    mail.outbox.clear()
    partner.delete()
    publish(title="Une autre")
    assert mail.outbox == []


def test_known_or_not_the_page_says_the_same(client, follow):
    follow("?q=epicerie")
    again = client.get("/fiches/suivre/envoye/").content
    follow("?q=epicerie", confirmed=False, rythme=Rythme.SEMAINE)
    assert client.get("/fiches/suivre/envoye/").content == again
    [suivi] = Suivi.objects.all()
    assert (suivi.rythme, bool(suivi.confirme_le)) == (Rythme.PUBLICATION, True)  # only its own link changes it


def test_one_address_is_not_mailed_twice_a_day_for_the_same_question(follow):
    for _time in range(3):
        follow("?q=epicerie", confirmed=False)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("courriel", ["", "jeanne", "jeanne@", "a@b\r\nBcc: c@d.test", "x" * 300 + "@a.test", "😀"])
def test_an_address_that_is_none_is_said_beside_the_field_and_kept(tree, client, courriel):
    form = {**filled_form(client.get("/fiches/suivre/?q=pain"), "form.form"), "courriel": courriel}
    answer = client.post("/fiches/suivre/?q=pain", form)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 200
    assert page.select_one("#id_courriel_error").text
    assert page.select_one("#id_courriel").get("value", "") == courriel.strip()
    assert Suivi.objects.count() == 0


@pytest.mark.parametrize("query", ["?bbox=nan", "?q=%%%22", "?page=1e20", "?departement=99", "?q=" + "mot+" * 2000])
def test_what_cannot_be_read_is_said_and_the_rest_is_followed(tree, client, query):
    answer = client.get(f"/fiches/suivre/{query}&sphere=ess")
    assert answer.status_code == 200
    assert "Les autres filtres s’appliquent." in answer.content.decode()


@pytest.mark.parametrize("jeton", ["x", "0" * 75, "é" * 40, "a" * 3000])
def test_a_link_that_opens_nothing_says_so(tree, client, jeton):
    assert client.get(f"/suivi/{jeton}/").status_code == 404
    assert client.get(f"/suivi/{jeton}/arret/").status_code == 404
    assert "n’existe" in client.get(f"/suivi/{jeton}/").content.decode()


def test_a_link_signed_with_a_former_key_still_stops(follow, client, settings):
    suivi = follow()
    jeton = suivis.token(suivi)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next key"
    assert client.post(f"/suivi/{jeton}/arret/").status_code == 200
    assert Suivi.objects.count() == 0


def test_the_links_pages_are_kept_by_no_cache_and_set_no_cookie(follow, client):
    suivi = follow()
    for address in (f"/suivi/{suivis.token(suivi)}/", f"/suivi/{suivis.token(suivi)}/arret/"):
        answer = Client().get(address)
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "strict-origin"
        assert not answer.cookies


def test_a_rhythm_is_changed_by_the_link(follow, client):
    suivi = follow()
    address = f"/suivi/{suivis.token(suivi)}/"
    assert "Votre choix est enregistré" in client.post(address, {"rythme": "semaine"}).content.decode()
    suivi.refresh_from_db()
    assert suivi.rythme == "semaine"
    assert "field__error" in client.post(address, {"rythme": "chaque seconde"}).content.decode()


def test_what_nobody_confirmed_is_deleted_after_a_week_with_its_address(follow):
    late, recent = follow("?q=pain", confirmed=False), follow("?q=lait", confirmed=False)
    confirmed = follow("?q=miel")
    Suivi.objects.exclude(pk=recent.pk).update(demande_le=timezone.now() - timedelta(days=8))
    delete_too_old()
    assert set(Suivi.objects.all()) == {recent, confirmed}
    assert not Courriel.objects.filter(sujet_id=late.pk).exists()


def test_who_was_told_of_what_is_forgotten_once_it_can_no_longer_be_new(publish, follow):
    follow()
    fiche = publish()
    assert FicheAnnoncee.objects.count() == 1
    Publication.objects.filter(object_id=fiche.pk).update(
        published_at=timezone.now() - announcements.NEW_FOR - timedelta(days=2)
    )
    delete_too_old()
    assert FicheAnnoncee.objects.count() == 0
    announcements.announce_published()
    assert FicheAnnoncee.objects.count() == 0
