"""The lists of the admin: the fiches and the étapes in the rally's words, at a cost that doesn't grow with them."""

import pytest
from django.urls import reverse

from fiches.models import FichePage
from tests.batch_indexing import batch_indexing
from tests.factories import FichePageFactory, PartenaireFactory, UserFactory

pytestmark = pytest.mark.django_db


def under_review(tree, number):
    partner = PartenaireFactory()
    with batch_indexing():
        for _each in range(number):
            fiche = FichePageFactory(parent=tree.fiches, live=False, partenaire=partner, departement="25")
            fiche.get_workflow().start(fiche, None)


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
