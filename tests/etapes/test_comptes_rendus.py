"""An étape over without a report is late until its report is written, or until somebody says that none will be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fiches.admin.dashboard import lines_for
from tests.factories import EtapePageFactory, PartenaireFactory, UserFactory

pytestmark = pytest.mark.django_db


def late_reports(user):
    return [line.address for line in lines_for(user) if "sans compte rendu" in line.label]


def test_the_dashboard_leads_to_the_etapes_whose_report_is_awaited(client, tree):
    editor = UserFactory(role="redaction")
    client.force_login(editor)
    dole, gray = (
        EtapePageFactory(parent=tree.etapes, title=title, date=timezone.localdate() - timedelta(days=9))
        for title in ("Dole", "Gray")
    )
    [address] = late_reports(editor)
    assert {etape.title for etape in client.get(address).context["object_list"]} == {"Dole", "Gray"}
    dole.compte_rendu = [{"type": "citation", "value": {"texte": "Bien.", "auteur": "", "fonction": ""}}]
    gray.compte_rendu_ecarte = True
    for etape in (dole, gray):
        etape.save_revision().publish()
    assert late_reports(editor) == []


@pytest.mark.parametrize("role", ["moderation", "partenaire"])
def test_who_may_not_change_an_etape_is_not_told_of_it(tree, role):
    day = timezone.localdate() - timedelta(days=9)
    EtapePageFactory(parent=tree.etapes, date=day, organisateurs=[PartenaireFactory()])
    assert late_reports(UserFactory(role=role)) == []
