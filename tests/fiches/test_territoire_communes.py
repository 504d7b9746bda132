"""The gazetteer, and what people type to name a commune."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fiches.models import Commune
from fiches.models.location import Point, departement_box
from fiches.territoire import territory
from fiches.territoire.gazetteer import (
    find_communes,
    fold,
    load_communes,
    nearest_communes,
    read_gazetteer,
    resolve_commune,
)

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"
EVERY_DEPARTEMENT = ",".join(
    [*(f"{n:02}" for n in range(1, 96) if n != 20), "2A", "2B", "971", "972", "973", "974", "976"]
)


def names(communes):
    return [commune.nom for commune in communes]


def refusal(text):
    with pytest.raises(ValidationError) as refused:
        resolve_commune(text)
    return refused.value.code, " ".join(refused.value.messages)


def test_the_gazetteer_holds_the_communes_of_the_four_departements():
    counts = {code: Commune.objects.filter(departement=code).count() for code in ("25", "39", "70", "90")}
    assert counts == {"25": 563, "39": 492, "70": 536, "90": 101}
    assert list(Commune.objects.filter(latitude=None)) == []


def test_every_shipped_position_lies_in_its_departement_and_names_its_source():
    for commune in Commune.objects.located():
        assert Point(commune.latitude, commune.longitude) in departement_box(commune.departement), commune
    sources = [Commune.objects.filter(source=source).count() for source in ("GeoNames", "IGN")]
    assert sources == [366, 1326]


def test_every_commune_of_france_ships_with_a_postcode_and_a_centre_in_its_departement():
    rows = list(read_gazetteer(territory.departement_codes(EVERY_DEPARTEMENT)))
    assert len(rows) == 34875
    boxes = territory.territory_of(EVERY_DEPARTEMENT).boxes
    for row in rows:
        south, west, north, east = boxes[row["departement"]]
        assert row["code_insee"].startswith(row["departement"])
        assert all(len(code) == 5 and code.isdigit() for code in row["codes_postaux"].split()), row
        assert row["codes_postaux"] and int(row["population"]) >= 0
        assert south <= float(row["latitude"]) <= north and west <= float(row["longitude"]) <= east, row


def test_loading_again_repairs_what_ships_and_keeps_the_national_positions():
    Commune.objects.filter(pk="25241").update(nom="X", latitude=47.04, longitude=6.05, source="geo.api.gouv.fr")
    Commune.objects.filter(pk="25056").update(latitude=None, population=None)
    load_communes()
    besancon = Commune.objects.get(pk="25056")
    assert (besancon.nom, besancon.latitude, besancon.population) == ("Besançon", 47.24878, 118489)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Besançon", "besancon"),
        ("BESANCON", "besancon"),
        ("St-Hippolyte", "saint hippolyte"),
        ("Ste Suzanne", "sainte suzanne"),
        ("Sté Ouest", "ste ouest"),
        ("l’Ést", "l est"),
        ("L’Isle s/ le Doubs", "l isle sur le doubs"),
        ("Œuilley-Æ", "oeuilley ae"),
        ("  Lons--le   Saunier ", "lons le saunier"),
        ("\x00😀", ""),
    ],
)
def test_a_name_is_folded(text, folded):
    assert fold(text) == folded


def test_a_prefix_finds_the_most_populated_first():
    assert names(find_communes("besan")) == ["Besançon"]
    assert names(find_communes("mont", 3)) == ["Montbéliard", "Montmorot", "Montlebon"]


def test_an_exact_name_stands_before_the_more_populated():
    assert names(find_communes("flagey")) == ["Flagey", "Flagey-Rigney"]
    assert names(find_communes("dole"))[0] == "Dole"


def test_a_word_or_a_name_without_its_article_finds_too():
    assert names(find_communes("rousses")) == ["Les Rousses"]
    assert "Lons-le-Saunier" in names(find_communes("saunier"))


def test_codes_find_communes():
    assert names(find_communes("25241")) == ["Flagey"]
    assert "Flagey" in names(find_communes("25330", 50))
    assert all(c.departement == "90" for c in find_communes("90"))
    assert names(find_communes("25330 Flag")) == ["Flagey"]
    assert names(find_communes("Flagey (25640)")) == ["Flagey-Rigney"]


@pytest.mark.parametrize(
    "text",
    [
        "Flagey",
        "flagey",
        " FLAGEY ",
        "25330 Flagey",
        "Flagey 25330",
        "Flagey (25330)",
        "Flagey (25330, Doubs)",
        "Flagey (Doubs)",
        "Flagey (25)",
        "25241",
        "Flagey 25241",
        "25331 Flagey Cedex",
        "25931 FLAGEY CEDEX 9",
    ],
)
def test_flagey_is_understood_as_people_write_it(text):
    assert resolve_commune(text).pk == "25241"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("L’Isle-sur-le-Doubs", "25315"),
        ("L'Isle sur le Doubs (25250, Doubs)", "25315"),
        ("Doubs", "25204"),
        ("Rousses", "39470"),
        ("st claude", "39478"),
        ("25000", "25056"),
        ("90000 belfort", "90010"),
        ("Offemont (Territoire de Belfort)", "90075"),
    ],
)
def test_names_with_traps_are_understood(text, code):
    assert resolve_commune(text).pk == code


@pytest.mark.nightly
def test_every_commune_is_understood_from_its_own_label():
    for commune in Commune.objects.all():
        assert resolve_commune(str(commune)) == commune


def test_an_unknown_name_is_refused_with_the_nearest_ones():
    message = f"«{NBSP}Bezançon{NBSP}» n’est pas une commune de Franche-Comté. Vouliez-vous dire{NBSP}:"
    code, text = refusal("Bezançon")
    assert code == "unknown"
    assert text.startswith(f"{message} Besançon (25000, Doubs)")
    assert text.endswith(f"{NBSP}?")
    assert names(nearest_communes("Bezançon"))[0] == "Besançon"
    assert names(nearest_communes("Dolle"))[0] == "Dole"


def test_a_commune_of_elsewhere_is_refused():
    assert refusal("Zzyzx") == (
        "unknown",
        f"«{NBSP}Zzyzx{NBSP}» n’est pas une commune de Franche-Comté. Vérifiez le nom.",
    )
    assert refusal("75001")[0] == "unknown"


def test_an_ambiguous_text_lists_the_candidates():
    assert refusal("Champagney") == (
        "ambiguous",
        f"Plusieurs communes s’appellent «{NBSP}Champagney{NBSP}»{NBSP}: Champagney (25170, Doubs){NBSP};"
        f" Champagney (39290, Jura){NBSP}; Champagney (70290, Haute-Saône). Choisissez une commune.",
    )
    assert refusal("25330")[0] == "ambiguous"
    assert resolve_commune("Champagney (Jura)").pk == "39096"


@pytest.mark.nightly
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_finds_or_not_and_never_crashes(text):
    assert len(find_communes(text)) <= 10
