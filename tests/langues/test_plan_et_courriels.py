"""What a reader of German gets beside the pages: a map of their site, and mails in their words."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.utils.translation import override
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from demo.content import read
from demo.pictures import CREDIT
from demo.traductions import KEYS
from demo.typography import typeset
from fiches import content_language
from fiches.diffusion.alerts import suivis
from fiches.mail.wordings import compose
from fiches.models import Courriel
from fiches.publications.ledger import rebuild
from home.models import LienDeMenu, Navigation
from tests.factories import ContentPageFactory, CritereFactory, DimensionFactory, PartenaireFactory
from tests.pictures import picture


def links(element):
    return {a.get_text(strip=True): a["href"] for a in element.find_all("a")}


def test_the_map_of_the_site_shows_its_language_then_marked_what_is_in_french_only(client, translations):
    main = BeautifulSoup(client.get("/de/plan-du-site/").content, "html.parser").main
    own, others, _forms = main.find_all("ul", class_="plan")
    assert links(own) == {
        "Startseite": "/de/",
        "Neuerungen": "/de/fiches/",
        "Etappen": "/de/etapes/",
        "Etappe Besançon": "/de/etapes/besancon/",
    }
    assert (others["lang"], links(others)) == ("fr", {"Carnets de route": "/carnets/"})
    french = BeautifulSoup(client.get("/plan-du-site/").content, "html.parser").main
    assert [len(links(plan)) for plan in french.find_all("ul", class_="plan")] == [5, 8]


def test_the_partners_are_headed_in_german(client, translations):
    PartenaireFactory(roles=["financeur"])
    PartenaireFactory(roles=["organisateur"])
    main = BeautifulSoup(client.get("/de/").content, "html.parser").main
    assert [each.text for each in main.find_all("dt", class_="roles__role")] == [
        "Geldgeber",
        "Veranstalter einer Etappe",
    ]


def test_the_home_page_counts_the_departements_that_have_innovations_of_the_site(client, translations):
    translations.fr.fiche.commune_id = "25056"
    translations.fr.fiche.save()
    main = BeautifulSoup(client.get("/en/").content, "html.parser").main
    assert [each.get_text(" ", strip=True) for each in main.find_all("div", class_="territory__item")] == ["Doubs 1"]


@pytest.mark.parametrize(
    ("language", "question", "subject", "told", "start"),
    [
        ("de", "langue=de", "Suche verfolgen: Bestätigen Sie Ihre Adresse", "Alle Innovationen", "/de/"),
        ("en", "langue=en", "Follow a search: confirm your address", "All the innovations", "/en/"),
        ("fr", "", "Suivre une recherche : confirmez votre alerte", "Toutes les innovations", "/"),
    ],
)
def test_an_alert_is_written_in_the_language_of_what_it_follows(
    client, translations, language, question, subject, told, start
):
    suivis.ask(courriel="leser@rallynov.test", question=question, rythme="publication")
    message = compose(Courriel.objects.get(modele="suivi"))
    assert message.subject.replace("\u00a0", " ") == subject
    assert told in message.body
    page = BeautifulSoup(client.get(re.search(r"testserver(/\S*suivi/\S+)", message.body)[1]).content, "html.parser")
    assert (page.html["lang"], told in page.main.text) == (language, True)
    assert f"http://testserver{start}suivi/" in message.body


def test_what_staff_wrote_once_is_marked_as_french_on_a_german_page(client, translations):
    """A picture's credit, a keyword (WCAG 3.1.2); a fiche's own words are translated with it."""
    image = get_image_model().objects.create(
        title="four", file=ContentFile(picture(), name="four.jpg"), credit="Dessin du projet"
    )
    fiche = translations.de.fiche
    fiche.photo, fiche.photo_alt = image, "Ein Ofen"
    fiche.mots_cles.add("réemploi")
    fiche.save_revision().publish()
    page = BeautifulSoup(client.get("/de/fiches/la-recette/").content, "html.parser").main
    marked = {each.get_text(strip=True) for each in page.find_all(lang="fr")}
    assert {"Dessin du projet", "réemploi"} <= marked
    french = translations.fr.fiche
    french.photo, french.photo_alt = image, "Un four"
    french.save_revision().publish()
    assert BeautifulSoup(client.get("/fiches/la-recette/").content, "html.parser").main.find_all(lang=True) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [("en", ["centred on", "company", "Prizes"]), ("de", ["ausgerichtet auf", "Unternehmen", "Preise"])],
)
def test_the_grid_and_the_menu_of_the_demonstration_are_in_the_readers_language(client, translations, code, words):
    """A criterion that staff added has no translation: it is marked as French."""
    grid = DimensionFactory(nom="centrée sur")
    ours, added = (CritereFactory(dimension=grid, name=name) for name in ("entreprise", "pure invention"))
    getattr(translations, code).fiche.criteres.add(ours, added)
    getattr(translations, code).fiche.save_revision().publish()
    palmares = ContentPageFactory(parent=translations.fr.home, title="Palmarès", slug="honneurs")
    menu = Navigation.for_site(Site.objects.get())
    menu.liens_de_menu = [LienDeMenu(page=palmares)]
    menu.save()
    for address in (f"/{code}/fiches/", f"/{code}/fiches/la-recette/"):
        page = BeautifulSoup(client.get(address).content, "html.parser").body
        marked = {each.get_text(strip=True) for each in page.find_all(lang="fr")}
        assert "pure invention" in marked
        assert not {"centrée sur", "entreprise", "Palmarès", *words} & marked
        assert [word in page.get_text("|", strip=True).split("|") for word in words] == [True] * 3
        assert page.find("a", string=words[2])["hreflang"] == "fr"


def test_a_home_page_leads_to_the_longer_french_lists_that_its_figures_count(client, translations):
    main = BeautifulSoup(client.get("/de/").content, "html.parser").main
    lists = {a["href"]: (a.text, a["hreflang"]) for a in main.find_all("a", hreflang="fr")}
    assert lists == {"/fiches/": ("Français (2)", "fr")}
    assert BeautifulSoup(client.get("/").content, "html.parser").main.find_all("a", hreflang=True) == []


@pytest.mark.parametrize("code", ["en", "de"])
def test_each_name_of_the_demonstrations_grid_and_menu_has_its_translation(code):
    pages, grid = read("pages"), read("carnet-1")["grille"]
    names = {name for each in grid for name in (each["dimension"], *each["criteres"])}
    names |= {
        link["libelle"] for link in (*pages["menu"], *pages["pied"]) if link.get("page") not in KEYS and "page" in link
    }
    names |= {CREDIT, typeset(pages["organisme"]["editeur"])}
    for text in read("carnet-1-textes")["grille"].values():
        names |= {typeset(text["definition"]), *map(typeset, text["criteres"].values())}
    with override(code):
        assert [name for name in names if not content_language.translation_of(name)] == []


def test_what_is_found_in_another_language_is_marked_with_it(client, translations):
    rebuild()
    main = BeautifulSoup(client.get("/de/recherche/?q=Besançon").content, "html.parser").main
    told = {each.h3.get_text().strip(): each.get("lang") for each in main.find_all(class_="hits__item")}
    assert told == {"Etappe Besançon": None, "Étape de Besançon": "fr", "Stage of Besançon": "en"}


@pytest.mark.parametrize(
    ("start", "first"), [("", "Étape de Besançon"), ("/de", "Etappe Besançon"), ("/en", "Stage of Besançon")]
)
def test_what_is_found_in_the_reader_s_language_comes_first(client, translations, start, first):
    rebuild()
    main = BeautifulSoup(client.get(f"{start}/recherche/?q=Besançon").content, "html.parser").main
    assert main.find(class_="hits__item").h3.get_text().strip() == first


def test_the_main_action_of_a_home_page_leads_to_what_is_in_its_language(client, translations):
    for home in (translations.fr.home, translations.de.home):
        home.action_page, home.action_libelle = Page.objects.get(pk=translations.fr.fiches.pk), "Los"
        home.save_revision().publish()
    found = BeautifulSoup(client.get("/de/").content, "html.parser").main.find("strong", string="Los").parent
    assert found["href"] == "/de/fiches/"
    translations.de.fiches.unpublish()
    found = BeautifulSoup(client.get("/de/").content, "html.parser").main.find("strong", string="Los").parent
    assert found["href"] == "/fiches/"
