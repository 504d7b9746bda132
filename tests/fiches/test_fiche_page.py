import datetime

import pytest
from django.utils import timezone

from fiches.models import FicheFinanceur
from tests.factories import (
    CritereFactory,
    DimensionFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
)


@pytest.fixture
def grid(db):
    centred = DimensionFactory(nom="centrée sur", slug="centree-sur", ordre=1)
    linked = DimensionFactory(nom="en lien avec", slug="en-lien-avec", ordre=2)
    return [
        CritereFactory(dimension=linked, name="organisation", sort_order=1),
        CritereFactory(dimension=centred, name="entreprise", sort_order=2),
        CritereFactory(dimension=centred, name="individu", sort_order=1),
    ]


def test_a_fiche_shows_the_whole_grid_and_marks_its_own(tree, grid):
    fiche = FichePageFactory(parent=tree.fiches)
    fiche.criteres.add(*[critere for critere in grid if critere.name != "individu"])
    fiche.save()
    shown = [
        (row["dimension"].nom, [(cell["critere"].name, cell["retenu"]) for cell in row["criteres"]])
        for row in fiche.criteres_par_dimension
    ]
    assert shown == [
        ("centrée sur", [("individu", False), ("entreprise", True)]),
        ("en lien avec", [("organisation", True)]),
    ]


def test_a_contact_shows_only_what_its_owner_agreed_to(tree, client):
    fiche = FichePageFactory(
        parent=tree.fiches,
        contact_nom="Georges Bourgon",
        contact_nom_public=True,
        contact_telephone="03 81 86 58 58",
        contact_courriel="g.bourgon@agrodoubs.test",
        partenaire_contact_nom="Nathalie Bertin",
    )
    assert fiche.contact_public == {"nom": "Georges Bourgon"}
    html = client.get(fiche.url).content.decode()
    assert "Georges Bourgon" in html
    for private in ("03 81 86 58 58", "+33-3-81-86-58-58", "g.bourgon", "Nathalie Bertin"):
        assert private not in html


def test_a_funder_is_credited_in_its_own_words_or_in_ours(tree, client):
    direccte = PartenaireFactory(nom="Direccte Franche-Comté")
    fiche = FichePageFactory(parent=tree.fiches)
    fiche.financements = [
        FicheFinanceur(partenaire=direccte),
        FicheFinanceur(partenaire=PartenaireFactory(), mention="Projet cofinancé par l’Europe"),
    ]
    fiche.save()
    html = client.get(fiche.url).content.decode()
    assert "Avec la participation financière de : Direccte Franche-Comté" in html
    assert "Projet cofinancé par l’Europe" in html


def test_a_fiche_names_the_visible_etapes_that_present_it(tree, client):
    fiche = FichePageFactory(parent=tree.fiches)
    for title, live in (("Étape de Dole", True), ("Étape secrète", False)):
        etape = EtapePageFactory(parent=tree.etapes, title=title, live=live)
        etape.presentations.create(fiche=fiche)
        etape.save()
    html = client.get(fiche.url).content.decode()
    assert "Étape de Dole" in html
    assert "Étape secrète" not in html


def test_an_expired_fiche_is_gone_before_the_scheduler_comes(tree, client):
    fiche = FichePageFactory(parent=tree.fiches, expire_at=timezone.now() - datetime.timedelta(minutes=1))
    assert client.get(fiche.url).status_code == 404
    assert fiche not in type(fiche).objects.visible()


def test_an_unknown_fiche_is_not_found(tree, client):
    assert client.get(f"{tree.fiches.url}inconnue/").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_a_fiche_costs_ten_queries_whatever_its_grid_and_its_neighbours(
    tree, client, grid, number, django_assert_num_queries
):
    for position in range(number):
        fiche = FichePageFactory(parent=tree.fiches)
        fiche.criteres.add(*grid)
        fiche.mots_cles.add(f"mot {position}", "bois")
        fiche.financements = [FicheFinanceur(partenaire=PartenaireFactory())]
        fiche.save()
        CritereFactory(dimension=grid[0].dimension)
    client.get(fiche.url)
    with django_assert_num_queries(10 if number > 1 else 8):
        client.get(fiche.url)


def test_the_pictures_of_a_fiche_cost_one_query_more(tree, client, django_assert_num_queries):
    fiche = FichePageFactory(parent=tree.fiches, photo=IllustrationFactory(), logo=IllustrationFactory())
    client.get(fiche.url)
    with django_assert_num_queries(8):
        client.get(fiche.url)
