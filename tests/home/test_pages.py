import datetime
import json
import re

from bs4 import BeautifulSoup
from django.utils import timezone

from tests.factories import (
    CarnetPageFactory,
    ContentPageFactory,
    CritereFactory,
    DimensionFactory,
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
    EtapePageFactory(parent=tree.etapes, date=tomorrow, statut="annulee", title="Étape annulée")
    response = client.get("/")
    assert response.context["prochaine"] == following
    assert "Étape annulée" not in response.content.decode()


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


def test_the_main_action_has_the_title_of_its_page_as_it_is_now(tree, client):
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger")
    tree.home.action_page = fiche
    tree.home.save()
    assert ">Le verger</strong>" in client.get("/").content.decode()
    fiche.title = "Le potager"
    fiche.save_revision().publish()
    assert client.get("/").content.decode().count(">Le verger</strong>") == 0


def test_home_shows_the_three_latest_innovations_less_what_has_expired_since(tree, client, monkeypatch):
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
        ([f"Innovation {rank}" for rank in (0, 1, 2)], "8"),
        ([f"Innovation {rank}" for rank in (0, 2, 3)], "7"),
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


def test_the_site_map_lists_visible_pages(tree, client):
    hidden = EtapePageFactory(parent=tree.etapes, title="Étape cachée", live=False)
    shown = EtapePageFactory(parent=tree.etapes, title="Étape montrée")
    pages = client.get("/plan-du-site/").context["pages"]
    assert shown.pk in {page.pk for page in pages}
    assert hidden.pk not in {page.pk for page in pages}


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
