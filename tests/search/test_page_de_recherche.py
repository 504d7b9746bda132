"""The search page: fiches, étapes, road books and pages, and nothing that isn't public."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import PageViewRestriction

from fiches.models import Commune, FicheFinanceur, Mot, RechercheVaine, Role, Synonyme
from tests.batch_indexing import batch_indexing
from tests.factories import (
    CarnetPageFactory,
    ContentPageFactory,
    CritereFactory,
    DimensionFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
    PartenairesPageFactory,
)

pytestmark = pytest.mark.django_db


def titles(response):
    """Of the fiches that the page shows."""
    return re.findall(r'<a class="card__link" href="[^"]+">([^<]+)</a>', response.content.decode())


@pytest.fixture
def titles_found(client):
    """``titles_found(q)``: ``{group: [titles]}``."""

    def ask(q, **more):
        response = client.get("/recherche/", {"q": q, **more})
        groups = {groupe.genre: [hit.titre for hit in groupe.hits] for groupe in response.context["groupes"]}
        return {"fiches": shown} | groups if (shown := titles(response)) else groups

    return ask


def test_everything_that_has_the_words_is_found_in_its_group(tree, titles_found):
    FichePageFactory(parent=tree.fiches, title="La gouvernance partagée")
    EtapePageFactory(parent=tree.etapes, title="L’originale gouvernance")
    CarnetPageFactory(parent=tree.carnets, title="Carnet de la gouvernance")
    ContentPageFactory(parent=tree.home, title="Gouvernance du rally")
    assert titles_found("gouvernances") == {
        "fiches": ["La gouvernance partagée"],
        "etapes": ["L’originale <mark>gouvernance</mark>"],
        "carnets": ["Carnet de la <mark>gouvernance</mark>"],
        "pages": ["<mark>Gouvernance</mark> du rally"],
    }


def test_either_apostrophe_finds_both(tree, titles_found):
    EtapePageFactory(parent=tree.etapes, title="L'originale scierie")
    FichePageFactory(parent=tree.fiches, title="L’originale fruitière")
    straight, typographic = titles_found("l'originale"), titles_found("l’originale")
    assert straight == typographic
    assert straight["fiches"] == ["L’originale fruitière"]
    assert straight["etapes"] == ["L&#x27;<mark>originale</mark> scierie"]


def test_an_extract_quotes_the_text_and_never_a_picture_s_alternative(tree, client):
    picture = {"image": IllustrationFactory().pk, "alt_text": "Dessin : une meule", "decorative": False}
    body = [
        {"type": "texte", "value": "<p>On ouvre le samedi.</p>"},
        {"type": "image", "value": {"image": picture, "legende": "La cave de tuffeau"}},
    ]
    FichePageFactory(parent=tree.fiches, title="La cave", chapo="", corps=body)
    ContentPageFactory(parent=tree.home, title="Les caves", introduction="", corps=body)
    page = client.get("/recherche/", {"q": "tuffeau"}).content.decode()
    assert page.count("On ouvre le samedi. · La cave de <mark>tuffeau</mark>") == 2
    assert "meule" not in page


def test_a_word_that_only_a_name_has_is_quoted_with_its_neighbours(tree, client):
    EtapePageFactory(parent=tree.etapes, title="La cave", chapo="On y goûte le comté.", lieu="Salle du tuffeau")
    FichePageFactory(parent=tree.fiches, title="La cave", chapo="On y goûte.", activite="taille du tuffeau")
    main = BeautifulSoup(client.get("/recherche/?q=tuffeau").content, "html.parser").main
    etape, fiche = main.select_one(".hits__text"), main.select_one(".card__text")
    assert "Salle du <mark>tuffeau</mark>" in etape.decode_contents()
    assert "taille du <mark>tuffeau</mark>" in fiche.decode_contents()
    main = BeautifulSoup(client.get("/recherche/?q=goûte").content, "html.parser").main
    assert "tuffeau" not in main.select_one(".hits__text").text + main.select_one(".card__text").text


def test_drafts_private_and_withdrawn_pages_are_in_no_group(tree, titles_found):
    ContentPageFactory(parent=tree.home, title="Xylophone brouillon", live=False)
    private = ContentPageFactory(parent=tree.home, title="Xylophone privé")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    gone = ContentPageFactory(parent=tree.home, title="Xylophone retiré")
    gone.unpublish()
    ContentPageFactory(parent=tree.home, title="Xylophone effacé").delete()
    assert titles_found("xylophone") == {}
    assert not Mot.objects.filter(mot="xylophone").exists()


def test_a_group_is_leafed_through_to_its_last_hit(tree, titles_found, client):
    with batch_indexing():
        for number in range(23):
            ContentPageFactory(parent=tree.home, title=f"Verger {number}", slug=f"verger-{number}")
    assert len(titles_found("verger")["pages"]) == 5
    assert "q=verger&amp;genre=pages" in client.get("/recherche/?q=verger").content.decode()
    assert len(titles_found("verger", genre="pages")["pages"]) == 20
    assert len(titles_found("verger", genre="pages", page="2")["pages"]) == 3
    page = client.get("/recherche/?q=verger&genre=pages&page=9").content.decode()
    assert "<strong>Page</strong>\xa0: La page 9 n’existe pas. Voici la dernière page." in page
    assert "?q=verger&amp;genre=pages&amp;page=1" in page


def test_filters_of_fiches_apply_here_too_and_what_cannot_answer_them_is_said_to_be_left_out(
    tree, titles_found, client
):
    FichePageFactory(parent=tree.fiches, title="Le verger de Besançon", commune_id="25056")
    FichePageFactory(parent=tree.fiches, title="Le verger de Belfort", commune_id="90010")
    ContentPageFactory(parent=tree.home, title="Verger")
    assert titles_found("verger", departement="25") == {"fiches": ["Le verger de Besançon"]}
    assert titles_found("", departement="90") == {"fiches": ["Le verger de Belfort"]}
    page = client.get("/recherche/?q=verger&departement=25").content.decode()
    assert "1 innovation avec «\xa0verger\xa0», dans le Doubs" in page
    assert "Les étapes, les carnets et les pages ne sont pas affichés" in page


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("departement=75", "Département"),
        ("page=1e20", "Page"),
        ("couleur=bleu", "couleur"),
        ("genre=lune", "genre"),
        ("page=2", "Page"),
        ("bbox=nan", "Partie de la carte"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_applies(tree, client, query, name):
    FichePageFactory(parent=tree.fiches, title="Le verger")
    response = client.get(f"/recherche/?q=verger&{query}")
    assert titles(response) == ["Le verger"]
    assert f"<strong>{name}</strong>" in response.content.decode()


def test_a_word_that_is_everywhere_is_not_taken_for_a_slip(tree, client):
    FichePageFactory(parent=tree.fiches, title="L’atelier noté")
    page = client.get("/recherche/", {"q": "notre"}).content.decode()
    assert "Ces mots sont trop courants" in page
    assert "results__corrected" not in page


@pytest.mark.parametrize("address", ["/recherche/", "/fiches/"])
@pytest.mark.parametrize(("query", "is_common"), [("avec", True), ("pas avec", True), ("avec zigzags", False)])
def test_a_search_of_common_words_only_says_that_they_are_too_common(tree, client, address, query, is_common):
    FichePageFactory(parent=tree.fiches, title="L’atelier avec vue")
    page = BeautifulSoup(client.get(address, {"q": query}).content, "html.parser")
    [empty] = page.select(".empty")
    told = "Ces mots sont trop courants" in empty.text
    assert (told, "Aucun" in empty.text) == (is_common, not is_common)


def test_a_slip_is_understood_and_what_was_looked_for_is_said(tree, client):
    EtapePageFactory(parent=tree.etapes, title="L’originale gouvernance des régisseurs : décider à plusieurs")
    page = client.get("/recherche/?q=comment décider de la gouvernence d’une Règisseuze").content.decode()
    told = BeautifulSoup(page, "html.parser").select_one(".results__corrected").get_text()
    assert told == "Résultats pour «\xa0comment décider de la gouvernance d’une régisseurs\xa0»."
    assert "L’originale <mark>gouvernance</mark>" in page


def test_a_search_that_finds_nothing_is_counted_without_a_name(tree, client):
    for q in ("licorne volante", "Licorne  volante", "jeanne@exemple.fr", "03 81 47 97 00", "  "):
        client.get("/recherche/", {"q": q})
    assert list(RechercheVaine.objects.values_list("mots", "nombre")) == [("licorne volante", 2)]


def test_suggestions_name_fiches_then_the_rest_in_two_queries(tree, client, django_assert_num_queries):
    FichePageFactory(parent=tree.fiches, title="Le verger partagé")
    ContentPageFactory(parent=tree.home, title="Les vergers du rally")
    client.get("/recherche/suggestions/?q=ver")
    with django_assert_num_queries(2):
        suggestions = client.get("/recherche/suggestions/?q=ver").json()["suggestions"]
    assert suggestions == ["Le verger partagé", "Les vergers du rally"]


def test_a_postcode_suggests_its_commune_where_a_fiche_is_there(tree, client):
    FichePageFactory(parent=tree.fiches, title="Le verger", commune=Commune.objects.get(nom="Dole"))
    suggested = {
        q: client.get(f"/recherche/suggestions/?q={q}").json()["suggestions"] for q in ("3910", "39100", "25000")
    }
    assert suggested == {"3910": ["Dole"], "39100": ["Dole"], "25000": []}


@pytest.mark.parametrize("q", ["", " ", "\x00", '"', "mot " * 2000, "é" * 4096, "🐄", "(((", "a AND", "%"])
def test_nothing_hostile_breaks_it(tree, client, q):
    FichePageFactory(parent=tree.fiches)
    assert client.get("/recherche/", {"q": q}).status_code == 200
    assert client.get("/recherche/suggestions/", {"q": q}).status_code == 200


@pytest.mark.parametrize(
    ("question", "addresses"),
    [
        ("contact presse", ["/contact/"]),
        ("comment proposer mon innovation ?", ["/candidature/"]),
        ("numéro de téléphone", ["/contact/"]),
        ("signaler une initiative", ["/signaler/"]),
        ("s’inscrire à une étape", ["/etapes/"]),
        ("annuler mon inscription", ["/etapes/"]),
        ("intégrer la carte sur mon site", ["/integration/"]),
        ("plan du site", ["/plan-du-site/"]),
        ("agenda", ["/etapes/"]),
        ("newsletter", ["/carnets/"]),
        ("alerte", ["/fiches/suivre/"]),
        ("flux rss", ["/fiches/suivre/"]),
        ("recevoir un mail quand il y a du nouveau", ["/fiches/suivre/"]),
        ("comment signaler une association qui fait quelque chose de nouveau ?", ["/signaler/"]),
        ("signaler une bonne idée vue près de chez moi", ["/signaler/"]),
        ("embed", ["/integration/"]),
        ("open data", ["/fiches/donnees/"]),
        ("mettre la carte sur mon site", ["/integration/"]),
        ("extension wordpress pour la mairie", ["/integration/"]),
        ("recevoir les nouvelles par mail", ["/fiches/suivre/"]),
        ("devenir partenaire", ["/contact/"]),
        ("je veux modifier mon dossier", ["/candidature/"]),
        ("calendrier 2027", ["/etapes/"]),
        ("réserver", ["/etapes/"]),
        ("proposer une innovation solaire", ["/candidature/"]),
        ("proposer du pain", []),
    ],
)
def test_what_one_can_do_on_the_site_is_found_first_by_the_words_for_it(client, tree, question, addresses):
    page = client.get("/recherche/", {"q": question}).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r'<h3 class="hits__title"><a href="([^"]+)">', main)[: len(addresses)] == addresses
    assert ("Sur ce site" in main) == bool(addresses)
    assert "Aucun résultat" not in main or not addresses
    assert ">0 résultat" not in main or not addresses
    assert {client.get(address).status_code for address in addresses} <= {200}


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("carnet de route numéro 2", "carnets"),
        ("étape de Dole", "etapes"),
        ("palmarès 2025", "pages"),
        ("Dole", "fiches"),
    ],
)
def test_the_kind_or_the_title_that_is_asked_for_stands_before_the_fiches(client, tree, question, first):
    FichePageFactory(
        parent=tree.fiches, title="Le pain de Dole", chapo="Une étape, un carnet de route, palmarès 2025, 2."
    )
    CarnetPageFactory(parent=tree.carnets, title="Carnet de route n° 2")
    EtapePageFactory(parent=tree.etapes, title="Étape de Dole")
    ContentPageFactory(parent=tree.home, title="Palmarès", introduction="Celui de 2025.")
    assert first_group(client, question) == first


def test_a_word_of_a_title_stands_before_a_word_in_the_texts_of_fiches(client, tree):
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger", chapo="La route, puis le canal.")
    EtapePageFactory(parent=tree.etapes, title="Le canal en partage")
    assert [first_group(client, "canal"), first_group(client, "verger")] == ["etapes", "fiches"]
    fiche.title = "Un canal et son verger"
    fiche.save()
    assert first_group(client, "canal") == "fiches"


@pytest.mark.parametrize("question", ["qui finance", "financeurs", "partenaires", "les partenaires du rallye"])
def test_who_asks_for_the_partners_is_led_to_their_page(client, tree, question):
    partner = PartenaireFactory(nom="Région", roles=[Role.FINANCEUR])
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger", chapo="Un rallye.")
    fiche.financements = [FicheFinanceur(partenaire=partner, mention="Financé par la Région")]
    fiche.save()
    page = PartenairesPageFactory(parent=tree.home, title="Partenaires")
    main = BeautifulSoup(client.get("/recherche/", {"q": question}).content, "html.parser").main
    assert [link["href"] for link in main.select(".hits__title a, .card__link")][0] == page.url


@pytest.mark.parametrize("question", ["prochaine étape", "quelle est la prochaine étape ?", "étapes"])
def test_the_next_etape_comes_first_and_the_cancelled_one_last(client, tree, question):
    today = timezone.localdate()
    days = {"Le pont": 40, "La gare": 10, "Le lavoir": -30, "La cave": -5}
    for title, number in days.items():
        EtapePageFactory(parent=tree.etapes, title=title, numero=1, date=today + timedelta(days=number))
    EtapePageFactory(parent=tree.etapes, title="Le port", numero=1, date=today + timedelta(days=2), statut="annulee")
    EtapePageFactory(parent=tree.etapes, title="Le quai", numero=1, date=None, moment="")
    main = BeautifulSoup(client.get("/recherche/", {"q": question, "genre": "etapes"}).content, "html.parser").main
    titles = [link.text for link in main.select(".hits__title a")]
    assert titles == ["La gare", "Le pont", "Le quai", "La cave", "Le lavoir", "Le port"]


@pytest.mark.parametrize(("question", "themes"), [("gouvernence", ["gouvernance"]), ("xwz", [])])
def test_who_finds_nothing_is_offered_the_nearest_theme(client, tree, question, themes):
    CritereFactory(name="gouvernance", dimension=DimensionFactory(slug="centree-sur"))
    empty = BeautifulSoup(client.get("/recherche/", {"q": question}).content, "html.parser").select_one(".empty")
    links = empty.select('a[href*="centree-sur="]')
    assert [link.text for link in links] == themes
    assert {client.get(link["href"]).status_code for link in links} <= {200}


def test_the_two_words_of_a_question_have_their_synonyms(titles_found, tree):
    EtapePageFactory(parent=tree.etapes, title="Le port", commune_id="39198", chapo="Une étape au bord du canal.")
    EtapePageFactory(parent=tree.etapes, title="La cave", slug="cave")
    assert titles_found("rencontre Dole") == {"etapes": ["Le port"]}


def test_pages_with_all_the_words_stand_before_fiches_with_some(client, tree):
    FichePageFactory(parent=tree.fiches, title="La vie au village")
    ContentPageFactory(parent=tree.home, title="Confidentialité", introduction="Votre vie privée, et nos cookies.")
    assert first_group(client, "cookies et vie privée") == "pages"
    assert first_group(client, "vie au village") == "fiches"


def test_a_page_that_has_the_words_somewhere_in_its_text_stands_after_fiches_with_their_synonyms(client, tree):
    Synonyme.objects.create(termes="fournil, boulange")
    text = [{"type": "texte", "value": "<p>Du pain, un four, et tout ce que la boulange demande.</p>"}]
    ContentPageFactory(parent=tree.home, title="La méthode", slug="methode", corps=text)
    FichePageFactory(parent=tree.fiches, title="Le verger", chapo="Du pain, au fournil.")
    page = BeautifulSoup(client.get("/recherche/?q=pain boulange").content, "html.parser").main
    assert [link["href"].split("/")[1] for link in page.select(".hits__title a, .card__link")] == ["fiches", "methode"]


def test_a_word_of_the_partners_name_is_no_subject_of_its_fiches(client, tree):
    partner = PartenaireFactory(nom="Agence des conditions de travail", sigle="AGC")
    FichePageFactory(parent=tree.fiches, title="Le verger", partenaire=partner)
    about = FichePageFactory(parent=tree.fiches, title="La cave", slug="cave", chapo="Un travail choisi.")
    FichePageFactory(parent=tree.fiches, title="Le lavoir", slug="lavoir", partenaire=partner)
    page = BeautifulSoup(client.get("/recherche/?q=travail").content, "html.parser").main
    assert [link["href"] for link in page.select(".card__link")][0] == about.url


def test_a_page_is_found_by_its_headings_before_pages_that_mention_their_words(titles_found, tree):
    text = [{"type": "texte", "value": "<h2>D’où viennent les sources ?</h2><p>De l’Insee.</p>"}]
    ContentPageFactory(parent=tree.home, title="Mentions", slug="mentions", corps=text)
    text = [{"type": "texte", "value": "<p>Nos sources et nos photos.</p>"}]
    ContentPageFactory(parent=tree.home, title="Ailleurs", slug="ailleurs", corps=text)
    assert titles_found("sources")["pages"] == ["Mentions", "Ailleurs"]


def test_a_form_is_found_by_its_title_before_pages_that_mention_its_words(client, tree):
    text = [{"type": "texte", "value": "<p>On peut mettre une carte sur le site du canton.</p>"}]
    ContentPageFactory(parent=tree.home, title="Ailleurs", corps=text)
    main = BeautifulSoup(client.get("/recherche/?q=mettre la carte sur mon site").content, "html.parser").main
    assert [link["href"] for link in main.select(".hits__title a")] == ["/integration/", "/ailleurs/"]


@pytest.mark.parametrize("question", ["politique de confidentialité", "à quoi sert la grille ?"])
def test_a_page_whose_title_stands_in_the_question_is_found_first(client, tree, question):
    ContentPageFactory(parent=tree.home, title="Confidentialité", slug="confidentialite")
    ContentPageFactory(parent=tree.home, title="La grille", slug="la-grille")
    FichePageFactory(parent=tree.fiches, title="La confidentialité, politique d’une grille qui sert", slug="politique")
    main = BeautifulSoup(client.get("/recherche/", {"q": question}).content, "html.parser").main
    shown = [link["href"] for link in main.select(".hits__title a, .card__link")]
    assert shown[0] in ("/confidentialite/", "/la-grille/")
    assert shown[1].startswith("/fiches/politique/")


@pytest.mark.parametrize("question", ["c’est quoi une innovation sociale", "Définition de l’innovation sociale"])
def test_the_meaning_of_words_is_asked_of_pages(client, tree, question):
    FichePageFactory(parent=tree.fiches, title="Une innovation sociale")
    body = [{"type": "texte", "value": "<p>Une innovation sociale est une nouvelle pratique.</p>"}]
    ContentPageFactory(parent=tree.home, title="Le programme", corps=body)
    assert first_group(client, question) == "pages"
    for other in ("innovation sociale", "innovation sociale en haute définition"):
        assert first_group(client, other) == "fiches"


def first_group(client, question):
    page = client.get("/recherche/", {"q": question}).content.decode()
    return re.findall(r'id="hits-(\w+)"', page.replace("hits-actions", ""))[0]


def test_who_finds_nothing_is_led_to_the_innovations_the_site_map_and_the_team(client, tree):
    page = client.get("/recherche/", {"q": "zzzzzz"}).content.decode()
    empty = page.partition('class="empty"')[2].partition("</div>")[0]
    assert re.findall(r'href="([^"]+)"', empty) == ["/fiches/", "/signaler/", "/plan-du-site/", "/contact/"]
