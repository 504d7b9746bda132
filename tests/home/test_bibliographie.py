"""The bibliography: asked for by its address, taken away in three formats, found by reference managers."""

import re
from html import unescape
from urllib.parse import parse_qs

import bibtexparser
import orjson
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from django.core.exceptions import ValidationError
from django.http import QueryDict

from home.models import Reference
from home.reference_export import bibtex, coins, csl, keys, ris
from home.reference_filter import BibliographieFilter
from tests.factories import BibliographiePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(tree):
    return BibliographiePageFactory(parent=tree.home, slug="bibliographie")


@pytest.fixture
def references(db):
    return [
        Reference.objects.create(**fields)
        for fields in (
            {
                "type": "book",
                "titre": "L’innovation sociale",
                "auteurs": "Besançon, Emmanuelle; Chochoy, Nicolas",
                "annee": 2013,
            },
            {
                "type": "article-journal",
                "titre": "The Process",
                "auteurs": "Mulgan, Geoff",
                "annee": 2006,
                "revue": "Innovations",
                "doi": "10.1162/itgg.2006.1.2.145",
            },
            {"type": "report", "titre": "Élan", "auteurs": "Lévesque, Benoît", "annee": 2005, "editeur": "Crises"},
            {"type": "webpage", "titre": "Avise", "auteurs": "Avise", "adresse": "https://www.avise.org/a_b?x={1}"},
        )
    ]


def parse_filter(query):
    return BibliographieFilter.parse(QueryDict(query))


def titles(client, query=""):
    page = client.get(f"/bibliographie/{query}")
    assert page.status_code == 200
    return [unescape(re.sub("<[^>]+>", "", cite)) for cite in re.findall(r"<cite>(.*?)</cite>", page.content.decode())]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Avise", "L’innovation sociale", "Élan", "The Process"]),
        ("?tri=recent", ["L’innovation sociale", "The Process", "Élan", "Avise"]),
        ("?tri=ancien", ["Élan", "The Process", "L’innovation sociale", "Avise"]),
        ("?tri=titre", ["Avise", "Élan", "L’innovation sociale", "The Process"]),
        ("?type=book&type=report", ["L’innovation sociale", "Élan"]),
        ("?auteur=levesque", ["Élan"]),
        ("?auteur=CHOCHOY&utm_source=lettre", ["L’innovation sociale"]),
        ("?annee=2006", ["The Process"]),
        ("?annee=2006&type=book", []),
        ("?annee=&auteur=&type=", ["Avise", "L’innovation sociale", "Élan", "The Process"]),
    ],
)
def test_the_address_sorts_and_filters(client, page, references, query, expected):
    assert titles(client, query) == expected


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("annee=1e20", "annee"),
        ("annee=²013", "annee"),
        ("type=roman", "type"),
        ("tri=hasard", "tri"),
        ("couleur=vert", "couleur"),
        ("annee=%00%ED%A0%80", "annee"),
    ],
)
def test_what_cant_be_read_is_said_the_rest_applies_and_a_file_is_refused(client, page, references, query, parameter):
    assert list(parse_filter(query).errors) == [parameter]
    assert titles(client, f"?{query}&auteur=mulgan") == ["The Process"]
    answer = client.get(f"/bibliographie/bibliographie.bib?{query}")
    assert answer.status_code == 400
    assert answer.content.decode().startswith(parameter)


def test_bibtex_says_who_wrote_what_and_where(references):
    text = bibtex(references)
    assert text.split("\n\n")[0] == (
        "@book{besancon2013,\n"
        "  author = {Besançon, Emmanuelle and Chochoy, Nicolas},\n"
        "  title = {L’innovation sociale},\n"
        "  year = {2013}\n"
        "}"
    )
    assert "  journal = {Innovations},\n" in text
    assert "  institution = {Crises},\n" in text
    assert "  doi = {10.1162/itgg.2006.1.2.145}\n" in text
    assert "  author = {{Avise}},\n" in text
    assert "  url = {https://www.avise.org/a_b?x=%7B1%7D}\n" in text


def hostile_works():
    """What no reader may stumble over: braces that don't match, commands, ends of records, names with “and”."""
    return [
        Reference(titre="100 % {co} \\input{x} #1 $y_2 ~", auteurs="D'Arc & Fils", type="book", annee=2001),
        Reference(titre="Un\r\nER  - \r\nTY  - BOOK", note="a\x00b @book{x,", type="report", annee=2001),
        Reference(titre='= "A", #b', auteurs="and Sons, Jean and ; de La Tour, A. ; Élan", type="thesis", annee=2001),
        Reference(titre="Page", type="webpage", adresse="https://x.test/a{b}%20c?d=é&e=\\f"),
    ]


def test_a_bibtex_reader_finds_each_reference_and_each_author(references):
    everything = [*references, *hostile_works()]
    readers = [SeparateCoAuthors(), SplitNameParts(), LatexDecodingMiddleware()]
    library = bibtexparser.parse_string(bibtex(everything), append_middleware=readers)
    assert library.failed_blocks == []
    assert [entry.key for entry in library.entries] == keys(everything)
    found = [{name: field.value for name, field in entry.fields_dict.items()} for entry in library.entries]
    assert [each["title"] for each in found] == [" ".join(each.titre.split()) for each in everything]
    people = [len(each.get("author", ())) for each in found]
    assert people == [len(each.liste_des_auteurs) for each in everything]
    assert found[0]["author"][0].last == ["Besançon"]
    sons, noble, network = found[-2]["author"]
    assert (noble.von, noble.last, noble.first) == (["de"], ["La", "Tour"], ["A."])
    assert "Sons" in sons.last[0] and "Élan" in network.last[0]


def test_csl_tells_people_from_organisations(references):
    import orjson

    items = orjson.loads(csl(references))
    assert items[0]["author"] == [
        {"family": "Besançon", "given": "Emmanuelle"},
        {"family": "Chochoy", "given": "Nicolas"},
    ]
    assert items[0]["issued"] == {"date-parts": [[2013]]}
    assert items[3]["author"] == [{"literal": "Avise"}]
    assert "issued" not in items[3]
    assert {item["type"] for item in items} == {"book", "article-journal", "report", "webpage"}


def test_reference_managers_find_the_references_in_the_page(client, page, references):
    html = client.get("/bibliographie/?auteur=mulgan").content.decode()
    [title] = re.findall(r'<span class="Z3988" title="([^"]+)"></span>', html)
    found = parse_qs(unescape(title))
    assert found["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:journal"]
    assert (found["rft.atitle"], found["rft.jtitle"]) == (["The Process"], ["Innovations"])
    assert found["rft_id"] == ["info:doi/10.1162/itgg.2006.1.2.145"]
    assert "&" not in parse_qs(coins(Reference(titre="A & B", type="book")))["rft.btitle"][0].replace("A & B", "")


def test_a_title_in_another_language_is_marked_with_it_and_taken_away_with_it(page, client):
    """WCAG 3.1.2: a screen reader says « The Process » as English."""
    work = Reference.objects.create(type="article-journal", titre="The Process", revue="Innovation Review", langue="en")
    html = client.get("/bibliographie/").content.decode()
    assert '<cite lang="en">The Process</cite>, <span lang="en">Innovation Review</span>' in html
    assert "  language = {en}" in bibtex([work])
    assert "LA  - en\r\n" in ris([work])
    assert orjson.loads(csl([work]))[0]["language"] == "en"
    work.langue = "anglais !"
    with pytest.raises(ValidationError, match="Une langue est un code"):
        work.full_clean()
