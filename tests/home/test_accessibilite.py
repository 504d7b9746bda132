import csv

import pytest

from home.audit import CRITERIA, Conformite, audit, read
from home.models import AccessibilitePage


@pytest.fixture
def audited(tmp_path):
    def write(*decisions, evidence="vu"):
        path = tmp_path / "rgaa.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["critere", "theme", "intitule", "decision", "preuve"])
            writer.writerows([f"1.{n}", "Images", "?", decision, evidence] for n, decision in enumerate(decisions, 1))
        return read(path)

    return write


@pytest.mark.parametrize(
    ("decisions", "state", "rate"),
    [
        (["conforme"] * 105 + ["à auditer"], Conformite.NON, None),
        (["conforme"] * 105, Conformite.NON, None),
        (["conforme"] * 104 + ["non applicable"] * 2, Conformite.TOTAL, 100),
        (["conforme"] * 53 + ["non conforme"] * 53, Conformite.PARTIEL, 50),
        (["conforme"] * 52 + ["non conforme"] * 54, Conformite.NON, 49),
        (["conforme"] * 105 + ["non conforme"], Conformite.PARTIEL, 99),
    ],
)
def test_the_state_follows_from_a_complete_audit_only(audited, decisions, state, rate):
    found = audited(*decisions)
    assert (found.etat, found.taux) == (state, rate)


HEADINGS = [
    *("<h2>État de conformité</h2>", "<h2>Résultats des tests</h2>", "<h2>Contenus non accessibles</h2>"),
    *("<h3>Non-conformités</h3>", "<h3>Dérogations pour charge disproportionnée</h3>"),
    "<h3>Contenus non soumis à l’obligation d’accessibilité</h3>",
    *("<h2>Établissement de cette déclaration d’accessibilité</h2>", "<h3>Technologies utilisées"),
    *("<h3>Environnement de test</h3>", "<h3>Outils pour évaluer l’accessibilité</h3>"),
    "<h3>Pages du site ayant fait l’objet de la vérification de conformité</h3>",
    *("<h2>Retour d’information et contact</h2>", "<h2>Voies de recours</h2>"),
]
"""Those of the form that the RGAA imposes, in its order."""


@pytest.fixture
def statement(tree, client):
    tree.home.add_child(
        instance=AccessibilitePage(
            title="Accessibilité", slug="accessibilite", environnement="Chromium", echantillon="Accueil"
        )
    )
    return lambda: " ".join(client.get("/accessibilite/").content.decode().replace("\xa0", " ").split())


def test_the_page_says_what_the_audit_says_and_so_does_each_footer(statement, client):
    html = statement()
    found = audit()
    assert f"Ce site est <strong>{found.etat}</strong> avec le référentiel général" in html
    assert html.count('<th scope="row">') == CRITERIA
    assert "s’applique à http://localhost" in html
    places = [html.find(heading) for heading in HEADINGS]
    assert -1 not in places
    assert places == sorted(places)
    footer = client.get("/").content.decode().replace("\xa0", " ")
    assert f'href="/accessibilite/">Accessibilité : {found.etat}</a>' in footer


def test_the_statement_leads_to_the_publishers_plans_once_they_are_given(statement):
    assert "Pour cela, l’éditeur suit ces documents" not in statement()
    plans = {"schema_pluriannuel": "https://region.example/schema", "plan_d_action": "https://region.example/2026"}
    AccessibilitePage.objects.update(**plans)
    html = statement()
    assert "l’éditeur suit ces documents" in html
    assert '<a href="https://region.example/schema">Schéma pluriannuel de mise en accessibilité</a>' in html
    assert '<a href="https://region.example/2026">Plan d’actions de l’année en cours</a>' in html
