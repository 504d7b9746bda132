from fiches.pages.outline_map import overview
from tests.factories import FichePageFactory


def test_fiches_are_counted_by_departement_and_close_ones_share_a_dot(tree, django_assert_num_queries):
    for _ in range(2):
        FichePageFactory(parent=tree.fiches, commune_id="25056", point="47,24 ; 6,02")
    FichePageFactory(parent=tree.fiches, commune_id="90010", sans_localisation=True)
    overview("fr")
    with django_assert_num_queries(1):  # is it still the truth?
        found = overview("fr")
    assert found["nombre"] == 3
    assert {row["nom"]: row["nombre"] for row in found["departements"]} == {
        "Doubs": 2,
        "Jura": 0,
        "Haute-Saône": 0,
        "Territoire de Belfort": 1,
    }
    assert found["points"].count("M") == 1
