"""The lists of the admin: the fiches and the étapes in the rally's words, at a cost that doesn't grow with them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fiches.models import FichePage
from tests.batch_indexing import batch_indexing
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory, UserFactory

pytestmark = pytest.mark.django_db


def under_review(tree, number):
    partner = PartenaireFactory()
    with batch_indexing():
        for _each in range(number):
            fiche = FichePageFactory(parent=tree.fiches, live=False, partenaire=partner, departement="25")
            fiche.get_workflow().start(fiche, None)


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_etapes_cost_the_same_for_one_and_for_nine(client, tree):
    client.force_login(UserFactory(role="redaction"))
    EtapePageFactory(parent=tree.etapes)
    one = queries(client, "/admin/etapes/")
    for _each in range(8):
        EtapePageFactory(parent=tree.etapes)
    assert queries(client, "/admin/etapes/") == one


def test_the_fiches_are_filtered_by_their_step_in_the_review(client, tree):
    client.force_login(UserFactory(role="redaction"))
    under_review(tree, 1)
    waiting = FichePage.objects.get()
    FichePageFactory(parent=tree.fiches, title="Déjà en ligne")
    content = client.get(reverse("fiches_admin:index"), {"etape_de_relecture": "relecture"}).content.decode()
    assert waiting.title in content
    assert "Déjà en ligne" not in content
    content = client.get(reverse("fiches_admin:index"), {"etape_de_relecture": "approbation"}).content.decode()
    assert waiting.title not in content
