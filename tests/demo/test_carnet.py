"""The carnet n° 1 is on the site as it was printed."""

import datetime

import pytest

from etapes.carnets.models import CarnetPage
from etapes.models import EtapePage
from fiches.models import Dimension, FichePage, Partenaire, Role
from home.models import HomePage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture
def agrodoubs():
    return FichePage.objects.get(organisation="Agrodoubs")


def road():
    return EtapePage.objects.filter(exemple=False).order_by("numero")


def test_the_nine_etapes_have_the_carnets_days_hours_places_and_titles():
    def hour(value):
        return value and value.isoformat("minutes")

    assert [
        (e.numero, e.date.isoformat(), hour(e.debut), hour(e.fin), e.commune.nom, e.commune_id, e.title) for e in road()
    ] == [
        (1, "2013-04-08", "09:00", "13:00", "Besançon", "25056", "L’originale gouvernance"),
        (
            2,
            "2013-04-11",
            "16:00",
            "19:00",
            "Besançon",
            "25056",
            "De la responsabilité sociétale à l’innovation sociale",
        ),
        (
            3,
            "2013-04-23",
            "16:00",
            "19:00",
            "Besançon",
            "25056",
            "L’innovation sociale au service de l’innovation technologique",
        ),
        (4, "2013-05-29", "16:00", "19:00", "Besançon", "25056", "L’innovation sociale en mutualité"),
        (5, "2013-06-11", "14:00", "17:00", "Vesoul", "70550", "L’innovation dans les relations sociales"),
        (6, "2013-06-25", "17:00", "20:00", "Montbéliard", "25388", "L’innovation sociale au cœur de l’ESS"),
        (
            7,
            "2013-09-05",
            "17:00",
            "20:00",
            "Dole",
            "39198",
            "L’innovation sociale\u00a0: un investissement collectif d’intérêt général",
        ),
        (8, "2013-09-11", "17:00", "20:00", "Champagnole", "39097", "Management de l’innovation technologique"),
        (9, "2013-09-26", None, None, "Belfort", "90010", "Management et innovation sociale"),
    ]


def test_each_etape_names_its_organisers_with_the_phones_that_the_carnet_prints():
    shown = [
        [(o.partenaire.nom_court, o.contact_nom, o.contact_telephone, o.contact_public) for o in e.organisations.all()]
        for e in road()
    ]
    assert shown == [
        [("BGE", "Pauline Davot", "03 81 47 97 00", True)],
        [("MFQ", "Benjamin Limare", "03 81 47 42 10", True)],
        [("Pôle des microtechniques", "Suzanne Angers", "03 81 25 53 65", True)],
        [("Mutualité Française de Franche-Comté", "Yoann Martin", "03 81 25 17 56", True)],
        [("Fact", "Sabrina Boudailler", "03 81 25 52 80", True)],
        [("Cress", "François Baulard", "03 81 50 75 09", True), ("PMA", "Thierry Serdet", "03 81 31 89 03", True)],
        [("Franche-Comté Active", "Frédéric Cusco", "03 81 25 07 60", True)],
        [("Cetim", "Gérard Vallet", "03 81 40 57 57", True), ("UIMM", "Claude Bouiller", "03 81 48 50 50", True)],
        [
            ("Association Condorcet Grand Est", "Michel Bourgeois", "03 81 48 04 04", True),
            ("L’Usine", "Emilie Castellano", "03 39 03 39 70", True),
        ],
    ]


def test_the_ninth_etape_is_in_the_afternoon_and_no_hour_is_shown(client):
    ninth = road().get(numero=9)
    assert (ninth.debut, ninth.fin, ninth.get_moment_display()) == (None, None, "après-midi")
    text = client.get(ninth.url).content.decode()
    assert "près-midi" in text
    assert not [hour for hour in ("12:00", "19:00", "12 h", "19 h", "00:00", "0 h") if hour in text]


def test_the_grid_is_the_carnets_in_its_order_each_criterion_defined():
    grid = [(d.nom, d.slug, [c.name for c in d.criteres.all()]) for d in Dimension.objects.all()]
    assert grid == [
        ("centrée sur", "centree-sur", ["individu", "territoire", "entreprise"]),
        ("en lien avec", "en-lien-avec", ["procédure", "organisation", "législation", "conception"]),
    ]
    assert all(c.definition for d in Dimension.objects.all() for c in d.criteres.all())


def test_agrodoubs_has_the_facts_of_the_carnet(agrodoubs):
    assert (agrodoubs.title, agrodoubs.activite, agrodoubs.get_statut_display(), agrodoubs.effectif) == (
        "La recette d’une organisation partagée",
        "préparation alimentaire",
        "SARL",
        15,
    )
    assert (agrodoubs.adresse, agrodoubs.code_postal, agrodoubs.commune.nom, agrodoubs.departement) == (
        "100, route de Ballandoz",
        "25330",
        "Flagey",
        "25",
    )
    assert agrodoubs.site == "http://www.agrodoubs.com"
    assert agrodoubs.contact_public == {
        "nom": "Georges Bourgon",
        "fonction": "gérant",
        "telephone": "03 81 86 58 58",
    }
    assert agrodoubs.partenaire.nom == "Direccte Franche-Comté"
    assert agrodoubs.contact_du_partenaire == {
        "nom": "Nathalie Bertin",
        "fonction": "Directrice Franche-Comté",
        "telephone": "03 81 81 94 51",
        "courriel": "nathalie.bertin@direccte.gouv.fr",
    }
    assert [(f.partenaire.sigle, f.mention) for f in agrodoubs.financements.all()] == [
        ("Direccte", "Avec la participation financière de la Direccte Franche-Comté")
    ]
    assert agrodoubs.exemple is False


def test_the_fifteen_partners_have_every_role_that_the_facts_give_them():
    partners = Partenaire.objects.filter(exemple=False)
    assert {p.nom_court: p.roles for p in partners} == {
        "RIFC": [Role.COPILOTE],
        "Cress": [Role.COPILOTE, Role.ORGANISATEUR],
        "Fact": [Role.MAITRE_D_OEUVRE, Role.ORGANISATEUR],
        "SRI": [Role.CADRE],
        "Direccte": [Role.FINANCEUR, Role.ASSOCIE],
        "BGE": [Role.ORGANISATEUR],
        "MFQ": [Role.ORGANISATEUR],
        "Pôle des microtechniques": [Role.ORGANISATEUR],
        "Mutualité Française de Franche-Comté": [Role.ORGANISATEUR],
        "PMA": [Role.ORGANISATEUR],
        "Franche-Comté Active": [Role.ORGANISATEUR],
        "Cetim": [Role.ORGANISATEUR],
        "UIMM": [Role.ORGANISATEUR],
        "Association Condorcet Grand Est": [Role.ORGANISATEUR],
        "L’Usine": [Role.ORGANISATEUR],
    }
    assert not partners.exclude(logo=None)


def test_the_carnet_pulls_in_its_nine_etapes_and_its_fiche(agrodoubs):
    carnet = CarnetPage.objects.get(numero=1)
    assert (carnet.numero, carnet.date) == (1, datetime.date(2013, 2, 1))
    pulled = {block.block_type: block.value for block in carnet.corps}
    assert [page.specific for page in pulled["etapes"]["etapes"]] == list(road())
    assert [page.specific for page in pulled["fiches"]["fiches"]] == [agrodoubs]


def test_the_site_answers_at_base_url_and_the_welcome_page_is_gone(client, settings):
    home = HomePage.objects.get()
    site = home.sites_rooted_here.get()
    assert (site.hostname, site.port, site.site_name) == ("127.0.0.1", 8123, "Rally'nov")
    assert home.get_siblings().count() == 1
    assert home.action_page.specific.url == "/fiches/"
