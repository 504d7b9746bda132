import datetime

import pytest
from django.utils import timezone

from fiches.models import FicheFinanceur
from tests.factories import (
    CritereFactory,
    DimensionFactory,
    EditionFactory,
    EtapePageFactory,
    FichePageFactory,
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


def test_a_fiche_leads_to_its_contact_only_where_it_has_one(tree, client):
    shown = FichePageFactory(parent=tree.fiches, organisation="Agro", contact_nom="G. Bourgon", contact_nom_public=True)
    silent = FichePageFactory(parent=tree.fiches, organisation="Muet", contact_nom="G. Bourgon")
    assert "Contacter Agro</a>" in client.get(shown.url).content.decode()
    assert "Contacter Muet" not in client.get(silent.url).content.decode()


def test_a_fiche_says_of_which_edition_it_is_and_when_it_was_put_online(tree, client):
    when = datetime.datetime(2013, 3, 12, 10, tzinfo=datetime.UTC)
    fiche = FichePageFactory(parent=tree.fiches, edition=EditionFactory(annee=2013, nom=""), first_published_at=when)
    page = " ".join(client.get(fiche.url).content.decode().split())
    assert "<dt>Année du rallye</dt><dd>2013</dd>" in page
    assert '<dt>Mise en ligne le</dt><dd><time datetime="2013-03-12">12 mars 2013</time></dd>' in page


def test_a_fiche_is_sent_by_mail_from_its_page_and_by_nobody_else(tree, client):
    fiche = FichePageFactory(parent=tree.fiches, title="Pain & four", slug="pain")
    page = client.get(fiche.url).content.decode()
    assert 'href="mailto:?subject=Pain%20%26%20four&amp;body=http%3A%2F%2F' in page
    share = page.split("<partager-page")[1].split("</partager-page>")[0]
    assert share.count("http") == 2
    assert share.count(fiche.full_url) == 1


def test_a_fiche_without_a_picture_has_a_card_of_its_place_and_its_grid(tree, client, grid):
    fiche = FichePageFactory(parent=tree.fiches, commune_id="25056")
    fiche.criteres.add(grid[0])
    fiche.save_revision().publish()
    card = client.get("/fiches/").content.decode().split('<div class="blank"')[1].split("</article>")[0]
    assert '<p class="plate blank__place">Besançon</p>' in card
    assert card.count("blank__pip--kept") == 1
    assert card.count('class="blank__pip') == 3


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
