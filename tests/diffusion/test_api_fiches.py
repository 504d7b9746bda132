"""The partner API's fiches: complete, public fields only, in the query language, at a fixed cost."""

import errno

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import OperationalError
from wagtail.documents.models import Document

from fiches import content_language
from fiches.models import FichePage, Publication
from tests.factories import FichePageFactory, IllustrationFactory

PRIVATE = ("QZX", "QZY", "contact_courriel", "contact_telephone", "+33381405757")


def test_a_fiche_is_told_whole(read, epicerie):
    fiche = read("fiches/epicerie").json()
    assert fiche["titre"] == "L’épicerie qui partage"
    assert fiche["url"] == "http://localhost/fiches/epicerie/"
    assert (fiche["commune"], fiche["code_insee"], fiche["departement_nom"]) == ("Besançon", "25056", "Doubs")
    assert (fiche["latitude"], fiche["longitude"], fiche["precision"]) == (47.24, 6.02, "exacte")
    assert fiche["grille"] == [
        {
            "dimension": "centree-sur",
            "nom": "centrée sur",
            "criteres": [{"slug": "entreprise", "nom": "entreprise"}],
        }
    ]
    assert fiche["mots_cles"] == ["pain"]
    assert (fiche["edition"], fiche["effectif"], fiche["tranche_effectif"]) == (2013, 15, "10-19")
    assert fiche["partenaire"]["sigle"] == "PDE"
    assert [funder["nom"] for funder in fiche["financeurs"]] == ["Région"]


def test_the_body_is_told_block_by_block_as_html_and_as_text(read, epicerie):
    fiche = read("fiches/epicerie").json()
    kinds = [block["type"] for block in fiche["corps"]]
    assert kinds == ["texte", "citation", "chiffres_cles", "mise_en_oeuvre", "video"]
    assert fiche["corps"][0]["texte"] == "Du pain partagé."
    assert "<p>Du pain <b>partagé</b>.</p>" in fiche["texte_html"]
    assert fiche["texte"].startswith("Du pain partagé.\n«\u00a0On partage tout.\u00a0»")


def test_only_the_contacts_that_agreed_are_told(read, epicerie):
    assert read("fiches/epicerie").json()["contact"] == {
        "nom": "Jeanne Essai",
        "fonction": "",
        "telephone": "",
        "courriel": "",
    }
    assert read("fiches/epicerie").json()["partenaire"]["contact"] is None


@pytest.mark.parametrize(
    "address",
    [
        "fiches",
        "fiches/epicerie",
        "fiches.geojson",
        "facettes",
        "grille",
        "partenaires",
        "suppressions",
        "fiches?q=QZX",
    ],
)
def test_a_private_contact_is_in_no_output(read, epicerie, address):
    text = read(address).content.decode()
    assert not [marker for marker in PRIVATE if marker in text.replace("q=QZX", "")]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), OperationalError("locked")])
@pytest.mark.parametrize("address", ["fiches/recette", "fiches"])
def test_an_answer_whose_pictures_could_not_be_made_is_asked_again_later(
    read, tree, monkeypatch, client, address, error
):
    """A full disk, or a busy database: no client keeps a fiche without its photo."""

    def fail(*_args, **_kwargs):
        raise error

    photo = IllustrationFactory()
    FichePageFactory(parent=tree.fiches, slug="recette", photo=photo, photo_alt="Un atelier")
    Publication.objects.update(contents=None)
    photo.renditions.all().delete()
    client.raise_request_exception = False
    with monkeypatch.context() as machine:
        machine.setattr(type(photo), "generate_rendition_file", fail)
        answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")
    assert read("fiches/recette").json()["photo"]["alt"] == "Un atelier"


@pytest.mark.parametrize("address", ["/api/v1/fiches/recette", "/fiches/recette/"])
def test_an_answer_whose_pictures_can_not_be_read_now_is_asked_again_later(tree, monkeypatch, client, address):
    """A storage that doesn't answer for a while: no page is kept without its photo."""

    def fail(*_args, **_kwargs):
        raise OSError(errno.EIO, "The bucket fails")

    photo = IllustrationFactory()
    FichePageFactory(parent=tree.fiches, slug="recette", photo=photo, photo_alt="Un atelier")
    Publication.objects.update(contents=None)
    photo.renditions.all().delete()
    client.raise_request_exception = False
    with monkeypatch.context() as machine:
        machine.setattr(type(storages["default"]), "_open", fail)
        answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert client.get(address).status_code == 200


def test_a_damaged_picture_hides_neither_the_fiche_nor_its_page(read, tree, client):
    photo = IllustrationFactory()
    FichePageFactory(parent=tree.fiches, slug="recette", photo=photo, photo_alt="Un atelier")
    Publication.objects.update(contents=None)
    photo.renditions.all().delete()
    with open(photo.file.path, "r+b") as file:
        file.truncate(photo.file.size // 2)
    assert read("fiches/recette").json()["photo"] is None
    assert client.get("/fiches/recette/").status_code == 200


def test_a_list_is_read_to_its_end_by_next_whatever_happens_meanwhile(read, tree, client):
    fiches = FichePageFactory.create_batch(25, parent=tree.fiches)
    page = read("fiches?par_page=10").json()
    seen = [item["id"] for item in page["items"]]
    FichePageFactory(parent=tree.fiches)
    FichePage.objects.get(pk=seen[-1]).delete()
    while page["next"]:
        page = client.get(page["next"]).json()
        seen += [item["id"] for item in page["items"]]
    assert {fiche.pk for fiche in fiches} <= set(seen)
    assert len(seen) == 25


def test_previous_leads_back(read, tree, client):
    FichePageFactory.create_batch(5, parent=tree.fiches)
    first = read("fiches?par_page=2").json()
    second = client.get(first["next"])
    assert 'rel="next"' in second["Link"] and 'rel="prev"' in second["Link"]
    assert client.get(second.json()["previous"]).json()["items"] == first["items"]
    assert first["previous"] is None


def test_the_query_language_narrows_the_list(read, epicerie, tree):
    FichePageFactory(parent=tree.fiches, commune_id="39300")
    for query in ("departement=25", "centree-sur=entreprise", "q=épicerie", "mot-cle=pain", "bbox=5.9,47.1,6.1,47.3"):
        payload = read(f"fiches?{query}").json()
        assert [item["slug"] for item in payload["items"]] == ["epicerie"], query


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("bbox=nan", "bbox"),
        ("page=1e20", "page"),
        ("departement=99", "departement"),
        ("inconnu=1", "inconnu"),
        ("curseur=x", "curseur"),
        ("depuis=hier", "depuis"),
        ("page=3", "page"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_parameter_and_the_reason(read, epicerie, query, parameter):
    response = read(f"fiches?{query}", status=400)
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 400
    assert problem["title"] == "Cette requête est illisible."
    assert list(problem["parametres"]) == [parameter]


def test_what_the_public_may_not_see_is_nowhere(read, tree):
    FichePageFactory(parent=tree.fiches, live=False, slug="brouillon", title="Marqueur-QZX")
    assert "QZX" not in read("fiches").content.decode()
    problem = read("fiches/brouillon", status=404)
    assert problem["Content-Type"] == "application/problem+json"


def test_geojson_holds_the_located_fiches(read, epicerie, tree):
    FichePageFactory(parent=tree.fiches)
    (feature,) = read("fiches.geojson").json()["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [6.02, 47.24]}
    assert feature["properties"]["url"] == "http://localhost/fiches/epicerie/"
    assert feature["properties"]["departement"] == "25"


def test_facets_tell_what_a_click_would_give(read, epicerie):
    facets = {facet["parametre"]: facet for facet in read("facettes").json()["facettes"]}
    assert [(value["valeur"], value["nombre"]) for value in facets["centree-sur"]["valeurs"]] == [
        ("entreprise", 1),
        ("territoire", 0),
    ]


def test_a_document_says_how_many_bytes_it_has_and_null_only_when_it_is_lost(read, tree):
    file, lost = (
        Document.objects.create(title="plan", file=ContentFile(b"seize octets ici", "plan.txt")) for _ in "ab"
    )
    lost.file.storage.delete(lost.file.name)
    corps = [("document", {"document": document, "titre": ""}) for document in (file, lost)]
    FichePageFactory(parent=tree.fiches, slug="recette", corps=corps)
    assert [block["octets"] for block in read("fiches/recette").json()["corps"]] == [16, None]


def test_the_description_names_the_languages_that_may_be_asked_for(openapi):
    asked = [
        parameter["schema"]
        for operations in openapi["paths"].values()
        for parameter in operations["get"].get("parameters", [])
        if parameter["name"] == "langue"
    ]
    assert asked and all(schema["enum"] == content_language.languages() for schema in asked)
