"""A site of another region: what the territory of the settings decides."""

import json

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from django.utils.translation import override

from fiches.diffusion.api import schema
from fiches.diffusion.api.urls import api
from fiches.models import Commune
from fiches.models.coordinates import parse_point
from fiches.models.publications import Version
from fiches.pages.outline_map import outlines, project, view_box
from fiches.publications.version import touch
from fiches.territoire.gazetteer import find_communes, resolve_commune
from fiches.territoire.territory import in_departement, territory, territory_of, territory_words
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


def test_other_languages_have_words_for_any_territory(brittany):
    with override("en"):
        assert (territory_words()["in_territory"], in_departement("29")) == (
            "in Bretagne",
            "in the département Finistère",
        )
    with override("de"):
        assert (territory_words()["of_territory"], in_departement("29")) == (
            "der Region Bretagne",
            "im Département Finistère",
        )


def test_a_host_that_names_no_departement_is_told_so_in_one_line(settings):
    settings.RALLYNOV_TERRITOIRE = "29,99"
    with pytest.raises(ImproperlyConfigured) as refused:
        apps.get_app_config("rallynov_fiches").ready()
    assert str(refused.value) == (
        "RALLYNOV_TERRITOIRE nomme « 99 », qui n’est pas un département : écrivez des numéros, comme 22,29,35,56."
    )
    settings.RALLYNOV_TERRITOIRE = ["29", "35"]
    assert list(territory().departements) == ["29", "35"]


def test_a_point_is_checked_against_the_territory(brittany):
    assert parse_point("48,11 ; -1,68") == (48.11, -1.68)
    with pytest.raises(ValidationError) as refused:
        parse_point("47,24 ; 6,02")
    assert refused.value.messages == [
        f"Ce point est hors de Bretagne. Le site a lu{NBSP}: latitude et longitude 47,24{NBSP}; 6,02. Corrigez le point."
    ]


def test_the_drawing_shows_the_outlines_of_the_territory(brittany):
    _, _, width, height = map(int, view_box().split())
    assert [outline["nom"] for outline in outlines()] == ["Côtes-d’Armor", "Finistère", "Ille-et-Vilaine", "Morbihan"]
    assert 558 <= max(width, height) <= 560
    rennes, brest = project(48.11, -1.68), project(48.39, -4.49)
    assert 0 < brest[0] < rennes[0] < width and 0 < brest[1] < rennes[1] < height


def test_the_examples_of_the_api_are_in_the_territory(brittany):
    described = schema(api)
    fiche = described["paths"]["/api/v1/fiches/{slug}"]["get"]["responses"]["200"]["content"]["application/json"][
        "example"
    ]
    place = ("code_insee", "commune", "code_postal", "departement", "departement_nom", "latitude", "longitude")
    assert [fiche[name] for name in place] == ["35238", "Rennes", "35000", "35", "Ille-et-Vilaine", 48.11, -1.67]
    asked = {each["name"]: each.get("example") for each in described["paths"]["/api/v1/fiches"]["get"]["parameters"]}
    assert [asked[name] for name in ("commune", "autour", "bbox")] == [["35238"], "48.11,-1.67", "-2.0,47.9,-1.2,48.5"]
    elsewhere = json.dumps(described, ensure_ascii=False)
    assert [word for word in ("Besançon", "Doubs", "25056", "25000") if word in elsewhere] == []


@pytest.mark.django_db
def test_replacing_the_communes_of_a_territory_changes_the_version_once(brittany, django_assert_max_num_queries):
    """It writes 200 communes at a time."""
    touch()
    before = Version.objects.get().number
    with django_assert_max_num_queries(40):
        call_command("territoire")
    assert Version.objects.get().number == before + 1
    assert not Commune.objects.filter(departement="25").exists()


@pytest.mark.django_db
def test_the_command_loads_the_communes_of_the_territory_and_names_what_lies_outside(brittany, tree, client, capsys):
    FichePageFactory(parent=tree.fiches, title="Recette", slug="recette", commune_id="25241")
    call_command("territoire")
    out = capsys.readouterr().out.splitlines()
    assert (
        out[4]
        == f"Ensemble{NBSP}: {Commune.objects.filter(departement__in=BRITTANY.split(',')).count()} communes, dont 1202 avec une position."
    )
    assert out[5:] == [
        f"1 page est hors du territoire. Elle reste en ligne. Corrigez sa commune, ou dépubliez-la{NBSP}:",
        "- Recette, Flagey (25)",
    ]
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
def test_the_outlines_of_the_operators_file_are_drawn_once_each_and_replaced_by_the_next(
    brittany, tmp_path, client, capsys, settings
):
    settings.MEDIA_ROOT = str(tmp_path / "media")  # the outlines are gone with the test
    path = outlined(tmp_path / "communes.geojson", c35238=SQUARE, c35051=NEXT_SQUARE, c25056=SQUARE)
    for _ in range(2):
        call_command("territoire", contours=path)
        assert capsys.readouterr().out.splitlines()[0] == "Contours de 2 communes enregistrés."
    shown = client.get("/territoire/communes.json").json()
    assert len(shown["limites"]) == 3  # the border between both, once, and the rest of each
    ends = {(line[0] + sum(line[2::2]), line[1] + sum(line[3::2])) for line in shown["limites"]}
    assert ends | {tuple(line[:2]) for line in shown["limites"]} == {(-16000, 481000), (-16000, 482000)}
    assert len(shown["noms"]) == 1202 - 400
    page = client.get(
        "/territoire/communes.json", headers={"if-none-match": client.get("/territoire/communes.json")["ETag"]}
    )
    assert page.status_code == 304


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "ne peut pas être lu"),
        ("{", "n’est pas un GeoJSON de contours de communes avec leur code INSEE"),
        ('{"features": [{"properties": {}, "geometry": null}]}', "n’est pas un GeoJSON de contours"),
        ('{"features": []}', "n’a aucune commune du territoire."),
    ],
)
@pytest.mark.django_db
def test_a_file_that_holds_no_outlines_changes_nothing_and_says_why(tmp_path, text, message):
    path = tmp_path / "communes.geojson"
    if text is not None:
        path.write_text(text)
    with pytest.raises(CommandError) as refused:
        call_command("territoire", contours=path)
    assert str(refused.value).startswith("Rien n’a été changé. ")
    assert message in str(refused.value)


@pytest.mark.django_db
def test_a_base_with_the_communes_of_another_territory_is_told_of(settings):
    def warnings_given():
        return [message.msg for message in run_checks(databases=["default"]) if message.id == "rallynov.W002"]

    assert warnings_given() == []
    settings.RALLYNOV_TERRITOIRE = "29"
    assert warnings_given() == [
        "The database holds the communes of 25, 39, 70, 90, and RALLYNOV_TERRITOIRE names 29. Correct the variable, or run "
        "`manage.py territoire`."
    ]
