"""Somebody comes to an étape, without an account: from the page to the door, or to the link that cancels."""

import datetime
import email

import icalendar
import pytest
from django.core import mail
from django.utils import timezone

from etapes.inscriptions.registration_transitions import check_in
from etapes.models import EtapePage, Inscription
from fiches.mail import outbox
from fiches.models import Courriel
from tests.etapes.conftest import in_days, links, subjects, text
from tests.factories import EtapePageFactory

FORM = "/etapes/dole/inscription/"


def backdate_registrations():
    """Two minutes pass: the same request is a new one."""
    Inscription.objects.update(demandee_le=timezone.now() - datetime.timedelta(minutes=3))


def states():
    return list(Inscription.objects.order_by("pk").values_list("courriel", "etat"))


def test_who_reads_what_is_given_is_told_whether_organisers_are_known_or_not(visitor, etape, tree):
    known = " et ".join(f"({link.partenaire.nom})" for link in etape.organisations.all())
    assert f"les organisateurs {known} et l’équipe du rallye" in text(visitor.get(FORM))
    EtapePageFactory(parent=tree.etapes, slug="seule", date=in_days(20), inscriptions="ouvertes")
    assert "les organisateurs et l’équipe du rallye" in text(visitor.get("/etapes/seule/inscription/"))


def test_three_people_register_for_two_places_and_one_gives_hers_back(visitor, etape):
    # The page says what is left, and leads to the form.
    page = text(visitor.get("/etapes/dole/"))
    assert "Inscriptions ouvertes, 2 places libres" in page
    assert f'href="{FORM}"' in page and "Réserver ma place" in page

    # Jeanne gets a place, and a mail that proves it.
    answer = visitor.register("Jeanne@X.test", organisation="Les Tilleuls", besoins="Un fauteuil roulant")
    assert answer.url == "/etapes/dole/inscription/confirmee/"
    page = text(visitor.get(answer.url))
    assert "Votre place est réservée" in page and "si vous avez une place" not in page
    assert "Un courriel vient de partir. Il confirme votre place, et contient le lien pour annuler." in page
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["jeanne@x.test"], "Votre place : Étape à Dole")
    assert "Bonjour Jeanne Marmier," in letter.body
    assert "14\u00a0h – 17\u00a0h\u00a030\nSalle des fêtes, 39100 Dole\n" in letter.body
    assert "supprimés 30 jours après l’étape" in letter.body
    jeanne = Inscription.objects.get()
    assert (jeanne.nom, jeanne.organisation, jeanne.besoins) == (
        "Jeanne Marmier",
        "Les Tilleuls",
        "Un fauteuil roulant",
    )
    assert jeanne.accord.startswith("J’accepte que les organisateurs")
    assert jeanne.accord_le == jeanne.demandee_le

    # Paul gets the last one; Léa waits, and knows it.
    assert "1 place libre" in text(visitor.get("/etapes/dole/"))
    assert visitor.register("paul@x.test", nom="Paul").url == "/etapes/dole/inscription/confirmee/"
    page = text(visitor.get("/etapes/dole/"))
    assert "Complète, liste d’attente ouverte" in page and "Rejoindre la liste d’attente" in page
    answer = visitor.register("lea@x.test", nom="Léa")
    assert answer.url == "/etapes/dole/inscription/liste-d-attente/"
    page = text(visitor.get(answer.url))
    assert "Vous êtes sur la liste d’attente" in page
    assert "Un courriel vient de partir. Il contient le lien pour quitter la liste." in page
    assert subjects()[-1] == ("lea@x.test", "Liste d’attente : Étape à Dole")
    [waiting] = links(mail.outbox[-1])
    assert "numéro 1 sur la liste d’attente" in text(visitor.get(waiting))

    # Jeanne can't come: her link gives the place back, and Léa has it at once.
    [link] = links(letter)
    page = text(visitor.get(link))
    assert "Un fauteuil roulant" in page and "Votre place va à la première personne de la liste d’attente." in page
    mail.outbox.clear()
    assert visitor.post(f"{link}annuler/").url == link
    assert "Votre inscription est annulée" in text(visitor.get(link))
    assert sorted(subjects()) == [
        ("jeanne@x.test", "Inscription annulée : Étape à Dole"),
        ("lea@x.test", "Vous avez une place : Étape à Dole"),
    ]
    assert states() == [("jeanne@x.test", "annulee"), ("paul@x.test", "confirmee"), ("lea@x.test", "confirmee")]
    assert Inscription.objects.get(courriel="jeanne@x.test").besoins == ""
    assert "code qr" in text(visitor.get(waiting)).lower()


def test_the_confirmation_holds_the_calendar_file_and_the_code_for_the_door(visitor, etape):
    visitor.register("jeanne@x.test")
    message = email.message_from_bytes(mail.outbox[0].message().as_bytes())
    parts = {part.get_content_type(): part for part in message.walk()}
    calendar = icalendar.Calendar.from_ical(parts["text/calendar"].get_payload(decode=True))
    [event] = calendar.walk("VEVENT")
    assert (event["UID"], str(event["SUMMARY"]), event["STATUS"]) == (
        f"{etape.uid}@rallynov",
        "Étape à Dole",
        "CONFIRMED",
    )
    assert parts["image/png"].get_payload(decode=True).startswith(b"\x89PNG")
    assert 'src="cid:billet"' in parts["text/html"].get_payload(decode=True).decode()
    assert parts["image/png"]["Content-ID"] == "<billet>"


def test_to_open_the_link_changes_nothing_and_to_cancel_twice_is_once(visitor, etape):
    visitor.register("jeanne@x.test")
    [link] = links(mail.outbox[0])
    visitor.get(link)
    assert visitor.get(f"{link}annuler/").status_code == 405
    assert states() == [("jeanne@x.test", "confirmee")]
    visitor.post(f"{link}annuler/")
    visitor.post(f"{link}annuler/")
    assert [subject for _to, subject in subjects()].count("Inscription annulée : Étape à Dole") == 1


def test_who_is_there_or_was_gives_no_place_back(visitor, etape):
    visitor.register("jeanne@x.test")
    [link] = links(mail.outbox[0])
    check_in(inscription=Inscription.objects.get())
    page = text(visitor.get(link))
    assert "Votre arrivée est notée" in page
    assert "Annuler mon inscription" not in page
    visitor.post(f"{link}annuler/")
    assert states() == [("jeanne@x.test", "confirmee")]
    EtapePage.objects.update(date=in_days(-1), termine_le=timezone.now() - datetime.timedelta(hours=1))
    Inscription.objects.update(arrivee_le=None)
    visitor.post(f"{link}annuler/")
    assert states() == [("jeanne@x.test", "confirmee")]


def test_an_address_that_is_known_is_answered_as_a_new_one_and_its_mail_says_how_it_stands(visitor, etape):
    first = visitor.register("jeanne@x.test")
    backdate_registrations()
    again = visitor.register("JEANNE@x.test", nom="Un autre")
    assert again.url == first.url
    assert states() == [("jeanne@x.test", "confirmee")]
    assert Inscription.objects.get().nom == "Jeanne Marmier"
    assert [message.subject for message in mail.outbox] == ["Votre place : Étape à Dole"] * 2


def test_a_browser_does_not_cut_what_is_pasted(visitor, etape):
    assert "maxlength" not in str(visitor.get(FORM).context["form"])


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(visitor, etape):
    response = visitor.register(
        "jeanne(at)x.test", nom=" \u200b ", organisation="Les Tilleuls", besoins="x" * 1001, accord=""
    )
    assert response.status_code == 422
    form = response.context["form"]
    assert {name: errors[0] for name, errors in form.errors.items()} == {
        "nom": "Ce champ est obligatoire\u00a0: remplissez-le.",
        "courriel": "Cette adresse de courriel est incorrecte. Exemple : nom@exemple.fr.",
        "besoins": "Ce texte est trop long\u00a0: 1001 caractères. Le maximum est 1000 caractères.",
        "accord": "Sans cet accord, nous ne pouvons pas réserver votre place.",
    }
    page = text(response)
    assert 'value="jeanne(at)x.test"' in page and 'value="Les Tilleuls"' in page
    assert 'href="#id_courriel"' in page
    assert states() == []


@pytest.mark.parametrize(
    "typed",
    [
        {"nom": "é" * 121},
        {"nom": "\ud800".encode("utf-8", "surrogatepass")},
        {"courriel": "a@x.test\r\nBcc: tous@x.test"},
        {"courriel": f"{'a' * 250}@x.test"},
        {"organisation": "=HYPERLINK(1)" * 40},
        {"depart": "rien"},
        {"depart": "\x00"},
    ],
)
def test_hostile_input_registers_nobody_and_breaks_nothing(visitor, etape, typed):
    data = {"courriel": "jeanne@x.test"} | typed
    response = visitor.register(data.pop("courriel"), **data)
    assert response.status_code in (302, 422)
    assert all(len(nom) <= 120 for nom in Inscription.objects.values_list("nom", flat=True))
    assert not [message for message in mail.outbox if message.bcc or "tous@x.test" in message.to]


def test_a_form_sent_back_faster_than_one_reads_is_shown_again(visitor, etape, monkeypatch):
    monkeypatch.setattr("fiches.forms.throttle.MINIMUM", 60.0)
    response = visitor.register("jeanne@x.test")
    assert response.status_code == 422
    assert "Attendez quelques secondes, puis envoyez de nouveau. Votre texte reste sur cette page." in text(response)
    assert states() == []


@pytest.mark.nightly
def test_a_source_that_insists_is_asked_to_wait(visitor, etape):
    for number in range(20):
        assert visitor.register(f"personne{number}@x.test").status_code == 302
    response = visitor.register("encore@x.test")
    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert len(states()) == 20


@pytest.mark.nightly
def test_one_address_gets_few_mails_however_often_it_is_typed(visitor, etape, monkeypatch):
    monkeypatch.setattr(outbox, "REPEAT_INTERVAL", 1e-6)
    for _ in range(8):
        visitor.register("jeanne@x.test")
    assert Courriel.objects.filter(modele__startswith="inscription").count() == 5


def test_the_answer_holds_nothing_personal_and_is_kept_by_nobody(visitor, etape):
    answer = visitor.register("jeanne@x.test")
    [link] = links(mail.outbox[0])
    in_the_qr_code = Inscription.objects.get().cle
    assert visitor.get(f"/inscription/{in_the_qr_code.hex}/").status_code == 404
    page = visitor.get(link)
    assert page["Cache-Control"] == "no-store, private"
    assert page["Referrer-Policy"] == "strict-origin"
    assert page["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "jeanne@x.test" not in text(visitor.get(answer.url))
    for path in ("/etapes/dole/", "/api/v1/etapes/dole", "/etapes/", "/etapes/flux.atom"):
        assert "Marmier" not in text(visitor.get(path)), path


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"statut": "annulee"}, "Cette étape est annulée."),
        (
            {"statut": "reportee"},
            "Cette étape est reportée. Les inscriptions ouvriront de nouveau quand la date sera connue.",
        ),
        ({"date": in_days(-3)}, "Cette étape est terminée."),
        ({"inscriptions": "fermees"}, "Les inscriptions à cette étape sont fermées. Vous êtes déjà inscrit ?"),
    ],
)
def test_a_closed_desk_says_why_and_takes_nobody(visitor, etape, change, told):
    depart = visitor.get(FORM).context["form"]["depart"].value()
    for name, value in change.items():
        setattr(etape, name, value)
    etape.save()
    response = visitor.get(FORM)
    assert response.status_code == 200
    assert told in text(response)
    late = visitor.post(FORM, {"nom": "J", "courriel": "jeanne@x.test", "accord": "on", "depart": depart})
    assert late.status_code == 409
    assert states() == []


def test_an_etape_without_registration_has_no_desk(visitor, etape):
    EtapePage.objects.update(inscriptions="aucune")
    assert visitor.get(FORM).status_code == 404
    assert "sans inscription : venez librement" in text(visitor.get("/etapes/dole/"))


def test_an_etape_that_the_public_does_not_see_has_none_either(visitor, etape):
    etape.unpublish()
    assert visitor.get(FORM).status_code == 404


def test_a_link_that_is_cut_short_is_explained(visitor, etape):
    visitor.register("jeanne@x.test")
    [link] = links(mail.outbox[0])
    wrong = visitor.get(f"{link[:-5]}AAAA/")
    assert wrong.status_code == 404
    assert "Ce lien ne fonctionne plus" in text(wrong)


CLOSED, NEVER = "Les inscriptions sont fermées", "Cette étape est sans inscription"
