"""What a reader of German gets beside the pages: a map of their site, and mails in their words."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from wagtail.images import get_image_model
from wagtail.models import Site

from fiches.mail import subscriptions
from fiches.mail.wordings import compose
from fiches.models import Courriel
from home.models import LienDeMenu, Navigation
from tests.factories import ContentPageFactory, CritereFactory, DimensionFactory
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
    assert [len(links(plan)) for plan in french.find_all("ul", class_="plan")] == [5, 6]


@pytest.mark.parametrize(
    ("language", "question", "subject", "told", "start"),
    [
        ("de", "langue=de", "Rally’nov: Bestätigen Sie Ihr Abonnement", "Alle Innovationen", "/de/"),
        ("en", "langue=en", "Rally’nov: confirm your subscription", "All the innovations", "/en/"),
        ("fr", "", "Rally’nov : confirmez votre abonnement", "Toutes les innovations", "/"),
    ],
)
def test_an_alert_is_written_in_the_language_of_what_it_follows(
    client, translations, language, question, subject, told, start
):
    subscriptions.ask("recherche", courriel="leser@rallynov.test", mention="Ja.", question=question, langue=language)
    message = compose(Courriel.objects.get(modele="abonnement"))
    assert message.subject.replace("\u00a0", " ") == subject
    assert told in message.body
    page = BeautifulSoup(
        client.get(re.search(r"testserver(/\S*abonnement/\S+)", message.body)[1]).content, "html.parser"
    )
    assert (page.html["lang"], told in page.main.text) == (language, True)
    assert f"http://testserver{start}abonnement/" in message.body


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
