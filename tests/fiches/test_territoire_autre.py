"""A site of another region: what the territory of the settings decides."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from fiches.models import Commune
from fiches.models.location import parse_point
from fiches.territoire.gazetteer import find_communes, resolve_commune
from fiches.territoire.territory import territory_of
from tests.factories import FichePageFactory

BRITTANY = "22,29,35,56"
NBSP = "\u00a0"


@pytest.fixture
def brittany(settings):
    settings.RALLYNOV_TERRITOIRE = BRITTANY


@pytest.mark.parametrize(
    ("codes", "name", "expected"),
    [
        ("25,39,70,90", "", ("Franche-Comté", "en Franche-Comté", "de Franche-Comté")),
        (BRITTANY, "", ("Bretagne", "en Bretagne", "de Bretagne")),
        ("62,59,02,60,80", "", ("Hauts-de-France", "dans les Hauts-de-France", "des Hauts-de-France")),
        ("67,68", "", ("Alsace", "en Alsace", "d’Alsace")),
        ("29", "", ("Finistère", "dans le Finistère", "du Finistère")),
        ("2a,2b", "", ("Corse", "en Corse", "de Corse")),
        ("974", "", ("La Réunion", "à La Réunion", "de La Réunion")),
        (
            "70,39,25",
            "",
            (
                "Doubs, Jura et Haute-Saône",
                "dans le Doubs, dans le Jura et en Haute-Saône",
                "du Doubs, du Jura et de la Haute-Saône",
            ),
        ),
        ("44", "le Pays de Nantes", ("Pays de Nantes", "dans le Pays de Nantes", "du Pays de Nantes")),
        ("44", "l'Erdre", ("Erdre", "dans l’Erdre", "de l’Erdre")),
        ("44", "Anjou bleu", ("Anjou bleu", "en Anjou bleu", "d’Anjou bleu")),
    ],
)
def test_a_territory_has_a_name_that_french_sentences_can_hold(codes, name, expected):
    assert tuple(territory_of(codes, name).area) == expected


def test_a_point_is_checked_against_the_territory(brittany):
    assert parse_point("48,11 ; -1,68") == (48.11, -1.68)
    with pytest.raises(ValidationError) as refused:
        parse_point("47,24 ; 6,02")
    assert refused.value.messages == [
        f"Ce point est hors de Bretagne. Le site a lu{NBSP}: latitude et longitude 47,24{NBSP}; 6,02. Corrigez le point."
    ]


@pytest.mark.django_db
def test_the_command_loads_the_communes_of_the_territory_and_keeps_online_what_lies_outside(
    brittany, tree, client, capsys
):
    FichePageFactory(parent=tree.fiches, title="Recette", slug="recette", commune_id="25241")
    call_command("territoire")
    out = capsys.readouterr().out.splitlines()
    assert (
        out[4]
        == f"Ensemble{NBSP}: {Commune.objects.filter(departement__in=BRITTANY.split(',')).count()} communes, dont 1202 avec une position."
    )
    assert list(Commune.objects.filter(departement="25").values_list("nom", flat=True)) == ["Flagey"]
    assert client.get("/fiches/recette/").status_code == 200
    assert [commune.nom for commune in find_communes("renn")] == ["Rennes"]
    assert str(resolve_commune("29200 Brest")) == "Brest (29200, Finistère)"
    assert client.get("/fiches/?departement=29").status_code == 200
    towns = client.get("/territoire/villes.json").json()
    assert [name for name, _lat, _lon in towns[:3]] == ["Rennes", "Brest", "Quimper"]
    outlines = client.get("/territoire/departements.geojson").json()["features"]
    assert [feature["properties"]["code"] for feature in outlines] == BRITTANY.split(",")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("codes", "text", "label"),
    [
        ("2A,2B", "2A004", "Ajaccio (20000, Corse-du-Sud)"),
        ("2A,2B", "Ajaccio (2A)", "Ajaccio (20000, Corse-du-Sud)"),
        ("974", "97400 Saint-Denis", "Saint-Denis (97400, La Réunion)"),
        ("75", "75011", "Paris (75001, Paris)"),
    ],
)
def test_communes_are_found_whatever_the_form_of_their_codes(settings, codes, text, label):
    settings.RALLYNOV_TERRITOIRE = codes
    call_command("territoire", verbosity=0)
    assert str(resolve_commune(text)) == label
    assert not Commune.objects.filter(latitude=None).exists()


SQUARE = [[-1.70, 48.10], [-1.60, 48.10], [-1.60, 48.20], [-1.70, 48.20], [-1.70, 48.10]]
NEXT_SQUARE = [[-1.60, 48.10], [-1.50, 48.10], [-1.50, 48.20], [-1.60, 48.20], [-1.60, 48.10]]


def outlined(path, **rings):
    features = [
        {"type": "Feature", "properties": {"code": code[1:]}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for code, ring in rings.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.mark.django_db
def test_the_outlines_of_the_operators_file_are_drawn_as_they_are_and_replaced_by_the_next(
    brittany, tmp_path, client, capsys, settings
):
    settings.MEDIA_ROOT = str(tmp_path / "media")  # the outlines are gone with the test
    path = outlined(tmp_path / "communes.geojson", c35238=SQUARE, c35051=NEXT_SQUARE, c25056=SQUARE)
    for _ in range(2):
        call_command("territoire", contours=path)
        assert capsys.readouterr().out.splitlines()[0] == "Contours de 3 communes enregistrés."
    shown = client.get("/territoire/communes.json").json()
    assert shown["limites"] == json.loads(path.read_text())
    assert len(shown["noms"]) == 1202 - 400
    page = client.get(
        "/territoire/communes.json", headers={"if-none-match": client.get("/territoire/communes.json")["ETag"]}
    )
    assert page.status_code == 304
