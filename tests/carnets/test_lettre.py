"""The mail that an issue is: holds in mail programs, says the same as the page, and has its twin in plain text."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from wagtail.images import get_image_model

from etapes.carnets.mail_composition import STOP, compose
from etapes.carnets.models import CarnetPage
from fiches.palmares.models import Rang
from fiches.palmares.transitions import publish_now
from tests import pictures
from tests.factories import FichePageFactory
from tests.palmares.conftest import Rally

pytestmark = pytest.mark.django_db


@pytest.fixture
def illustrated(carnet):
    image = get_image_model().objects.create(
        title="photo", file=ContentFile(pictures.picture(), name="photo.jpg"), credit="Anne Essai"
    )
    drawn = {"image": image, "alt_text": "Un four partagé", "decorative": False}
    carnet.corps.append(("image", {"image": image, "legende": "Le four"}))
    carnet.corps[-1].value["image"].contextual_alt_text = drawn["alt_text"]
    carnet.save_revision().publish()
    return CarnetPage.objects.get(pk=carnet.pk)


def test_it_holds_where_style_sheets_scripts_and_modern_pictures_do_not(illustrated):
    html, _text = compose(illustrated)
    soup = BeautifulSoup(html, "html.parser")
    assert soup.find_all(["link", "style", "script", "svg", "picture", "video", "form"]) == []
    assert [tag["class"] for tag in soup.find_all(class_=True)] == []
    assert {table["role"] for table in soup.find_all("table")} == {"presentation"}
    images = soup.find_all("img")
    assert len(images) == 1
    assert all(image.has_attr("alt") and image.has_attr("width") for image in images)
    assert images[0]["alt"] == "Un four partagé"
    assert images[0]["src"].startswith("http")
    assert images[0]["src"].endswith((".jpg", ".jpeg"))
    assert all(link["href"].startswith(("http://", "https://")) for link in soup.find_all("a"))
    assert all(tag.has_attr("style") for tag in soup.find("body").find_all(["p", "h1", "h2", "h3", "a", "li"]))
    assert soup.html["lang"] == "fr"
    assert len(html) < 100_000  # past that, mail programs cut it


def test_its_plain_text_says_the_same(carnet):
    html, text = compose(carnet)
    shown = " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())
    for words in ("Où l’on va.", "Pourquoi un rallye", "On partage tout.", "Les étapes", "L’originale gouvernance"):
        assert words in shown
        assert words in text
    assert "la suite (https://exemple.test/suite)" in text
    assert "- un\n- deux" in text
    assert "<" not in text
    assert STOP in html
    assert STOP not in text  # the wording that staff may change gives it


def test_the_page_the_mail_and_the_api_tell_a_prize_once_everyone_may_know(carnet, tree, client):
    rally = Rally(tree)
    rally.open()
    rally.close()
    rally.decide((0, Rang.PREMIER, "Pour son zinzolin."))

    def word_shown():
        html, text = compose(CarnetPage.objects.get(pk=carnet.pk))
        return ["zinzolin" in each for each in (html, text, client.get(carnet.url).content.decode())]

    assert word_shown() == [False, False, False]
    publish_now(rally.palmares)
    assert word_shown() == [True, True, True]
    block = client.get("/api/v1/carnets/n-7").json()["corps"][-1]
    assert block == {"type": "prix", "titre": "Les prix", "edition": 2013}


def test_what_the_public_may_not_see_is_not_mailed(carnet, tree):
    carnet_fiche = FichePageFactory(parent=tree.fiches, title="Fiche-retirée")
    carnet.corps.append(("fiches", {"titre": "À lire", "fiches": [carnet_fiche]}))
    carnet.save_revision().publish()
    carnet_fiche.unpublish()
    html, text = compose(CarnetPage.objects.get(pk=carnet.pk))
    assert "Fiche-retirée" not in html + text
