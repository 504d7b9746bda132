from bs4 import BeautifulSoup

from tests.factories import FichePageFactory, PartenaireFactory


def test_a_partners_roles_read_as_words_in_the_carnets_order(db):
    partner = PartenaireFactory(roles=["organisateur", "copilote"])
    assert partner.roles_en_clair() == "copilote, organisateur d’étape"


def test_a_partner_has_its_whole_name_on_the_home_page_and_in_the_filters(tree, client):
    rifc = PartenaireFactory(nom="Réseau Innovation", sigle="RIFC", slug="rifc", roles=["copilote"])
    PartenaireFactory(nom="BGE Franche-Comté", sigle="BGE", roles=["copilote"])
    FichePageFactory(parent=tree.fiches, partenaire=rifc)
    home = BeautifulSoup(client.get("/").content, "html.parser")
    assert {item.text for item in home.select(".roles__list li")} == {"Réseau Innovation", "BGE Franche-Comté"}
    fiches = client.get("/fiches/").content.decode()
    etapes = client.get("/etapes/?partenaire=rifc").content.decode()
    assert "Réseau Innovation (RIFC)" in fiches and "Réseau Innovation (RIFC)" in etapes
