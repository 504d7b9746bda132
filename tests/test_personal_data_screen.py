"""Staff who have the right find what is held of a person, export it and erase it, from the admin."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Comment

from etapes.models import Inscription
from fiches.candidatures.models import Dossier, Evenement, Modification
from fiches.mail import outbox, subscriptions
from fiches.models import Abonnement, Courriel, FichePage
from fiches.upkeep.personal_data.registry import COLUMNS
from fiches.upkeep.personal_data.search import column_name
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


def test_the_history_and_the_changes_of_a_dossier_have_french_names(client, officer, records_of_person):
    dossier = Dossier.objects.create(courriel="autre@exemple.test", organisation="Tilleuls")
    Evenement.objects.create(dossier=dossier, texte=f"Rappeler {MAIL}.", interne=True)
    Modification.objects.create(
        dossier=dossier, revision=1, champ="chapo", avant=f"Ancien {MAIL}", apres=f"Nouveau {MAIL}"
    )
    page = words(client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "chercher"}))
    assert "Ligne de l’historique d’un dossier : Tilleuls Texte" in page
    assert "Changement d’une réponse d’un dossier : Tilleuls Ancienne réponse" in page and "Nouvelle réponse" in page
    assert not {"Evenement", "Apres", "Avant"} & set(page.split())


def test_a_comment_and_a_former_version_have_french_names(client, officer, records_of_person):
    records_of_person.save_revision()
    page = words(client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "chercher"}))
    assert f"Commentaire : {records_of_person.title} Texte du commentaire" in page
    assert f"Fiche : {records_of_person.title} Contenu (ancienne version)" in page
    assert [word for word in page.split() if word in {"Text", "Data", "Label"}] == []
    assert "Contenu JSON" not in page


def test_what_other_packages_store_has_french_names():
    """A name that is the same in both languages was not translated."""
    ours = {config.name for config in apps.get_app_configs() if config.name.partition(".")[0] in OURS}
    untold = []
    for model, columns in COLUMNS.items():
        if model._meta.app_config.name not in ours:
            for name in columns.searched:
                said = []
                for language in ("en", "fr"):
                    with override(language):
                        said.append(column_name(model, name))
                if said[0] == said[1]:
                    untold.append((model._meta.label, name, said[0]))
    assert untold == []


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
    erasure = {"courriel": MAIL, "nom": "Jeanne Marmier", "partout": "on", "confirmation": MAIL, "action": "effacer"}
    page = words(client.post(SCREEN, erasure, follow=True))
    assert "Reçu de l’effacement" in page and officer.username in page
    assert re.search(r"Supprimé .*Abonnements par courriel : 1 .*Conservé sans le nom .*Mentions : \d+", page)
    assert MAIL not in page and "Marmier" not in page
    assert words(client.get(SCREEN)) == page  # read again, it is the same, and nothing is erased twice
    assert Abonnement.objects.count() == 0
    assert FichePage.objects.get().chapo == "Racontée par – à Dole."
    assert Comment.objects.get().text == "Appeler le –"
    again = words(client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "chercher"}))
    assert "Le site ne conserve rien sur cette personne." in again
    assert "Reçu de l’effacement" not in again + words(client.get(SCREEN))


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '<p data-block-key="a1b2c">Avec Jeanne Marmier</p><p data-block-key="d3e4f">Suite</p>',
            "Avec Jeanne Marmier Suite",
        ),
        (
            '<p data-block-key="a1b2c"><a href="mailto:jeanne@tilleuls.test" id="x">Écrire</a></p>',
            "mailto:jeanne@tilleuls.test x",
        ),
        ("Avec &lt;Jeanne&nbsp;Marmier&gt;", "Avec <Jeanne Marmier>"),
    ],
)
def test_an_extract_is_plain_text(client, officer, tree, text, said):
    FichePageFactory(parent=tree.fiches, corps=[("texte", text)])
    response = client.post(SCREEN, follow=True, data={"courriel": MAIL, "nom": "Jeanne Marmier", "action": "chercher"})
    cells = BeautifulSoup(response.content, "html.parser").select("table td:nth-of-type(3)")
    assert said in [" ".join(cell.get_text().split()) for cell in cells]


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


def test_the_receipt_leads_to_what_is_left_and_names_neither_the_person_nor_what_is_deleted(client, tree):
    client.force_login(UserFactory(role="admin"))
    Dossier.objects.create(courriel=MAIL, organisation="Tilleuls", numero="2026-00001")
    kept = FichePageFactory(parent=tree.fiches, title="Le four", slug="le-four-de-jeanne-marmier")
    doubtful = FichePageFactory(parent=tree.fiches, title="Chez Jeanne Marmier-Dupont")
    named = PartenaireFactory(nom="Jeanne Marmier", sigle="")
    typed = {"courriel": MAIL, "nom": "Jeanne Marmier", "partout": "on", "confirmation": MAIL, "action": "effacer"}
    answer = client.post(SCREEN, typed, follow=True)
    assert Dossier.objects.count() == 0
    assert links_of(answer) == {
        "Fiche : Le four": reverse("wagtailadmin_pages:edit", args=[kept.pk]),
        f"Fiche {doubtful.pk}": reverse("wagtailadmin_pages:edit", args=[doubtful.pk]),
        f"Partenaire {named.pk}": reverse("wagtailsnippets_rallynov_fiches_partenaire:edit", args=[named.pk]),
    }
    assert "Marmier" not in words(answer) and "Tilleuls" not in words(answer)


def test_the_receipt_counts_the_mails_that_went_with_the_dossier(client, officer):
    """Those to the person, and those to the team about the person's dossier."""
    dossier = Dossier.objects.create(courriel=MAIL, organisation="Tilleuls", numero="2026-00001")
    for key, to in (("lien", MAIL), ("accuse", MAIL), ("equipe", "equipe@rallynov.test")):
        outbox.post(f"{key}:{dossier.pk}", modele=key, destinataires=[to], sujet=dossier)
    outbox.post("autre", modele="lien", destinataires=["autre@exemple.test"])
    answer = client.post(SCREEN, follow=True, data={"courriel": MAIL, "confirmation": MAIL, "action": "effacer"})
    assert "Dossiers : 1 Courriels : 3" in words(answer)
    assert [mail.cle for mail in Courriel.objects.all()] == ["autre"]


def test_the_screen_says_before_what_is_deleted_emptied_or_left(client, officer, records_of_person):
    page = words(client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "chercher"}))
    assert "Les éléments ci-dessus sont supprimés" not in page
    for said in (
        "Les éléments de la personne sont supprimés, ou vidés de ce qui la désigne.",
        "Ce que seul un humain peut juger reste en place : le reçu en donne la liste, avec un lien vers chaque page.",
    ):
        assert said in page


def test_the_screen_has_one_title(client, officer):
    titles = BeautifulSoup(client.get(SCREEN).content, "html.parser").find_all("h1")
    assert [title.get_text(strip=True) for title in titles] == ["Données personnelles"]
