import pytest
from wagtail.blocks.list_block import ListBlockValidationError

from etapes.carnets.blocks import CarnetDeFiches
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


def test_a_fiche_that_a_list_has_twice_is_refused_where_it_stands_again(tree):
    one, other = FichePageFactory(parent=tree.fiches), FichePageFactory(parent=tree.fiches)
    fiches = CarnetDeFiches().child_blocks["fiches"]
    assert list(fiches.clean([one, other])) == [one, other]
    with pytest.raises(ListBlockValidationError) as refused:
        fiches.clean([one, other, one])
    assert {place: error.messages for place, error in refused.value.block_errors.items()} == {
        2: ["Cette fiche est déjà dans la liste. Supprimez-la ici."]
    }
