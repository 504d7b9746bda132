"""Staff who have the right find what is held of a person, export it and erase it, from the admin."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Comment

from etapes.models import Inscription
from fiches.candidatures.models import Dossier, Modification, PieceJointe
from fiches.mail import subscriptions
from fiches.models import Abonnement, TexteDeDocument
from fiches.publications.linked_documents import document_fingerprint
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory, UserFactory
from tests.screens import SCREEN, words
from tests.screens import officer as officer

MAIL = "jeanne@tilleuls.test"
OURS = {"etapes", "fiches", "home"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def records_of_person(tree):
    """An alert of the person's own; a contact and a comment that name her."""
    subscriptions.ask("recherche", courriel=MAIL, mention="J’accepte.", question="q=lait")
    PartenaireFactory(contact_nom="Jeanne Marmier", contact_courriel=MAIL, contact_telephone="03 81 86 58 58")
    fiche = FichePageFactory(parent=tree.fiches, slug="recette", chapo="Racontée par Jeanne Marmier à Dole.")
    Comment.objects.create(page=fiche, user=UserFactory(), text="Appeler le 03.81.86.58.58", contentpath="title")
    return fiche


def test_what_is_held_is_found_by_the_address_and_what_stands_beside_it(client, officer, records_of_person):
    page = words(client.post(SCREEN, follow=True, data={"courriel": "Jeanne@Tilleuls.test", "action": "chercher"}))
    assert "Abonnements par courriel : 1" in page
    assert "Racontée par Jeanne Marmier à Dole." in page
    assert "Appeler le 03.81.86.58.58" in page


def test_the_export_is_the_same_as_json(client, officer, records_of_person):
    response = client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "exporter"})
    data = json.loads(response.content)
    assert response["Content-Disposition"] == 'attachment; filename="donnees.json"'
    assert [alert["question"] for alert in data["abonnements par courriel"]] == ["q=lait"]
    told = {(mention["quoi"], mention["extrait"]) for mention in data["mentions"]}
    assert {("commentaire", "Appeler le 03.81.86.58.58"), ("partenaire", "Jeanne Marmier")} <= told


def test_an_erasure_asks_for_the_address_once_more_and_gives_a_receipt(client, officer, records_of_person):
    refused = client.post(SCREEN, follow=True, data={"courriel": MAIL, "confirmation": "jeanne", "action": "effacer"})
    assert "Rien n’est effacé" in words(refused)
    assert Abonnement.objects.count() == 1
    erasure = {"courriel": MAIL, "confirmation": MAIL, "action": "effacer"}
    page = words(client.post(SCREEN, erasure))
    assert "Reçu de l’effacement" in page and officer.username in page
    assert re.search(r"Effacé Abonnements par courriel : 1 .*Autres textes : \d+", page)
    assert "Racontée par Jeanne Marmier à Dole." in page  # until somebody ticks it
    assert Abonnement.objects.count() == 0
    assert Comment.objects.get().text == "Appeler le –"


def test_a_name_in_the_field_of_the_e_mail_is_led_to_its_own(client, officer, records_of_person):
    page = words(client.post(SCREEN, {"courriel": "Jeanne Marmier", "action": "chercher"}))
    assert "Un nom s’écrit dans le champ suivant." in page


def test_one_word_is_no_name(client, officer, records_of_person):
    page = words(client.post(SCREEN, follow=True, data={"nom": "Jeanne", "action": "chercher"}))
    assert "Écrivez le prénom et le nom" in page


def test_an_administrator_is_not_erased(client, officer, records_of_person):
    admin = UserFactory(role="admin")
    page = words(
        client.post(
            SCREEN, follow=True, data={"courriel": admin.email, "confirmation": admin.email, "action": "effacer"}
        )
    )
    assert "Retirez d’abord ses droits" in page
    admin.refresh_from_db()
    assert admin.is_active


def test_an_erased_account_opens_nothing_any_more(client, officer, records_of_person):
    gone = UserFactory(role="partenaire", first_name="Anne", last_name="Poncet")
    client.post(SCREEN, follow=True, data={"courriel": gone.email, "confirmation": gone.email, "action": "effacer"})
    gone.refresh_from_db()
    assert (gone.username, gone.email, gone.get_full_name()) == (f"efface-{gone.pk}", "", "")
    assert not gone.is_active and not gone.has_usable_password()


@pytest.mark.parametrize("role", ["redaction", "moderation", "partenaire"])
def test_who_has_not_the_right_sees_nothing(client, records_of_person, role):
    client.force_login(UserFactory(role=role))
    response = client.post(SCREEN, {"courriel": MAIL, "confirmation": MAIL, "action": "effacer"})
    assert response.status_code == 302 and response["Location"] == "/admin/"
    assert Abonnement.objects.count() == 1


def test_each_row_of_the_person_leads_to_the_page_where_it_is_withdrawn(client, officer, tree):
    dossier = Dossier.objects.create(courriel=MAIL)
    etape = EtapePageFactory(parent=tree.etapes)
    Inscription.objects.create(etape=etape, nom="Jeanne Marmier", courriel=MAIL)
    Abonnement.objects.create(courriel=MAIL, nature="carnets")
    account = UserFactory(email=MAIL)
    page = BeautifulSoup(
        client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "chercher"}).content, "html.parser"
    ).main
    led = {link["href"] for link in page.find_all("a")}
    assert {
        f"/admin/candidatures/dossiers/{dossier.pk}/",
        f"/admin/etapes/{etape.pk}/inscriptions/",
        f"/admin/abonnes/delete/{Abonnement.objects.get().pk}/",
        f"/admin/users/edit/{account.pk}/",
    } <= led


def test_files_whose_text_the_search_does_not_know_are_counted(client, officer, tree):
    def asked(**data):
        return words(client.post(SCREEN, {"courriel": MAIL, "confirmation": MAIL, **data}))

    assert "Fichiers que cette recherche n’a pas lus" not in asked(action="chercher")
    make = get_document_model().objects.create
    read, replaced = (make(title="Plan", file=ContentFile(b"texte", name="a.txt")) for _two in range(2))
    make(title="Plan", file=ContentFile(b"son", name="a.mp3"))
    for document, fingerprint in ((read, document_fingerprint(read)), (replaced, "avant")):
        TexteDeDocument.objects.create(document=document.pk, empreinte=fingerprint, texte="Rien.")
    dossier = Dossier.objects.create(courriel="autre@exemple.test")
    for _two in range(2):
        PieceJointe.objects.create(dossier=dossier, nom="statuts", extension="pdf", type_mime="a", taille=1)
    for action in ("chercher", "effacer"):
        assert "Fichiers que cette recherche n’a pas lus : 3." in asked(action=action)


def links_of(response):
    """``{text: address}`` of the links of the screen."""
    main = BeautifulSoup(response.content, "html.parser").main
    return {" ".join(link.get_text(" ").split()): link["href"] for link in main.select("td a, dd a")}


def test_each_text_that_names_the_person_leads_to_the_page_where_it_stands(client, records_of_person):
    client.force_login(UserFactory(role="admin"))
    dossier = Dossier.objects.create(courriel="autre@exemple.test", organisation="Tilleuls", numero="2026-00001")
    Modification.objects.create(dossier=dossier, revision=1, champ="chapo", avant="", apres=f"Nouveau {MAIL}")
    found = links_of(
        client.post(SCREEN, follow=True, data={"courriel": MAIL, "nom": "Jeanne Marmier", "action": "chercher"})
    )
    page = reverse("wagtailadmin_pages:edit", args=[records_of_person.pk])
    assert found[f"Fiche : {records_of_person.title}"] == found[f"Commentaire : {records_of_person.title}"] == page
    assert found["Changement d’une réponse d’un dossier : Tilleuls"] == reverse("dossiers:detail", args=[dossier.pk])


def test_a_text_whose_page_one_may_not_open_has_its_title_and_no_link(client, records_of_person):
    dossier = Dossier.objects.create(courriel="autre@exemple.test", organisation="Tilleuls", numero="2026-00001")
    Modification.objects.create(dossier=dossier, revision=1, champ="chapo", avant="", apres=f"Nouveau {MAIL}")
    reader = UserFactory()
    named = ["access_admin", "gerer_donnees_personnelles"]
    reader.user_permissions.add(*Permission.objects.filter(codename__in=named))
    client.force_login(reader)
    answer = client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "chercher"})
    assert "Changement d’une réponse d’un dossier : Tilleuls" in words(answer)
    assert links_of(answer) == {}


def test_the_screen_has_one_title(client, officer):
    titles = BeautifulSoup(client.get(SCREEN).content, "html.parser").find_all("h1")
    assert [title.get_text(strip=True) for title in titles] == ["Données personnelles"]
