"""The editors' guide inside the admin."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.factories import UserFactory

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


def test_no_file_but_the_guides_pictures_is_given(client, tree):
    client.force_login(UserFactory(role="partenaire"))
    assert client.get("/admin/guide/images/inconnue.png").status_code == 404
    assert client.get("/admin/guide/images/..%2Fredaction.png", follow=True).status_code == 404


def test_the_guide_is_for_who_signs_in(client, tree):
    assert client.get("/admin/guide/").status_code == 302
    assert client.get("/admin/guide/suite/").status_code == 302
    assert client.get("/admin/guide/images/accueil.png").status_code == 302
