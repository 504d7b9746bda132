import pytest

from etapes.carnets.models import CarnetPage
from tests.factories import CarnetPageFactory, EtapePageFactory, FichePageFactory


def carnet_of(tree, fiches, etapes):
    carnet = CarnetPageFactory(parent=tree.carnets, slug="n-1")
    carnet = CarnetPage.objects.get(pk=carnet.pk)
    carnet.corps = [("fiches", {"titre": "", "fiches": fiches}), ("etapes", {"titre": "", "etapes": etapes})]
    carnet.save()
    return carnet


def test_a_carnet_leaves_out_what_the_public_may_not_see(tree, client):
    seen = FichePageFactory(parent=tree.fiches, title="Fiche-visible")
    withdrawn = FichePageFactory(parent=tree.fiches, title="Fiche-retirée")
    carnet_of(tree, [withdrawn, seen], [EtapePageFactory(parent=tree.etapes, title="Étape-visible")])
    withdrawn.unpublish()
    page = client.get("/carnets/n-1/").content.decode()
    assert "Fiche-visible" in page
    assert "Étape-visible" in page
    assert "Fiche-retirée" not in page


@pytest.mark.parametrize("number", [1, 30])
def test_a_carnet_costs_the_same_whatever_it_pulls_in(tree, client, number, django_assert_num_queries):
    fiches = FichePageFactory.create_batch(number, parent=tree.fiches, commune_id="25056")
    carnet_of(tree, fiches, EtapePageFactory.create_batch(number, parent=tree.etapes, commune_id="39198"))
    client.get("/carnets/n-1/")
    with django_assert_num_queries(12):
        client.get("/carnets/n-1/")
