"""The contact form, and the one that writes to the contact of a fiche without showing an address."""

import pytest
from django.core import mail

from fiches.forms import throttle
from fiches.models import Courriel
from home import contact
from home.models import Organisme
from tests.factories import FichePageFactory

pytestmark = pytest.mark.django_db

TYPED = {"nom": "Lou Perrin", "courriel": "lou@lectrice.test", "message": "Où trouver vos carnets ?\nMerci."}


def text_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture(autouse=True)
def _without_minimum_time(monkeypatch):
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)


@pytest.fixture
def team(tree):
    organisme = Organisme.for_site(tree.site) if hasattr(tree, "site") else Organisme.objects.first()
    if organisme is None:
        organisme = Organisme.for_site(tree.home.get_site())
    organisme.courriel = "equipe@rallynov.test"
    organisme.save()


@pytest.fixture
def fiche(tree):
    return FichePageFactory(
        parent=tree.fiches,
        slug="le-four",
        title="Le four partagé",
        organisation="Les Fournées",
        contact_nom="Anne Ferrand",
        contact_nom_public=True,
        contact_courriel="anne@fournees.test",
    )


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    def send(address, **typed):
        form = client.get(address).context["form"]
        data = {**TYPED, "depart": form["depart"].value(), **typed}
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, data)

    return send


def test_a_message_reaches_the_team_which_answers_its_writer(send, client, team):
    answer = send("/contact/")
    assert answer.url == "/contact/merci/"
    assert "Votre message est envoyé" in client.get(answer.url).content.decode()
    [message] = mail.outbox
    assert (message.to, message.reply_to) == (["equipe@rallynov.test"], ["lou@lectrice.test"])
    assert "Lou Perrin" in message.body
    assert "Où trouver vos carnets ?" in message.body
    assert Courriel.objects.get().modele == "message_du_site"


def test_a_message_reaches_the_contact_of_a_fiche_whose_address_stays_hidden(send, client, fiche, team):
    page = client.get("/fiches/le-four/").content.decode()
    assert 'href="/contact/le-four/"' in page
    form = client.get("/contact/le-four/").content.decode()
    assert "anne@fournees.test" not in page + form
    assert "Votre message sera envoyé à Les Fournées." in form and "est envoyé" not in form
    send("/contact/le-four/")
    [message] = mail.outbox
    assert (message.to, message.reply_to) == (["anne@fournees.test"], ["lou@lectrice.test"])
    assert message.subject == "Un message sur votre innovation « Le four partagé »"
    assert message.body.rstrip().endswith(
        "Si vous répondez à ce courriel, lou@lectrice.test verra votre adresse.\n"
        "Pour écrire à l’équipe du rallye\N{NO-BREAK SPACE}: equipe@rallynov.test"
    )
    assert "Une question" not in message.body
    assert "/fiches/le-four/" in message.body


def test_a_form_sent_twice_is_one_message_and_another_form_another(client, team, send):
    form = {**TYPED, "depart": client.get("/contact/").context["form"]["depart"].value()}
    for _click in range(2):
        assert client.post("/contact/", form).url == "/contact/merci/"
    assert Courriel.objects.count() == 1
    send("/contact/", message="Une autre question")
    assert Courriel.objects.count() == 2


def test_an_address_that_the_fiche_shows_is_not_said_to_be_hidden(client, fiche):
    form = text_of(client.get("/contact/le-four/"))
    assert "L’adresse du porteur reste cachée." in form
    assert "l’organisation de la fiche et l’équipe du rallye" in form
    fiche.contact_courriel_public = True
    fiche.save_revision().publish()
    assert "reste cachée" not in text_of(client.get("/contact/le-four/"))


def test_nobody_writes_to_a_contact_whose_name_is_not_shown(client, fiche):
    fiche.contact_nom_public = False
    fiche.contact_telephone, fiche.contact_telephone_public = "02 61 91 00 10", True
    fiche.save_revision().publish()
    assert "/contact/le-four/" not in client.get("/fiches/le-four/").content.decode()
    assert client.get("/contact/le-four/").status_code == 404


@pytest.mark.parametrize(
    ("field", "typed"), [("nom", ""), ("courriel", "lou"), ("message", " "), ("message", "x" * 4001)]
)
def test_a_refused_message_says_why_and_keeps_what_was_typed(send, team, field, typed):
    answer = send("/contact/", **{field: typed})
    assert list(answer.context["form"].errors) == [field]
    kept = {**TYPED, field: typed}
    assert {name: answer.context["form"][name].value() for name in TYPED} == kept
    assert mail.outbox == []


@pytest.mark.parametrize("courriel", ["lou@lectrice.test", "lou{}@lectrice.test"])
def test_one_sender_writes_to_one_contact_three_times_a_day(send, fiche, team, courriel):
    typed = [{"message": f"Bonjour {time}", "courriel": courriel.format(time)} for time in range(4)]
    assert [send("/contact/le-four/", **each).status_code for each in typed] == [302, 302, 302, 429]
    assert len(mail.outbox) == 3
    assert send("/contact/").status_code == 302


def test_one_contact_gets_a_limited_number_of_messages_a_day(send, fiche, team, monkeypatch):
    monkeypatch.setattr(contact, "MOST_A_DAY", 2)
    assert [send("/contact/le-four/").status_code for _time in range(3)] == [302, 302, 429]
    assert len(mail.outbox) == 2


def test_without_an_address_of_the_team_the_page_says_so(client, tree):
    assert "mentions légales" in client.get("/contact/").content.decode()


def test_characters_that_turn_the_direction_of_a_text_are_not_mailed(send, client, fiche, team):
    turning = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
    send(
        "/contact/le-four/",
        nom=f"Lou {turning}Perrin",
        message=f"Voyez {turning}fdp.exe",
        courriel=f"lou@le{turning}ctrice.test",
    )
    [message] = mail.outbox
    assert "Lou Perrin" in message.body and "Voyez fdp.exe" in message.body
    assert message.reply_to == ["lou@lectrice.test"]
    assert not set(turning) & set(message.body + message.subject)
