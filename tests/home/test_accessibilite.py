import csv

import pytest

from home.audit import CRITERIA, Decision, Etat, audit, read
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
        (["conforme"] * 105 + ["à auditer"], Etat.NON, None),
        (["conforme"] * 105, Etat.NON, None),
        (["conforme"] * 104 + ["non applicable"] * 2, Etat.TOTAL, 100),
        (["conforme"] * 53 + ["non conforme"] * 53, Etat.PARTIEL, 50),
        (["conforme"] * 52 + ["non conforme"] * 54, Etat.NON, 49),
        (["conforme"] * 105 + ["non conforme"], Etat.PARTIEL, 99),
    ],
)
def test_the_state_follows_from_a_complete_audit_only(audited, decisions, state, rate):
    found = audited(*decisions)
    assert (found.etat, found.taux) == (state, rate)


def test_a_decision_without_evidence_is_refused(audited):
    with pytest.raises(ValueError, match=r"criterion 1\.1 has no evidence"):
        audited("conforme", evidence="")


def test_the_audit_decides_on_each_criterion_of_the_rgaa_once():
    themes = {
        "1": 9,
        "2": 2,
        "3": 3,
        "4": 13,
        "5": 8,
        "6": 2,
        "7": 5,
        "8": 10,
        "9": 4,
        "10": 14,
        "11": 13,
        "12": 11,
        "13": 12,
    }
    expected = [f"{theme}.{number}" for theme, count in themes.items() for number in range(1, count + 1)]
    assert [each.critere for each in audit().criteres] == expected
    assert len(expected) == CRITERIA


def test_the_page_says_what_the_audit_says_and_so_does_each_footer(tree, client):
    tree.home.add_child(instance=AccessibilitePage(title="Accessibilité", slug="accessibilite"))
    html = client.get("/accessibilite/").content.decode()
    assert "Ce site est <strong>non conforme</strong> avec le référentiel général" in html
    assert "Il l’est parce que son audit n’est pas terminé" in html
    assert html.count('<th scope="row">') == CRITERIA
    for heading in (
        "État de conformité",
        "Résultats des tests",
        "Contenus non accessibles",
        "Établissement de cette déclaration d’accessibilité",
        "Retour d’information et contact",
        "Voies de recours",
    ):
        assert f"<h2>{heading}</h2>" in html
    assert len(audit().having(Decision.A_AUDITER)) > 0
    footer = client.get("/").content.decode().replace("\xa0", " ")
    assert 'href="/accessibilite/">Accessibilité : non conforme</a>' in footer
