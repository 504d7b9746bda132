"""The bibliography: in the order of authors, taken away in two formats."""

import re
from html import unescape

import bibtexparser
import orjson
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from django.core.exceptions import ValidationError

from home.models import Reference
from home.models.reference import by_author
from home.reference_export import bibtex, csl, keys
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


def test_the_references_stand_in_the_order_of_their_authors(client, page, references):
    html = client.get("/bibliographie/").content.decode()
    titles = [unescape(re.sub("<[^>]+>", "", cite)) for cite in re.findall(r"<cite>(.*?)</cite>", html)]
    assert titles == ["Avise", "L’innovation sociale", "Élan", "The Process"]
    assert client.get("/bibliographie/bibliographie.bib").content.decode() == bibtex(by_author())


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


def test_a_title_in_another_language_is_marked_with_it_and_taken_away_with_it(page, client):
    """WCAG 3.1.2: a screen reader says « The Process » as English."""
    work = Reference.objects.create(type="article-journal", titre="The Process", revue="Innovation Review", langue="en")
    html = client.get("/bibliographie/").content.decode()
    assert '<cite lang="en">The Process</cite>, <span lang="en">Innovation Review</span>' in html
    assert "  language = {en}" in bibtex([work])
    assert orjson.loads(csl([work]))[0]["language"] == "en"
    work.langue = "anglais !"
    with pytest.raises(ValidationError, match="Une langue est un code"):
        work.full_clean()
