"""What `visible()` costs the database, and whom it shows."""

import pytest
from wagtail.models import PageViewRestriction

from fiches.models import FichePage
from tests.factories import FichePageFactory

pytestmark = pytest.mark.django_db


def test_what_is_below_a_restricted_page_is_restricted(tree):
    fiche, other = FichePageFactory(parent=tree.fiches), FichePageFactory(parent=tree.fiches)
    PageViewRestriction.objects.create(page=fiche.page_ptr, restriction_type=PageViewRestriction.LOGIN)
    assert list(FichePage.objects.visible()) == [other]
    PageViewRestriction.objects.create(page=tree.fiches.page_ptr, restriction_type=PageViewRestriction.LOGIN)
    assert not FichePage.objects.visible().exists()
