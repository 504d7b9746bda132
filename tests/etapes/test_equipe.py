"""The organisers' screens: their own étape and no other; the list, the door, the mail to all."""

import csv
import io

import pytest
from django.core import mail
from django.urls import reverse

from etapes.inscriptions.registration_transitions import check_in
from etapes.models import EtapeOrganisation, EtapePage, Inscription
from tests.etapes.conftest import in_days, links, subjects, text
from tests.factories import EtapePageFactory, PartenaireFactory, UserFactory
from tests.formulaires import filled_form


@pytest.fixture
def organiser_browser(browser, organiser, etape):
    """The organiser, at her screen."""
    return browser(organiser)


@pytest.fixture
def registrations_address(etape):
    return reverse("etapes_inscriptions", args=[etape.pk])


def addresses(etape):
    inscription = etape.inscrits.first()
    by_pk = {
        *("etapes_inscriptions", "etapes_inscriptions_results", "etapes_inscriptions_message"),
        *("etapes_kit", "etapes_emargement"),
    }
    read = [reverse(name, args=[etape.pk]) for name in sorted(by_pk)]
    read.append(reverse("etapes_arrivee", args=[inscription.cle]))
    write = [reverse(name, args=[etape.pk]) for name in ("etapes_inscriptions",)]
    write.append(reverse("etapes_inscriptions_agir", args=[etape.pk, inscription.pk, "annuler"]))
    return read, write


@pytest.mark.parametrize("role", [None, "moderation", "partenaire", "jury"])
def test_nobody_else_sees_or_changes_who_comes(browser, etape, register_people, role):
    """Another partner, the moderators, the public."""
    register_people("anne")
    user = role and UserFactory(role=role)
    if role == "partenaire":
        PartenaireFactory(nom="Autre réseau", membres=[user])
    other = browser(user)
    read, write = addresses(etape)
    answers = [other.get(path) for path in read] + [other.post(path, {"ajout-nom": "X"}) for path in write]
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url.partition("?")[0] for answer in answers} <= {"/admin/", "/admin/login/"}
    assert list(Inscription.objects.values_list("nom", "etat")) == [("Anne", "confirmee")]
    assert EtapePage.objects.count() == 1


@pytest.mark.parametrize("role", ["redaction", "admin"])
def test_the_rallys_staff_see_every_etape(browser, etape, register_people, registrations_address, role):
    register_people("anne")
    assert "Anne" in text(browser(UserFactory(role=role)).get(registrations_address))


def test_an_organiser_edits_her_etape_and_no_other(organiser_browser, etape, tree):
    other = EtapePageFactory(parent=tree.etapes, organisateurs=[PartenaireFactory()])
    assert organiser_browser.get(reverse("wagtailadmin_pages:edit", args=[etape.pk])).status_code == 200
    assert organiser_browser.get(reverse("wagtailadmin_pages:edit", args=[other.pk])).url == "/admin/"
    assert organiser_browser.get(reverse("etapes_inscriptions", args=[other.pk])).url == "/admin/"


def test_what_an_organiser_writes_goes_online_through_the_review(organiser_browser, etape):
    edit = reverse("wagtailadmin_pages:edit", args=[etape.pk])
    form = filled_form(organiser_browser.get(edit)) | {"chapo": "Un nouveau texte.", "action-submit": "1"}
    organiser_browser.post(edit, form)
    etape.refresh_from_db()
    assert (etape.chapo, etape.workflow_in_progress) == ("", True)
    assert etape.get_latest_revision_as_object().chapo == "Un nouveau texte."


def test_the_list_tells_how_many_come_wait_and_need_something(
    organiser_browser, etape, register_people, registrations_address
):
    register_people("anne", "bruno", besoins="Un fauteuil")
    register_people("carole")
    page = text(organiser_browser.get(registrations_address))
    assert "Avec une place</dt><dd>2 / 2" in page
    assert "En attente</dt><dd>1" in page
    assert "Avec des besoins</dt><dd>2" in page
    assert page.index(">Anne") < page.index(">Bruno") < page.index(">Carole")
    assert "Un fauteuil" in page and "mailto:anne@x.test" in page


def test_the_list_is_searched_and_filtered(organiser_browser, etape, register_people, registrations_address):
    register_people("anne", "bruno", "carole")

    def names(**query):
        return [
            each.nom for each in organiser_browser.get(registrations_address, query_params=query).context["object_list"]
        ]

    assert names(q="BRU") == ["Bruno"]
    assert names(etat="attente") == ["Carole"]
    assert names(q="anne@x.test") == ["Anne"]
    check_in(inscription=etape.inscrits.get(nom="Bruno"))
    assert names(arrivee="oui") == ["Bruno"]
    assert names(arrivee="non", etat="confirmee") == ["Anne"]
    assert names(q="personne") == []
    etape.inscrits.filter(nom="Carole").update(nom="Chloé Traoré")
    assert names(q="traore CHLOÉ") == ["Chloé Traoré"]
    etape.inscrits.filter(nom="Chloé Traoré").update(nom="Carole")
    assert names(etat="inventé") == ["Anne", "Bruno", "Carole"]
    assert names(p="1e20") == names(p="-1") == ["Anne", "Bruno", "Carole"]


def test_the_table_for_a_spreadsheet_holds_what_is_on_screen_and_runs_nothing(
    organiser_browser, etape, register_people, registrations_address
):
    register_people("anne", organisation="=HYPERLINK(1)", besoins="+33")
    register_people("bruno", "carole")
    response = organiser_browser.get(registrations_address, query_params={"export": "csv"})
    assert response["Content-Disposition"] == 'attachment; filename="inscriptions-dole.csv"'
    header, *rows = csv.reader(io.StringIO(response.getvalue().decode()))
    assert header == [
        *("Nom", "Organisation", "Courriel", "État", "Demandée le", "Arrivée à", "Besoins d’accessibilité"),
    ]
    assert [row[:4] + row[5:] for row in rows] == [
        ["Anne", "'=HYPERLINK(1)", "anne@x.test", "a une place", "", "'+33"],
        ["Bruno", "", "bruno@x.test", "a une place", "", ""],
        ["Carole", "", "carole@x.test", "sur la liste d’attente", "", ""],
    ]
    filtered = (
        organiser_browser.get(registrations_address, query_params={"export": "csv", "etat": "attente"})
        .getvalue()
        .decode()
    )
    assert filtered.count("\r\n") == 2 and "Carole" in filtered


def test_somebody_is_written_down_who_called(organiser_browser, etape, registrations_address):
    add = reverse("etapes_inscriptions", args=[etape.pk])
    organiser_browser.post(add, {"ajout-nom": "Par téléphone"})
    organiser_browser.post(add, {"ajout-nom": "Avec adresse", "ajout-courriel": "Elle@x.test"})
    assert subjects() == [("elle@x.test", "Votre place : Étape à Dole")]
    answer = organiser_browser.post(add, {"ajout-nom": "Encore elle", "ajout-courriel": "elle@x.test"}, follow=True)
    assert "déjà inscrite, au nom de Avec adresse : a une place." in text(answer)
    assert list(etape.inscrits.values_list("nom", "ajoutee_par__username")) == [
        ("Par téléphone", "organisatrice"),
        ("Avec adresse", "organisatrice"),
    ]
    wrong = organiser_browser.post(add, {"ajout-nom": "", "ajout-courriel": "faux", "ajout-besoins": "Gardé"})
    assert wrong.status_code == 422
    assert 'value="faux"' in text(wrong) and "Gardé" in text(wrong)


def test_an_organiser_cancels_gives_a_place_and_checks_in_by_hand(organiser_browser, etape, register_people):
    anne, _bruno, carole, denis = register_people("anne", "bruno", "carole", "denis")

    def act(inscription, verb):
        return organiser_browser.post(
            reverse("etapes_inscriptions_agir", args=[etape.pk, inscription.pk, verb]), follow=True
        )

    assert "Anne : annulée." in text(act(anne, "annuler"))
    assert "C’est déjà fait pour Anne : annulée." in text(act(anne, "annuler"))
    assert "Denis : a une place." in text(act(denis, "place"))
    assert "Denis : est là." in text(act(denis, "arrivee"))
    assert "Denis : a une place." in text(act(denis, "depart"))
    assert act(denis, "inventer").status_code == 404
    carole.refresh_from_db()
    assert carole.etat == "confirmee"


def test_a_verb_reaches_the_people_of_its_etape_only(organiser_browser, etape, tree):
    other = EtapePageFactory(parent=tree.etapes, date=in_days(5))
    theirs = Inscription.objects.create(etape=other, nom="Ailleurs", etat="confirmee")
    answer = organiser_browser.post(reverse("etapes_inscriptions_agir", args=[etape.pk, theirs.pk, "annuler"]))
    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.etat == "confirmee"


# --- The door ---------------------------------------------------------------------------------------------------------


def test_the_code_is_read_by_a_phone_and_one_button_lets_in(organiser_browser, etape, register_people):
    anne = register_people("anne", besoins="Un fauteuil")
    door = reverse("etapes_arrivee", args=[anne.cle])
    page = text(organiser_browser.get(door))
    assert ">Anne</h2>" in page and "A une place" in page and "Un fauteuil" in page
    anne.refresh_from_db()
    assert anne.arrivee_le is None  # to look changes nothing
    organiser_browser.post(door)
    assert "Est là depuis" in text(organiser_browser.get(door))
    anne.refresh_from_db()
    first = anne.arrivee_le
    organiser_browser.post(door)
    anne.refresh_from_db()
    assert anne.arrivee_le == first
    organiser_browser.post(door, {"oublier": "1"})
    anne.refresh_from_db()
    assert anne.arrivee_le is None


def test_the_code_tells_nothing_to_who_is_not_an_organiser(browser, etape, register_people, client):
    anne = register_people("anne")
    door = reverse("etapes_arrivee", args=[anne.cle])
    assert client.get(door).url.startswith("/admin/login/?next=/admin/etapes/arrivee/")
    stranger = browser(UserFactory(role="partenaire"))
    assert stranger.post(door).url == "/admin/"
    anne.refresh_from_db()
    assert anne.arrivee_le is None


# --- The mail to all --------------------------------------------------------------------------------------------------


@pytest.fixture
def mailing_address(etape):
    return reverse("etapes_inscriptions_message", args=[etape.pk])


def write(organiser_browser, mailing_address, **typed):
    form = organiser_browser.get(mailing_address).context["form"]
    data = {
        "cle": form["cle"].value(),
        "public": "confirmees",
        "objet": "À demain, {nom}",
        "texte": "Rendez-vous {lieu}.",
    }
    return {**data, **typed}


def send(organiser_browser, mailing_address, data, **more):
    """Sends a mail to all once it was shown."""
    shown = filled_form(organiser_browser.post(mailing_address, data | {"apercu": ""}), "main form")
    return organiser_browser.post(mailing_address, shown | {"envoyer": ""}, **more)


def test_a_mail_to_all_is_shown_then_sent_once(organiser_browser, etape, register_people, mailing_address):
    register_people("anne", "bruno", "carole")
    data = write(organiser_browser, mailing_address)
    preview = text(organiser_browser.post(mailing_address, data | {"apercu": ""}))
    assert "Ce courriel part pour 2 personnes" in preview
    assert "<strong>À demain, Anne</strong>" in preview and "Rendez-vous Salle des fêtes, 39100 Dole." in preview
    assert mail.outbox == []
    send(organiser_browser, mailing_address, data)
    assert subjects() == [("anne@x.test", "À demain, Anne"), ("bruno@x.test", "À demain, Bruno")]
    assert "Rendez-vous Salle des fêtes, 39100 Dole." in mail.outbox[0].body
    assert len(links(mail.outbox[0])) == 1
    again = send(organiser_browser, mailing_address, data, follow=True)
    assert "déjà parti" in text(again)
    assert len(mail.outbox) == 2
    assert "« À demain, … »" in text(again)


def test_who_answers_a_mail_writes_to_the_organisers_whose_address_may_be_shown(
    organiser_browser, etape, register_people, mailing_address
):
    register_people("anne")
    assert "Personne ne reçoit les réponses" in text(organiser_browser.get(mailing_address))
    for courriel, shown in (("accueil@orga.test", True), ("prive@orga.test", False), ("", True)):
        EtapeOrganisation.objects.create(
            etape=etape, partenaire=PartenaireFactory(), contact_courriel=courriel, contact_public=shown
        )
    assert "Les réponses vont à accueil@orga.test." in text(organiser_browser.get(mailing_address))
    send(organiser_browser, mailing_address, write(organiser_browser, mailing_address))
    assert mail.outbox[0].reply_to == ["accueil@orga.test"]


@pytest.mark.parametrize(
    ("public", "who"),
    [("confirmees", ["anne", "bruno"]), ("attente", ["carole"]), ("tous", ["anne", "bruno", "carole"])],
)
def test_it_goes_to_those_chosen(organiser_browser, etape, register_people, mailing_address, public, who):
    register_people("anne", "bruno", "carole")
    send(organiser_browser, mailing_address, write(organiser_browser, mailing_address, public=public))
    assert [message.to for message in mail.outbox] == [[f"{name}@x.test"] for name in who]


# --- What is deleted --------------------------------------------------------------------------------------------------
