"""The editors' guide inside the admin."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from config.guide import TASKS_OF_PAGES, TASKS_OF_URLS
from tests.factories import CarnetPageFactory, EtapePageFactory, FichePageFactory, UserFactory

pytestmark = pytest.mark.django_db


TASKS = [
    ("ecrire-une-fiche", "Écrire une fiche"),
    ("relire-et-decider", "Relire et décider"),
    ("importer-un-tableau", "Importer un tableau"),
    ("annoncer-une-etape", "Annoncer une étape"),
    ("envoyer-un-carnet-de-route", "Envoyer un carnet de route"),
]


def parsed(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser")


def test_the_guide_is_five_tasks_with_pictures_read_in_the_admin(client, tree):
    client.force_login(UserFactory(role="partenaire"))
    page = parsed(client, "/admin/guide/")
    assert [(each["id"], each.text) for each in page.select(".guide__texte h2")][:5] == TASKS
    assert [each["href"] for each in page.select(".guide__sommaire a")][:5] == [
        f"#{anchor}" for anchor, _title in TASKS
    ]
    assert [each.text for each in page.select("main h1")] == ["Guide de la rédaction"]
    for anchor, title in TASKS:
        after = page.find(id=anchor).find_all_next(["h2", "img"])
        assert after[0].name == "img", title  # each has a picture
    pictures = page.select(".guide__texte img")
    for picture in pictures:
        assert picture["alt"]
        content = b"".join(client.get(picture["src"]).streaming_content)
        assert Image.open(BytesIO(content)).size == (int(picture["width"]), int(picture["height"]))


def test_each_screen_of_a_task_leads_to_it(client, tree):
    client.force_login(UserFactory(role="redaction"))
    fiche = FichePageFactory(parent=tree.fiches)
    etape = EtapePageFactory(parent=tree.etapes)
    carnet = CarnetPageFactory(parent=tree.carnets)
    leads = {
        "/admin/fiches/": "ecrire-une-fiche",
        f"/admin/pages/{fiche.pk}/edit/": "ecrire-une-fiche",
        f"/admin/pages/add/rallynov_fiches/fichepage/{tree.fiches.pk}/": "ecrire-une-fiche",
        f"/admin/redaction/innovations/{fiche.pk}/": "relire-et-decider",
        "/admin/candidatures/dossiers/": "relire-et-decider",
        "/admin/redaction/imports/": "importer-un-tableau",
        "/admin/etapes/": "annoncer-une-etape",
        "/admin/etapes/comptes-rendus/": "annoncer-une-etape",
        f"/admin/pages/{etape.pk}/edit/": "annoncer-une-etape",
        f"/admin/pages/{carnet.pk}/edit/": "envoyer-un-carnet-de-route",
        f"/admin/carnets/{carnet.pk}/envoi/": "envoyer-un-carnet-de-route",
    }
    found = {
        address: [each["href"] for each in parsed(client, address).select(".guide-de-l-ecran")] for address in leads
    }
    assert found == {address: [f"/admin/guide/#{anchor}"] for address, anchor in leads.items()}
    assert parsed(client, f"/admin/pages/{tree.home.pk}/edit/").select(".guide-de-l-ecran") == []
    assert set(TASKS_OF_URLS.values()) | set(TASKS_OF_PAGES.values()) == {anchor for anchor, _title in TASKS}


def test_no_file_but_the_guides_pictures_is_given(client, tree):
    client.force_login(UserFactory(role="partenaire"))
    assert client.get("/admin/guide/images/inconnue.png").status_code == 404
    assert client.get("/admin/guide/images/..%2Fredaction.png", follow=True).status_code == 404


def test_the_guide_is_for_who_signs_in(client, tree):
    assert client.get("/admin/guide/").status_code == 302
    assert client.get("/admin/guide/images/accueil.png").status_code == 302


@pytest.mark.parametrize("role", ["partenaire", "admin"])
def test_it_is_the_only_guide_and_no_help_leads_to_another_host(client, tree, role):
    client.force_login(UserFactory(role=role))
    page = client.get("/admin/").content.decode()
    assert "/admin/guide/" in page
    assert "wagtail.org" not in page
