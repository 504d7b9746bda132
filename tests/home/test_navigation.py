import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from wagtail.models import PageViewRestriction

from home.models import LienDeMenu, LienDePied, Navigation, Organisme
from home.navigation import surroundings
from tests.factories import ContentPageFactory, FichePageFactory


def last_step(response):
    return BeautifulSoup(response.content, "html.parser").select(".trail__item")[-1]


def test_the_way_back_leads_to_the_list_from_what_is_below_it(tree, client):
    assert last_step(client.get("/fiches/")).select("a") == []
    [link] = last_step(client.get("/fiches/suivre/?q=pain")).select("a")
    assert (link["href"], link.text) == ("/fiches/", "Fiches")


@pytest.fixture
def navigation(tree):
    return Navigation.objects.create(site=tree.site)


def test_a_link_bears_the_pages_title_unless_staff_named_it(tree, navigation):
    page = ContentPageFactory(parent=tree.home, title="Le programme", slug="programme")
    navigation.liens_de_menu = [
        LienDeMenu(page=page, sort_order=1),
        LienDeMenu(page=tree.home, libelle="Départ", sort_order=0),
    ]
    navigation.liens_de_pied = [LienDePied(adresse="/plan-du-site/", libelle="Plan du site")]
    navigation.save()
    shown = surroundings(tree.site)
    words = ("libelle", "adresse")
    assert {zone: [{name: link[name] for name in words} for link in shown[zone]] for zone in ("menu", "pied")} == {
        "menu": [
            {"libelle": "Départ", "adresse": "/"},
            {"libelle": "Le programme", "adresse": "/programme/"},
        ],
        "pied": [{"libelle": "Plan du site", "adresse": "/plan-du-site/"}],
    }


@pytest.mark.parametrize("hidden", ["unpublished", "private", "below a private page"])
def test_the_menu_names_no_page_that_the_public_may_not_see(tree, navigation, hidden):
    parent = ContentPageFactory(parent=tree.home)
    page = ContentPageFactory(parent=parent)
    navigation.liens_de_menu = [LienDeMenu(page=page)]
    navigation.save()
    assert len(surroundings(tree.site)["menu"]) == 1
    if hidden == "unpublished":
        page.unpublish()
    else:
        restricted = page if hidden == "private" else parent
        PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)
    assert surroundings(tree.site)["menu"] == []


def test_the_menu_follows_a_fiche_that_it_leads_to(tree, navigation):
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger")
    navigation.liens_de_menu = [LienDeMenu(page=fiche)]
    navigation.save()
    assert [link["libelle"] for link in surroundings(tree.site)["menu"]] == ["Le verger"]
    fiche.title = "Le grand verger"
    fiche.save_revision().publish()
    assert [link["libelle"] for link in surroundings(tree.site)["menu"]] == ["Le grand verger"]
    fiche.unpublish()
    assert surroundings(tree.site)["menu"] == []


def test_staff_say_at_the_foot_of_each_page_what_the_site_is(tree, navigation, client):
    navigation.liens_de_pied = [LienDePied(adresse="/plan-du-site/", libelle="Plan du site")]
    navigation.save()
    shipped = "Rally’nov recherche les innovations sociales de Franche-Comté"
    assert shipped in client.get("/").content.decode()
    Organisme.objects.create(site=tree.site, presentation="Un rallye & ses voisins.")
    for path in ("/", "/nulle-part/"):
        page = client.get(path).content.decode()
        assert "Un rallye &amp; ses voisins." in page and shipped not in page


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "__all__"),
        ({"adresse": "javascript:alert(1)", "libelle": "x"}, "adresse"),
        ({"adresse": "//autre.example", "libelle": "x"}, "adresse"),
        ({"adresse": "/recherche/"}, "libelle"),
    ],
)
def test_a_link_that_leads_nowhere_sure_is_refused(given, field):
    with pytest.raises(ValidationError) as refused:
        LienDeMenu(**given).clean()
    assert field in getattr(refused.value, "error_dict", {"__all__": None})


def test_the_foot_leads_only_to_imposed_pages_that_exist_and_words_never_look_like_links(tree, navigation, client):
    navigation.liens_de_pied = [LienDePied(adresse="/plan-du-site/", libelle="Plan du site")]
    navigation.save()
    ContentPageFactory(parent=tree.home, slug="confidentialite", live=False)
    ContentPageFactory(parent=tree.home, slug="mentions-legales", title="Mentions")
    foot = BeautifulSoup(client.get("/plan-du-site/").content, "html.parser").footer
    assert [link["href"] for link in foot.select("a[href]")] == [
        "/plan-du-site/",
        "/mentions-legales/",
        "/plan-du-site/",
    ]
    assert foot.select("a:not([href])") == []
    assert "Accessibilité" not in foot.text  # said once the page that explains it is there


def test_an_imposed_page_is_in_the_foot_from_the_moment_it_is_public(tree, navigation, client):
    navigation.liens_de_pied = [LienDePied(adresse="/plan-du-site/", libelle="Plan du site")]
    navigation.save()
    page = ContentPageFactory(parent=tree.home, slug="confidentialite", live=False)
    assert 'href="/confidentialite/"' not in client.get("/plan-du-site/").content.decode()
    page.save_revision().publish()
    assert 'href="/confidentialite/"' in client.get("/plan-du-site/").content.decode()


def test_a_fiche_in_the_menu_is_there_from_the_moment_it_is_public_under_the_title_that_it_has(
    tree, navigation, client
):
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger", slug="verger", live=False)
    navigation.liens_de_menu = [LienDeMenu(page=fiche)]
    navigation.save()

    def named():
        content = BeautifulSoup(client.get("/").content, "html.parser")
        return {link.text.strip() for link in content.select('nav a[href="/fiches/verger/"]')}

    assert named() == set()
    fiche.save_revision().publish()
    assert named() == {"Le verger"}
    fiche.refresh_from_db()
    fiche.title = "Le grand verger"
    fiche.save_revision().publish()
    assert named() == {"Le grand verger"}
    fiche.unpublish()
    assert named() == set()
