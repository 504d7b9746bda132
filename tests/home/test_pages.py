import datetime
import json
import re

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from fiches.formats import day
from fiches.publications.version import touch
from home.models import Organisme, Reference
from tests.batch_indexing import batch_indexing
from tests.factories import (
    CarnetPageFactory,
    ContentPageFactory,
    CritereFactory,
    DimensionFactory,
    EditionFactory,
    EtapePageFactory,
    FichePageFactory,
    GrillePageFactory,
    IllustrationFactory,
    PartenaireFactory,
    PartenairesPageFactory,
)


def test_home_shows_the_next_etape_that_takes_place(tree, client):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    EtapePageFactory(parent=tree.etapes, date=tomorrow, statut="annulee")
    following = EtapePageFactory(parent=tree.etapes, date=tomorrow + datetime.timedelta(days=1))
    assert client.get("/").context["prochaine"] == following


def test_home_shows_the_report_once_the_road_is_travelled(tree, client):
    EtapePageFactory(parent=tree.etapes, date=datetime.date(2013, 4, 8))
    carnet = CarnetPageFactory(parent=tree.carnets, title="Le premier carnet")
    response = client.get("/")
    assert response.context["prochaine"] is None
    assert response.context["carnet"] == carnet
    assert "Le premier carnet" in response.content.decode()


def test_home_counts_innovations_once_there_are_some(tree, client):
    EtapePageFactory(parent=tree.etapes, commune_id="25056")
    assert "par département" not in client.get("/").content.decode()
    FichePageFactory(parent=tree.fiches, commune_id="25056", point="SRID=4326;POINT(6.02 47.24)")
    assert "1 innovation, par département" in client.get("/").content.decode()


def test_home_has_three_doors_and_three_true_figures(tree, client):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    EtapePageFactory(parent=tree.etapes, date=tomorrow, statut="annulee")
    EtapePageFactory(parent=tree.etapes, date=tomorrow)
    for _ in range(2):
        FichePageFactory(parent=tree.fiches)
    PartenaireFactory(roles=["copilote", "organisateur"])
    page = client.get("/").content.decode()
    assert re.findall(r'class="door[^"]*" href="([^"]+)"', page) == ["/fiches/", "/candidature/", "/signaler/"]
    figures = page.split('<dl class="figures-row">')[1].split("</dl>")[0]
    assert re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", figures) == [
        ("innovations racontées", "2"),
        ("étape ouverte au public", "1"),
        ("partenaire du rallye", "1"),
    ]


@pytest.mark.parametrize("number", [1, 30])
def test_home_costs_the_same_whatever_it_shows(tree, client, number, django_assert_num_queries):
    with batch_indexing():
        for _ in range(number):
            FichePageFactory(parent=tree.fiches)
            EtapePageFactory(parent=tree.etapes, organisateurs=[PartenaireFactory(roles=["organisateur"])])
    client.get("/")
    touch()
    with django_assert_num_queries(19):
        client.get("/")
    with django_assert_num_queries(6):
        client.get("/")


def test_the_main_action_has_the_title_of_its_page_as_it_is_now(tree, client):
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger")
    tree.home.action_page = fiche
    tree.home.save()
    assert ">Le verger</strong>" in client.get("/").content.decode()
    fiche.title = "Le potager"
    fiche.save_revision().publish()
    assert client.get("/").content.decode().count(">Le verger</strong>") == 0


def test_home_shows_the_six_latest_innovations_less_what_has_expired_since(tree, client, monkeypatch):
    now, hour = timezone.now(), datetime.timedelta(hours=1)
    for rank in range(8):
        FichePageFactory(
            parent=tree.fiches,
            title=f"Innovation {rank}",
            first_published_at=now - rank * hour,
            expire_at=now + hour if rank == 1 else None,
            commune_id="25056",
        )
    shown = [cards_of(client.get("/").content.decode())]
    monkeypatch.setattr(timezone, "now", lambda: now + hour)
    shown.append(cards_of(client.get("/").content.decode()))
    assert shown == [
        ([f"Innovation {rank}" for rank in (0, 1, 2, 3, 4, 5)], "8"),
        ([f"Innovation {rank}" for rank in (0, 2, 3, 4, 5, 6)], "7"),
    ]


def cards_of(content):
    """The titles of the cards, and how many innovations the map counts."""
    titles = re.findall(r'<a class="card__link" href="[^"?]+">([^<]+)</a>', content)
    return titles, re.search(r"(\d+) innovations, par département", content)[1]


def test_a_section_lists_the_pages_below_it_that_the_public_may_read(tree, client):
    section = ContentPageFactory(parent=tree.home, title="Le programme")
    ContentPageFactory(parent=section, title="La méthode", show_in_menus=True)
    ContentPageFactory(parent=section, title="Un brouillon", show_in_menus=True, live=False)
    past = timezone.now() - datetime.timedelta(minutes=1)
    ContentPageFactory(parent=section, title="Une annonce passée", show_in_menus=True, expire_at=past)
    assert [page.title for page in client.get(section.url).context["sous_pages"]] == ["La méthode"]


def test_partners_stand_by_role_in_the_carnets_order(tree, client):
    PartenairesPageFactory(parent=tree.home, slug="partenaires")
    funder = PartenaireFactory(nom="Direccte", roles=["financeur"])
    pilot = PartenaireFactory(nom="RIFC", roles=["copilote", "organisateur"])
    groups = client.get("/partenaires/").context["partenaires_par_role"]
    assert [(str(group["role"].label), group["partenaires"]) for group in groups] == [
        ("copilote", [pilot]),
        ("financeur", [funder]),
    ]


def test_the_grid_counts_visible_fiches_only(tree, client):
    GrillePageFactory(parent=tree.home, slug="grille")
    criterion = CritereFactory(dimension=DimensionFactory())
    for live in (True, True, False):
        fiche = FichePageFactory(parent=tree.fiches, live=live)
        fiche.criteres.add(criterion)
        fiche.save()
    (dimension,) = client.get("/grille/").context["dimensions"]
    assert [critere.nombre for critere in dimension.criteres.all()] == [2]


def test_a_reference_lists_its_authors():
    reference = Reference(auteurs="Klein, Juan-Luis ; Harrisson, Denis;")
    assert reference.liste_des_auteurs == ["Klein, Juan-Luis", "Harrisson, Denis"]


def test_the_site_map_lists_visible_pages(tree, client):
    hidden = EtapePageFactory(parent=tree.etapes, title="Étape cachée", live=False)
    shown = EtapePageFactory(parent=tree.etapes, title="Étape montrée")
    pages = client.get("/plan-du-site/").context["pages"]
    assert shown.pk in {page.pk for page in pages}
    assert hidden.pk not in {page.pk for page in pages}


def test_a_page_without_an_introduction_announces_no_empty_one(client, tree):
    FichePageFactory(parent=tree.fiches, slug="nue", chapo="")
    FichePageFactory(parent=tree.fiches, slug="four", chapo="Un four pour tous.")
    pages = [client.get(f"/fiches/{slug}/").content.decode() for slug in ("nue", "four")]
    assert [page.count('<meta property="og:description" content="') for page in pages] == [0, 1]


def test_the_press_has_figures_pictures_with_their_licence_road_books_and_an_address(tree, client):
    Organisme.objects.create(site=tree.site, courriel="presse@rallynov.example", telephone="03 81 00 00 00")
    CarnetPageFactory(parent=tree.carnets, title="Le premier carnet")
    free = IllustrationFactory(credit="Jeanne Roux", licence="CC BY 4.0")
    FichePageFactory(parent=tree.fiches, title="Le four", slug="le-four", photo=free, photo_decorative=True)
    FichePageFactory(parent=tree.fiches, title="Le verger", photo=IllustrationFactory(), photo_decorative=True)
    FichePageFactory(parent=tree.fiches, title="Le secret", photo=free, photo_decorative=True, live=False)
    page = BeautifulSoup(client.get("/presse/").content, "html.parser").main
    assert [each.text for each in page.select(".figures-row dt")] == ["innovations racontées"]
    assert f"Le {day(timezone.localdate())}. Une innovation est comptée" in page.text
    assert [each["href"] for each in page.select("a[href^='mailto:'], a[href^='tel:']")] == [
        "tel:+33-3-81-00-00-00",
        "mailto:presse@rallynov.example",
    ]
    [caption] = page.select("figcaption")
    assert " ".join(caption.text.split()) == (
        "Le fourImage : Jeanne Roux, CC BY 4.0. Télécharger l’image de « Le four » (JPEG)"
    )
    assert caption.select_one("a[download]")["href"].endswith(".jpg")
    assert "Le premier carnet" in page.text
    assert caption.select_one("a[download]")["href"] in client.get("/fiches/le-four/").content.decode()


def test_a_picture_shows_its_licence_wherever_it_stands(tree, client):
    free = IllustrationFactory(credit="Jeanne Roux", licence="CC BY 4.0")
    EtapePageFactory(parent=tree.etapes, slug="dole", photo=free, photo_alt="Le four")
    picture = {"image": free.pk, "alt_text": "Le four", "decorative": False}
    blocks = [
        {"type": "image", "value": {"image": picture, "legende": "Le four"}},
        {
            "type": "galerie",
            "value": {"images": [{"image": picture, "legende": ""}, {"image": picture, "legende": ""}]},
        },
    ]
    carnet = CarnetPageFactory(parent=tree.carnets, corps=json.dumps(blocks))
    for address, number in (("/etapes/dole/", 1), (carnet.url, 3)):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        lines = [" ".join(each.text.split()) for each in page.select("figcaption")]
        assert len(lines) == number
        assert all("Jeanne Roux, CC BY 4.0" in line for line in lines)
        assert len(page.select("main a[download][href$='.jpg']")) == number


def test_the_text_of_a_fiche_says_of_which_edition_it_is(tree, client):
    text = [{"type": "texte", "value": "<p>Depuis un an, l’équipe décide.</p>"}]
    FichePageFactory(parent=tree.fiches, slug="four", edition=EditionFactory(annee=2013), corps=json.dumps(text))
    page = BeautifulSoup(client.get("/fiches/four/").content, "html.parser")
    assert page.select_one(".fiche__text > p").text == "Ce texte a été écrit pour l’édition 2013."


@pytest.mark.parametrize("number", [1, 10])
def test_the_press_page_costs_the_same_at_any_number(tree, client, number, django_assert_num_queries):
    with batch_indexing():
        for _ in range(number):
            photo = IllustrationFactory(licence="CC BY 4.0")
            FichePageFactory(parent=tree.fiches, photo=photo, photo_decorative=True)
            EtapePageFactory(parent=tree.etapes, organisateurs=[PartenaireFactory(roles=["organisateur"])])
            CarnetPageFactory(parent=tree.carnets)
    client.get("/presse/")
    with django_assert_num_queries(5):
        client.get("/presse/")
