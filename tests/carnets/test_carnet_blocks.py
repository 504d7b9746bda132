from etapes.carnets.models import CarnetPage
from tests.factories import CarnetPageFactory, EtapePageFactory, FichePageFactory


def carnet_of(tree, fiches, etapes):
    carnet = CarnetPageFactory(parent=tree.carnets, slug="n-1")
    carnet = CarnetPage.objects.get(pk=carnet.pk)
    carnet.corps = [
        ("fiches", {"titre": "À lire", "fiches": fiches}),
        ("etapes", {"titre": "Le tour", "etapes": etapes}),
    ]
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
