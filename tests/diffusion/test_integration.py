"""What a partner's web master copies, and what their readers get: frames, the component's data, oEmbed, the builder."""

import datetime
import gzip
import html
import json
import re
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.test import Client
from wagtail.models import PageViewRestriction

from fiches.diffusion.embeds import embeds
from fiches.diffusion.embeds.accent_colours import contrast, ground, nearest, read_accent
from fiches.models import Commune
from tests.factories import CarnetPageFactory, EtapePageFactory, FichePageFactory

pytestmark = pytest.mark.django_db
SMALLEST = 15_000
"""Bytes of the component, gzipped: less than that is promised."""
LISTS = ("carte", "liste", "etapes", "palmares")


@pytest.fixture
def etape(tree):
    return EtapePageFactory(
        parent=tree.etapes, slug="demain", title="L’étape de demain", date=datetime.date(2030, 5, 2)
    )


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def test_the_kinds_that_are_offered(db):
    assert [embed.nature for embed in embeds() if embed.proposee] == ["carte", "liste", "fiche", "etapes", "palmares"]


@pytest.mark.parametrize("nature", LISTS)
def test_an_embed_with_nothing_to_show_says_so_and_leads_back(client, tree, nature):
    page = soup(client.get(f"/integration/{nature}/"))
    assert page.select_one(".empty").text.strip()
    assert page.select_one("a.cadre__more")["href"].startswith("http://")
    payload = client.get(f"/integration/{nature}/contenu.json").json()
    assert (payload["elements"], bool(payload["vide"]), bool(payload["suite"])) == ([], True, True)


def test_a_list_shows_what_answers_with_the_funders_credit_and_a_link_back(client, epicerie, tree):
    FichePageFactory(parent=tree.fiches, title="Ailleurs")
    page = soup(client.get("/integration/liste/?departement=25"))
    assert [title.text.split(" (")[0].strip() for title in page.select(".card__title")] == ["L’épicerie qui partage"]
    assert "Avec le soutien financier de Région." in page.select_one("footer").text
    assert page.select_one("a.cadre__more")["href"] == "http://localhost/fiches/?departement=25"
    assert {link["target"] for link in page.select("a")} == {"_blank"}


def test_the_component_reads_texts_and_addresses_only(client, epicerie):
    payload = client.get("/integration/liste/contenu.json").json()
    (element,) = payload["elements"]
    assert (element["titre"], element["sur"], element["url"]) == (
        "L’épicerie qui partage",
        "Agrodoubs",
        "http://localhost/fiches/epicerie/",
    )
    assert "QZX" not in json.dumps(payload)
    assert "<" not in json.dumps(payload)


def test_a_question_that_nothing_answers_doesn_t_lead_to_the_innovation(client, epicerie):
    payload = client.get("/integration/liste/contenu.json?departement=90").json()
    assert (payload["elements"], payload["suite"]) == ([], "Voir plus d’innovations sur Rally’nov")


def test_next_etapes_are_an_embed(client, etape):
    assert [each["titre"] for each in client.get("/integration/etapes/contenu.json").json()["elements"]] == [
        "L’étape de demain"
    ]


def test_a_withdrawn_fiche_is_gone_at_the_next_load_and_its_frame_says_so(client, epicerie):
    address = "/integration/fiche/epicerie/"
    assert "L’épicerie qui partage" in client.get(address).content.decode()
    epicerie.unpublish()
    for path in (address, f"{address}contenu.json"):
        response = client.get(path)
        assert (response.status_code, "épicerie" in response.content.decode()) == (404, False)
    for path in (
        "/fiches/epicerie/",
        "/fiches/epicerie/fiche.pdf",
        "/api/v1/fiches/epicerie",
        "/oembed?url=http://localhost/fiches/epicerie/",
    ):
        assert (path, client.get(path).status_code) == (path, 404)
    assert "Ce contenu n’est plus en ligne." in client.get(address).content.decode()
    assert client.get("/integration/liste/contenu.json").json()["elements"] == []
    assert client.get("/integration/fiche/jamais/").status_code == 404


def test_a_private_fiche_was_never_there(client, epicerie, tree):
    private = FichePageFactory(parent=tree.fiches, slug="privee", title="Privée QZX")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    for path in ("/integration/fiche/privee/", "/oembed?url=http://localhost/fiches/privee/"):
        response = client.get(path)
        assert response.status_code in (404, 410)
        assert "QZX" not in response.content.decode()


FRAMED = ["/integration/carte/", "/integration/liste/", "/integration/fiche/epicerie/", "/integration/fiche/jamais/"]
ELSEWHERE = ["/", "/fiches/", "/fiches/epicerie/", "/api/v1/docs", "/admin/login/", "/candidature/", "/integration/"]


def test_any_site_may_frame_an_embed_and_nothing_else(client, epicerie):
    for address in FRAMED:
        response = client.get(address)
        assert "X-Frame-Options" not in response, address
        assert "frame-ancestors *" in response["Content-Security-Policy"], address
    for address in ELSEWHERE:
        response = client.get(address, follow=True)
        policy = response["Content-Security-Policy"]
        assert re.search(r"frame-ancestors ('none'|'self')", policy), (address, policy)
        assert response["X-Frame-Options"] in ("DENY", "SAMEORIGIN"), address


def test_an_embed_sets_no_cookie_and_asks_no_other_host(epicerie):
    for address in (*FRAMED, "/integration/liste/contenu.json", "/integration/rallynov.js", "/integration/"):
        response = Client().get(address)
        assert not response.cookies, address
        resources = [node.get("src") or node.get("href") for node in soup(response).select("script, link, img, iframe")]
        assert not [url for url in resources if url and urlsplit(url).netloc not in ("", "localhost", "testserver")]


def test_the_component_keeps_nothing_and_draws_nothing_from_markup():
    source = Path(finders.find("diffusion/integration/rallynov.js")).read_text()
    code = "\n".join(line for line in source.splitlines() if not line.strip().startswith("//"))
    forbidden = ("cookie", "localStorage", "sessionStorage", "indexedDB", "innerHTML", "insertAdjacentHTML", "eval(")
    assert not [word for word in forbidden if word in code]
    assert 'credentials: "omit"' in code
    assert not re.search(r"^import ", code, re.MULTILINE)


def test_the_component_is_under_fifteen_kilobytes(client, tree):
    response = client.get("/integration/rallynov.js", headers={"accept-encoding": "gzip"})
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert len(response.content) < SMALLEST
    assert gzip.decompress(response.content).startswith(b"const MOTS = ")
    assert client.get("/integration/rallynov.js", headers={"if-none-match": response["ETag"]}).status_code == 304


def test_a_page_that_copied_the_component_without_a_version_still_gets_it(client, tree):
    old, new = client.get("/integration/rallynov.js"), client.get("/integration/rallynov.v1.js")
    assert old.content == new.content
    assert old["Deprecation"] == "@1796083200"  # RFC 9745: 1 December 2026
    assert old["Link"] == '<http://testserver/integration/rallynov.v1.js>; rel="successor-version"'
    assert not new.has_header("Deprecation")


def test_what_is_shown_elsewhere_is_asked_anew_each_time(client, epicerie):
    response = client.get("/integration/liste/contenu.json")
    assert response["Cache-Control"] == "private, no-cache"
    again = client.get("/integration/liste/contenu.json", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("number", [1, 30])
def test_an_embed_costs_the_same_for_one_fiche_and_for_thirty(client, tree, number, django_assert_num_queries):
    FichePageFactory.create_batch(number, parent=tree.fiches)
    for address, queries in {"/integration/liste/contenu.json?par_page=50": LIST, "/integration/carte/": MAP}.items():
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)


LIST, MAP = 5, 6


HOSTILE = [
    "%00",
    "%ED%A0%80",
    "1e20",
    "'%22%3Cscript%3E",
    "a" * 3000,
    "#123456",
    "rgb(0,0,0)",
    "javascript:alert(1)",
    "📍",
]


PARAMETERS = ["q", "departement", "theme", "accent", "type", "nom", "largeur", "hauteur", "page"]
STEP = 4
"""The list gets every pair of parameter and value. The other addresses share its parser, and get a quarter of the pairs, in which each
parameter and each value occurs."""


@pytest.mark.parametrize(
    ("address", "step"),
    [
        ("/integration/liste/", 1),
        ("/integration/", STEP),
        ("/integration/carte/", STEP),
        ("/integration/liste/contenu.json", STEP),
    ],
)
def test_no_parameter_breaks_an_embed_or_the_builder(epicerie, address, step):
    client = Client(raise_request_exception=False)
    for name, value in [*product(PARAMETERS, HOSTILE)][::step]:
        response = client.get(f"{address}?{name}={value.replace('#', '%23')}")
        assert response.status_code == 200, (name, value)
        assert "json" in response["Content-Type"] or "<script>" not in response.content.decode()


@pytest.mark.parametrize(
    "url", ["", "x", "http://[::1", "ftp://localhost/", "http://ailleurs.example/", "http://localhost/plan-du-site/"]
)
def test_oembed_refuses_in_words_what_it_does_not_show(epicerie, url):
    response = Client(raise_request_exception=False).get("/oembed", {"url": url})
    assert response.status_code in (400, 404)
    assert response["Content-Type"] == "application/problem+json"


# --- Colours


@pytest.mark.parametrize("theme", ["clair", "sombre"])
@pytest.mark.parametrize("colour", ["#ffff00", "#777777", "#ff0000", "#000000", "#ffffff", "#17493a", "#8aa0ff"])
def test_a_colour_that_is_proposed_can_be_read(colour, theme):
    behind = ground(theme)
    assert contrast(nearest(colour, behind), behind) >= 4.5


def test_a_colour_that_can_t_be_read_is_refused_with_the_nearest_one(client, tree):
    page = soup(client.get("/integration/?accent=%23ffff00"))
    field = page.select_one("#id_accent").find_parent(class_="field")
    assert "est difficile à lire" in field.text
    proposed = field.select_one("button[name=accent]")["value"]
    assert read_accent(proposed, "clair").clair == proposed
    assert "accent" not in page.select_one("#code-composant").text


def test_a_colour_s_sheet_holds_colours_only(client, db):
    text = client.get("/integration/couleurs.css?accent=%2317493a").content.decode()
    assert "--accent: #17493a;" in text
    assert client.get("/integration/couleurs.css?accent=red;}body{display:none").content == b""


# --- oEmbed


@pytest.mark.parametrize(
    "address", ["/fiches/epicerie/", "/fiches/?departement=25", "/integration/fiche/epicerie/?theme=sombre"]
)
def test_an_address_pasted_elsewhere_becomes_a_frame(client, epicerie, address):
    payload = client.get("/oembed", {"url": f"http://localhost{address}", "maxwidth": "400"}).json()
    assert (payload["version"], payload["type"], payload["width"], payload["provider_name"]) == (
        "1.0",
        "rich",
        400,
        "Rally’nov",
    )
    frame = BeautifulSoup(payload["html"], "html.parser").iframe
    shown = urlsplit(frame["src"])
    assert shown.path.startswith("/integration/")
    assert client.get(f"{shown.path}?{shown.query}").status_code == 200
    named = "L’épicerie qui partage" if "epicerie" in address else "Liste"
    assert frame["title"] == f"Rally’nov\xa0: {named}"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/", "accueil/"),
        ("/etapes/", "etapes/?par_page=3"),
        ("/etapes/demain/", "etape/{etape}/"),
        ("/carnets/", "carnets/"),
        ("/carnets/n1/", "carnet/{carnet}/"),
        ("/fiches/epicerie/", "fiche/{fiche}/"),
    ],
)
def test_each_kind_of_page_is_found_by_wordpress_and_becomes_its_frame(client, etape, epicerie, tree, address, shown):
    """WordPress asks the address that the page's head names. The frame of one page survives a change of its name."""
    carnet = CarnetPageFactory(parent=tree.carnets, slug="n1", title="Carnet du départ")
    pages = {"etape": etape, "carnet": carnet, "fiche": epicerie}
    link = soup(client.get(address)).select_one('link[type="application/json+oembed"]')["href"]
    payload = client.get(link.removeprefix("http://testserver")).json()
    frame = BeautifulSoup(payload["html"], "html.parser").iframe["src"].removeprefix("http://testserver")
    keys = {name: getattr(page, "uid", page.translation_key) for name, page in pages.items()}
    assert frame == "/integration/" + shown.format(**keys)
    page = soup(client.get(frame))
    named = {"etape": "L’étape de demain", "carnet": "Carnet du départ", "fiche": "L’épicerie qui partage"}
    named |= {"etapes": named["etape"], "carnets": named["carnet"], "accueil": named["fiche"]}
    assert named[shown.partition("/")[0]] in page.main.text


def test_wordpress_sizes_the_frame_and_elsewhere_nothing_is_added_to_it(client, epicerie):
    """WordPress drops ``hidden``, and loads what sizes frames only where a quotation stands before one."""
    payload = client.get("/oembed", {"url": "http://localhost/fiches/epicerie/"}).json()
    quotation, frame = BeautifulSoup(payload["html"], "html.parser").find_all(recursive=False)
    assert (quotation.name, quotation.has_attr("hidden"), frame.name) == ("blockquote", True, "iframe")
    assert quotation.a["href"] == frame["src"]


def test_oembed_marks_what_is_fictitious_and_stays_readable_xml(client, tree):
    FichePageFactory(parent=tree.fiches, slug="four", title="Four\ufffe commun", exemple=True)
    answer = client.get("/oembed", {"url": "http://localhost/fiches/four/", "format": "xml"}).content
    assert ElementTree.fromstring(answer).findtext("title") == "Four commun (exemple)"


def test_oembed_answers_in_xml_and_refuses_another_format(client, epicerie):
    url = "http://localhost/fiches/epicerie/"
    root = ElementTree.fromstring(client.get("/oembed", {"url": url, "format": "xml"}).content)
    assert (root.tag, root.findtext("title")) == ("oembed", "L’épicerie qui partage")
    assert client.get("/oembed", {"url": url, "format": "yaml"}).status_code == 501


@pytest.mark.parametrize("address", ["/fiches/epicerie/", "/fiches/?departement=25"])
def test_a_page_tells_where_it_is_described(client, epicerie, address):
    link = soup(client.get(address)).select_one('link[type="application/json+oembed"]')
    parts = urlsplit(link["href"])
    assert parse_qs(parts.query)["url"] == [f"http://testserver{address}"]
    assert client.get(f"{parts.path}?{parts.query}").json()["type"] == "rich"


# --- The builder


def test_five_minutes_of_a_web_master(client, epicerie, tree):
    """Filters on the list, follows the link, looks, copies: what is copied shows the same fiches."""
    FichePageFactory(parent=tree.fiches, title="Ailleurs")
    page = soup(client.get("/fiches/?departement=25"))
    link = next(link for link in page.select("#donnees-titre ~ ul a") if "/integration/" in link["href"])
    builder = soup(client.get(link["href"]))
    assert builder.select_one("#id_departement_25, input[name=departement][value='25']").has_attr("checked")
    frame = builder.select_one(".atelier__preview iframe")["src"]
    assert "L’épicerie qui partage" in client.get(frame).content.decode()
    component = BeautifulSoup(builder.select_one("#code-composant").text, "html.parser")
    tag = component.select_one("rallynov-integration")
    assert (tag["type"], tag["filtres"]) == ("liste", "departement=25")
    assert component.script["src"] == "http://testserver/integration/rallynov.v1.js"
    assert tag.a["href"] == "http://localhost/fiches/?departement=25"
    code = BeautifulSoup(builder.select_one("#code-cadre").text, "html.parser").iframe
    assert code["src"] == "http://testserver/integration/liste/?departement=25"
    assert "connect-src http://testserver" in builder.text


def test_one_fiche_is_chosen_by_its_title_or_its_address(client, epicerie):
    for text in ("l’épicerie qui partage", "http://localhost/fiches/epicerie/", "epicerie"):
        page = soup(client.get("/integration/", {"type": "fiche", "nom": text}))
        shown = f"/integration/fiche/{epicerie.translation_key}/"
        assert page.select_one(".atelier__preview iframe")["src"] == shown, text
    page = soup(client.get("/integration/", {"type": "fiche", "nom": "inconnue"}))
    assert page.select_one("#id_nom")["value"] == "inconnue"
    assert "Aucune fiche en ligne" in page.select_one("#id_nom").find_parent(class_="field").text


def test_what_is_copied_can_t_be_broken_out_of(client, epicerie):
    """A word typed in the builder stays an attribute's text in the code to copy."""
    attack = '"><script>alert(1)</script>'
    page = soup(client.get("/integration/", {"type": "liste", "q": attack}))
    code = page.select_one("#code-composant").text
    assert "<script>alert" not in code
    assert "<script>alert" not in html.unescape(page.select_one("#code-cadre").text.split("src=")[1].split(" ")[0])


def test_the_builder_reproaches_a_fiche_left_out_and_not_one_that_nobody_could_say_yet(client, tree):
    assert client.get("/integration/", {"type": "fiche"}).context["form"].errors == {}
    left_out = client.get("/integration/", {"type": "fiche", "nom": ""})
    assert left_out.context["form"].errors == {"nom": ["Choisissez une fiche."]}
    assert "Choisissez une fiche." in left_out.content.decode()


@pytest.mark.parametrize("nature", ["liste", "carte"])
def test_a_filter_that_names_nothing_shows_why_and_not_every_fiche(client, tree, nature):
    """Whoever chose one criterion, since renamed, doesn't want the whole region on their site."""
    FichePageFactory(parent=tree.fiches, title="Le four partagé")
    page = client.get(f"/integration/{nature}/?departement=99").content.decode()
    assert "Le four partagé" not in page
    assert '<h1 class="cadre__title">Cette sélection ne peut pas être affichée.</h1>' in page
    said = BeautifulSoup(page, "html.parser").select_one(".notice li").get_text()
    assert " ".join(said.split()) == "departement : Valeur inconnue : « 99 »."
    payload = client.get(f"/integration/{nature}/contenu.json?departement=99").json()
    assert (payload["elements"], payload["titre"]) == ([], "Cette sélection ne peut pas être affichée.")
    said = " ".join(payload["vide"].split())
    assert said == "Une partie de la question est illisible. Valeur inconnue : « 99 »."
    assert list(payload["erreurs"]) == ["departement"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/fiches/?departement=99", "liste/?departement=99"),
        ("/fiches/?inconnu=1&theme=sombre", "liste/?inconnu=1&theme=sombre"),
        ("/etapes/?quand=jamais", "etapes/?quand=jamais"),
        ("/integration/palmares/?edition=hier", "palmares/?edition=hier"),
    ],
)
def test_a_pasted_address_with_an_unknown_filter_becomes_a_frame_that_says_why(client, tree, etape, address, shown):
    FichePageFactory(parent=tree.fiches, title="Le four partagé")
    payload = client.get("/oembed", {"url": f"http://localhost{address}"}).json()
    assert payload["title"] == "Cette sélection ne peut pas être affichée."
    frame = BeautifulSoup(payload["html"], "html.parser").iframe["src"].removeprefix("http://testserver")
    assert frame == f"/integration/{shown}"
    page = soup(client.get(frame))
    assert page.h1.text == "Cette sélection ne peut pas être affichée."
    assert page.select(".card") == []


def test_a_pasted_list_is_as_high_as_its_three_cards(client, tree, epicerie):
    """Half of the frames elsewhere have nothing that sizes them; twenty cards in a sentence's place are too many."""
    FichePageFactory.create_batch(4, parent=tree.fiches)
    tall, short, asked = (
        client.get("/oembed", {"url": f"http://localhost/fiches/{query}", "maxwidth": "640"}).json()
        for query in ("", "?departement=25", "?par_page=5")
    )
    assert "/integration/liste/?par_page=3" in tall["html"]
    assert (tall["height"], short["height"], asked["height"]) == (1056, 532, 1580)
    assert "5" in soup(client.get("/integration/liste/?par_page=3")).select_one(".cadre__more").text


@pytest.mark.parametrize(
    ("query", "title", "shown"),
    [
        ("", "Les prochaines étapes", ["L’étape de demain", "L’étape du Jura"]),
        ("departement=39", "1 étape, dans le Jura", ["L’étape du Jura"]),
        ("quand=passees", "1 étape, avant aujourd’hui", ["L’étape d’hier"]),
        ("au=2015-01-01", "1 étape, jusqu’au 1er janvier 2015", ["L’étape d’hier"]),
        ("par_page=1", "Les prochaines étapes", ["L’étape de demain"]),
    ],
)
def test_a_pasted_list_of_etapes_keeps_its_filters(client, tree, etape, query, title, shown):
    jura = {"commune": Commune.objects.filter(departement="39").first()}
    EtapePageFactory(parent=tree.etapes, title="L’étape du Jura", date=datetime.date(2031, 5, 2), **jura)
    EtapePageFactory(parent=tree.etapes, title="L’étape d’hier", date=datetime.date(2013, 5, 2))
    payload = client.get("/oembed", {"url": f"http://localhost/etapes/?{query}"}).json()
    assert payload["title"] == title
    frame = BeautifulSoup(payload["html"], "html.parser").iframe["src"].removeprefix("http://testserver")
    assert frame == f"/integration/etapes/?{query if 'par_page' in query else f'{query}&par_page=3'.lstrip('&')}"
    page = soup(client.get(frame))
    assert [link.text.split(" (")[0].strip() for link in page.select(".card__link")] == shown
    filters = "" if "par_page" in query or not query else f"?{query}"
    assert page.select_one("a.cadre__more")["href"] == f"http://localhost/etapes/{filters}"


@pytest.fixture
def each_embed(tree, epicerie, etape):
    """``[address]`` of an embed of each kind."""
    CarnetPageFactory(parent=tree.carnets, slug="carnet-1")
    slugs = {"fiche": epicerie.slug, "etape": etape.slug, "carnet": "carnet-1"}
    addresses = [
        f"/integration/{each.nature}/" + (f"{slugs[each.nature]}/" if each.une_page else "") for each in embeds()
    ]
    assert len(addresses) == 9
    return addresses


@pytest.mark.parametrize("name", ["theme", "accent", "langue", "inconnu"])
def test_every_embed_says_first_which_parameter_it_cannot_read(client, each_embed, name):
    for address in each_embed:
        page = soup(client.get(address, {name: "zz"}))
        said = page.main.select_one(".notice--alert li strong")
        assert said and said.text == name, address
        assert said.find_previous(class_=["card", "points"]) is None, address
        assert list(client.get(f"{address}contenu.json", {name: "zz"}).json()["erreurs"]) == [name], address


def test_no_embed_refuses_its_language_or_a_mark_of_who_sent_the_reader(client, each_embed):
    for address in each_embed:
        answer = client.get(f"{address}contenu.json", {"langue": "fr", "utm_source": "lettre"}).json()
        assert answer["erreurs"] == {}, address


@pytest.mark.parametrize("asked", ["theme=zz", "accent=zz", "langue=zz"])
def test_a_pasted_address_keeps_what_the_frame_then_says_it_cannot_read(client, epicerie, asked):
    for address in ("fiches/", "integration/liste/", "integration/palmares/"):
        payload = client.get("/oembed", {"url": f"http://localhost/{address}?{asked}"}).json()
        frame = BeautifulSoup(payload["html"], "html.parser").iframe["src"].removeprefix("http://testserver")
        assert soup(client.get(frame)).main.select_one(".notice--alert li strong").text == asked.partition("=")[0]


@pytest.mark.parametrize("kind", ["carte", "liste", "fiche", "etapes", "palmares"])
def test_the_builder_says_which_parameter_it_cannot_read(client, epicerie, kind):
    for name in ("type", "theme", "accent", "largeur", "hauteur", "langue", "inconnu"):
        page = soup(client.get("/integration/", {"type": kind, "nom": "epicerie", name: "zz"}))
        form = page.select_one("#atelier-choix")
        notice = form.select_one(".notice--alert li strong")
        assert form.select_one(".field__error") or (notice and notice.text == name), name


def test_a_look_that_cannot_be_read_hides_no_fiche(client, tree):
    FichePageFactory(parent=tree.fiches, title="Le four partagé")
    page = client.get("/integration/liste/?theme=rose").content.decode()
    assert "Le four partagé" in page
    assert "<strong>theme</strong>" in page
