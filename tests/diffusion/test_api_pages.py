"""Any public page by its path, and all of them: what a front end of another make draws the site from."""

import datetime
import json

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from home.models import LienDeMenu, LienDePied, Navigation, Organisme, Reference
from tests.factories import (
    BibliographiePageFactory,
    CarnetPageFactory,
    ContentPageFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
)

pytestmark = pytest.mark.django_db
TEXT = '<p data-block-key="abcde">Le <b>programme</b>, <a href="/fiches/">les fiches</a>.</p>'


@pytest.fixture
def programme(tree):
    body = [
        {"type": "texte", "value": TEXT},
        {"type": "citation", "value": {"texte": "Venez.", "auteur": "L’équipe", "fonction": ""}},
    ]
    return ContentPageFactory(
        parent=tree.home,
        title="Le programme",
        slug="programme",
        introduction="Trois jours.",
        corps=json.dumps(body),
        seo_title="Programme du rallye",
        search_description="Les trois jours du rallye.",
    )


@pytest.fixture
def read_page(read):
    """``read_page(path)`` returns the API's entry of the page at this path."""

    def find(path):
        (page,) = read(f"pages?chemin={path}").json()["items"]
        return page

    return find


def test_a_page_of_text_is_told_block_by_block(read_page, programme):
    page = read_page("/programme/")
    assert (page["type"], page["titre"], page["introduction"]) == ("page", "Le programme", "Trois jours.")
    assert (page["chemin"], page["url"]) == ("/programme/", "http://localhost/programme/")
    assert page["corps"] == [
        {
            "type": "texte",
            "html": '<p>Le <b>programme</b>, <a href="http://localhost/fiches/">les fiches</a>.</p>',
            "texte": "Le programme, les fiches.",
        },
        {"type": "citation", "texte": "Venez.", "auteur": "L’équipe", "fonction": ""},
    ]
    assert page["texte"].startswith("Le programme, les fiches.")
    assert [page[name] for name in ("fiche", "etape", "carnet", "accueil")] == [None] * 4


def test_a_page_says_where_it_stands_and_what_is_below_it(read_page, programme):
    below = ContentPageFactory(parent=programme, title="Jeudi", slug="jeudi", show_in_menus=True)
    ContentPageFactory(parent=programme, title="Coulisses", slug="coulisses")
    assert [step["chemin"] for step in read_page("/programme/jeudi/")["fil"]] == [
        "/",
        "/programme/",
        "/programme/jeudi/",
    ]
    assert read_page("/programme/")["sous_pages"] == [
        {"titre": "Jeudi", "chemin": "/programme/jeudi/", "url": "http://localhost/programme/jeudi/"}
    ]
    below.unpublish()
    assert read_page("/programme/")["sous_pages"] == []


def test_a_bibliography_holds_its_references_in_the_order_of_its_page(read_page, tree):
    BibliographiePageFactory(parent=tree.home, slug="bibliographie")
    Reference.objects.create(
        titre="Le don", auteurs="Zola, Ève ; Abel, Luc", annee=2010, langue="en", type=Reference.Type.CHAPITRE
    )
    Reference.objects.create(titre="La valeur", auteurs="Abel, Luc")
    page = read_page("/bibliographie/")
    value, gift = page["bibliographie"]["references"]
    assert (page["type"], value["titre"], value["annee"]) == ("bibliographie", "La valeur", None)
    assert gift == {
        "type": "chapter",
        "type_libelle": "chapitre",
        "titre": "Le don",
        "auteurs": ["Zola, Ève", "Abel, Luc"],
        "annee": 2010,
        "editeur": "",
        "revue": "",
        "doi": "",
        "adresse": "",
        "langue": "en",
        "note": "",
    }


@pytest.mark.parametrize(
    ("name", "make", "parent"),
    [
        ("fiche", FichePageFactory, "fiches"),
        ("etape", EtapePageFactory, "etapes"),
        ("carnet", CarnetPageFactory, "carnets"),
    ],
)
def test_a_fiche_an_etape_a_carnet_hold_what_their_own_list_shows(read, read_page, tree, name, make, parent):
    page = make(parent=getattr(tree, parent), slug="une")
    told = read_page(f"/{parent}/une/")
    assert (told["type"], told["id"]) == (name, page.pk)
    assert told[name] == read(f"{parent}/une").json()
    assert [step["titre"] for step in told["fil"]][0] == "Rally’nov"


def test_a_fiche_is_found_with_its_photo_for_networks_and_its_structured_data(read_page, tree):
    FichePageFactory(
        parent=tree.fiches, slug="recette", organisation="Agrodoubs", photo=IllustrationFactory(), photo_alt="Un four"
    )
    head = read_page("/fiches/recette/")["referencement"]
    assert head["image"]["url"].startswith("http://localhost/media/images/")
    assert (head["image"]["url"][-4:], head["image"]["alt"]) == (".jpg", "Un four")
    article = head["jsonld"][0]
    assert (article["@type"], article["author"]["name"]) == ("Article", "Agrodoubs")


def test_a_picture_has_sizes_formats_a_credit_and_a_focal_point(read_page, tree):
    photo = IllustrationFactory(credit="J. Essai")
    photo.focal_point_x, photo.focal_point_y, photo.focal_point_width, photo.focal_point_height = 30, 20, 10, 10
    photo.save()
    FichePageFactory(parent=tree.fiches, slug="recette", photo=photo, photo_alt="Un atelier")
    told = read_page("/fiches/recette/")["fiche"]["photo"]
    assert (told["alt"], told["credit"], told["decorative"]) == ("Un atelier", "J. Essai", False)
    assert told["foyer"] == {"x": round(30 / photo.width, 4), "y": round(20 / photo.height, 4)}
    for size in told["tailles"].values():
        assert [each["type"] for each in size["formats"]] == ["image/webp", "image/jpeg"]
        assert size["formats"][0]["url"] == size["url"]
        assert size["formats"][1]["url"].endswith(".jpg")
    photo.credit = "Une autre"
    photo.save()
    assert read_page("/fiches/recette/")["fiche"]["photo"]["credit"] == "Une autre"


@pytest.mark.parametrize("path", ["/programme", "programme/", "/programme/?utm_source=x", "/programme/%23bas"])
def test_a_path_is_understood_as_people_write_it(client, programme, path):
    response = client.get("/api/v1/pages", {"chemin": path.replace("%23", "#")})
    if path.startswith("/"):
        assert [page["slug"] for page in response.json()["items"]] == ["programme"]
    else:
        assert response.json()["parametres"] == {
            "chemin": "Un chemin commence par «\u00a0/\u00a0»\u00a0: «\u00a0/fiches/\u00a0»."
        }


def test_an_old_address_is_answered_by_the_page_that_is_there_now(read, tree, epicerie, commit):
    epicerie.slug = "epicerie-partagee"
    with commit():
        epicerie.save_revision().publish()
    payload = read("pages?chemin=/fiches/epicerie/").json()
    assert payload["redirection"] == {"url": "http://localhost/fiches/epicerie-partagee/", "permanente": True}
    assert [page["chemin"] for page in payload["items"]] == ["/fiches/epicerie-partagee/"]


def test_an_address_that_leads_elsewhere_says_where(read, tree):
    Redirect.add_redirect("/ancien/", redirect_to="https://ailleurs.example/", is_permanent=False)
    payload = read("pages?chemin=/ancien/").json()
    assert payload["redirection"] == {"url": "https://ailleurs.example/", "permanente": False}
    assert (payload["count"], payload["items"]) == (0, [])


@pytest.mark.parametrize("old", ["/casse/", "/casse/?rang=2"])
def test_an_address_that_leads_to_none_is_not_found(client, tree, old):
    """An import takes a target that a form refuses."""
    Redirect.add_redirect(old, redirect_to="http://[bad/")
    assert client.get(old).status_code == 404


@pytest.mark.parametrize("host", ["", "http://testserver"])
def test_an_address_that_a_person_made_lead_to_a_page_gives_the_page(read, programme, host):
    Redirect.add_redirect("/agenda/", redirect_to=f"{host}/programme/?rang=2")
    payload = read("pages?chemin=/agenda/").json()
    assert payload["redirection"]["url"] == "http://testserver/programme/?rang=2"
    assert [page["chemin"] for page in payload["items"]] == ["/programme/"]


def test_what_the_public_may_not_see_is_told_nowhere(client, tree, programme, commit):
    """Drafts, restricted pages, what is below them, expired ones, withdrawn ones, and where an old address of theirs leads."""
    private = ContentPageFactory(parent=tree.home, title="Prive-QZX", slug="prive", show_in_menus=True)
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    ContentPageFactory(parent=private, title="Dessous-QZX", slug="dessous", show_in_menus=True)
    ContentPageFactory(parent=programme, title="Brouillon-QZX", slug="brouillon", live=False, show_in_menus=True)
    gone = ContentPageFactory(parent=programme, title="Retire-QZX", slug="retire", show_in_menus=True)
    gone.slug = "retire-depuis"
    with commit():
        gone.save_revision().publish()
    gone.unpublish()
    expired = timezone.now() - datetime.timedelta(minutes=1)
    ContentPageFactory(parent=programme, title="Expire-QZX", slug="expire", expire_at=expired, show_in_menus=True)
    fiche = FichePageFactory(parent=tree.fiches, slug="secrete", title="Fiche-QZX", contact_courriel="qzx@qzx.test")
    PageViewRestriction.objects.create(page=fiche, restriction_type=PageViewRestriction.LOGIN)
    navigation = Navigation.for_site(tree.site)
    for page in (private, gone):
        LienDeMenu.objects.create(navigation=navigation, page=page)
    tree.home.action_page = private
    tree.home.save_revision().publish()
    hidden = [
        "/prive/",
        "/prive/dessous/",
        "/programme/brouillon/",
        "/programme/retire/",
        "/programme/retire-depuis/",
        "/programme/expire/",
        "/fiches/secrete/",
    ]
    for path in hidden:
        response = client.get("/api/v1/pages", {"chemin": path})
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json"), path
    open_ones = ["/", "/programme/", "/fiches/"]
    answers = [client.get("/api/v1/pages", {"chemin": path}) for path in open_ones]
    answers += [client.get("/api/v1/pages?par_page=100"), client.get("/api/v1/site")]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert [b"QZX" in answer.content.upper() for answer in answers] == [False] * 5


def test_all_pages_are_listed_by_type_and_by_identifier(read, tree, programme, epicerie):
    listed = read("pages").json()
    assert listed["count"] == 6  # home, three lists, the programme, the fiche
    assert read("pages?type=fiche").json()["items"][0]["slug"] == "epicerie"
    assert [page["id"] for page in read(f"pages?id={programme.pk}").json()["items"]] == [programme.pk]
    uid = str(programme.translation_key)
    assert [page["slug"] for page in read(f"pages?uid={uid}").json()["items"]] == ["programme"]
    second = read("pages?par_page=4&page=2").json()
    assert (len(second["items"]), second["next"]) == (2, None)
    assert second["previous"] == "http://testserver/api/v1/pages?par_page=4&page=1"


def test_only_pages_changed_since_an_instant_are_listed(read, tree, programme):
    instant = timezone.now()
    programme.save_revision().publish()
    asked = instant.isoformat().replace("+", "%2B")
    assert [page["slug"] for page in read(f"pages?depuis={asked}").json()["items"]] == ["programme"]


# --- What surrounds every page -------------------------------------------------------------------------------------------


def test_the_site_says_its_name_its_menus_and_who_publishes_it(read, tree, programme):
    navigation = Navigation.for_site(tree.site)
    LienDeMenu.objects.create(navigation=navigation, page=programme, libelle="Programme")
    LienDePied.objects.create(navigation=navigation, adresse="https://ailleurs.example/", libelle="Ailleurs")
    LienDePied.objects.create(navigation=navigation, adresse="/candidature/", libelle="Proposer")
    LienDePied.objects.create(navigation=navigation, adresse="/fiches/", libelle="Innovations")
    ContentPageFactory(parent=tree.home, title="Mentions légales", slug="mentions-legales")
    Organisme.objects.create(
        site=tree.site, nom="Essai’nov", sous_titre="Essayer", editeur="Le réseau", courriel="a@b.test"
    )
    assert read("site").json() == {
        "nom": "Essai’nov",
        "sous_titre": "Essayer",
        "presentation": "Essai’nov recherche les innovations sociales de Franche-Comté : des entreprises et des associations qui "
        "améliorent la vie des habitants et répondent à un besoin.",
        "url": "http://localhost/",
        "langue": "fr",
        "langues": [{"code": "fr", "nom": "Français", "url": "http://localhost/"}],
        "menu": [
            {"libelle": "Programme", "url": "http://localhost/programme/", "chemin": "/programme/", "langue": "fr"}
        ],
        "pied": [
            {"libelle": "Ailleurs", "url": "https://ailleurs.example/", "chemin": None, "langue": "fr"},
            {"libelle": "Proposer", "url": "http://localhost/candidature/", "chemin": None, "langue": "fr"},
            {"libelle": "Innovations", "url": "http://localhost/fiches/", "chemin": "/fiches/", "langue": "fr"},
        ],
        "obligatoires": [
            {
                "libelle": "Mentions légales",
                "url": "http://localhost/mentions-legales/",
                "chemin": "/mentions-legales/",
                "langue": "fr",
            }
        ],
        "editeur": {"nom": "Le réseau", "adresse": "", "courriel": "a@b.test", "telephone": ""},
        "partage": {
            "url": "http://localhost/static/brand/social-card.png",
            "largeur": 1200,
            "hauteur": 630,
            "alt": "",
        },
        "territoire": {
            "nom": "Franche-Comté",
            "departements": [
                {"code": "25", "nom": "Doubs"},
                {"code": "39", "nom": "Jura"},
                {"code": "70", "nom": "Haute-Saône"},
                {"code": "90", "nom": "Territoire de Belfort"},
            ],
            "contours": "http://localhost/territoire/departements.geojson",
        },
        "licence": "Licence Ouverte 2.0 (https://www.etalab.gouv.fr/licence-ouverte-open-licence/)",
    }
