"""What `visible()` costs the database, and whom it shows."""

from pathlib import Path

import pytest
from wagtail.models import Page, PageViewRestriction

from fiches.models import FichePage
from fiches.models.querysets import Restricted
from tests.factories import FichePageFactory

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.django_db


def test_what_is_below_a_restricted_page_is_restricted(tree):
    fiche, other = FichePageFactory(parent=tree.fiches), FichePageFactory(parent=tree.fiches)
    PageViewRestriction.objects.create(page=fiche.page_ptr, restriction_type=PageViewRestriction.LOGIN)
    assert list(FichePage.objects.visible()) == [other]
    PageViewRestriction.objects.create(page=tree.fiches.page_ptr, restriction_type=PageViewRestriction.LOGIN)
    assert not FichePage.objects.visible().exists()


def test_no_planner_can_read_all_the_pages_for_each_row(db):
    assert " JOIN " not in str(Page.objects.filter(Restricted()).query)


def test_nothing_outside_querysets_says_live():
    """``.live()`` gives private pages too: `visible`, or `online` where that is meant, says which."""
    files = [path for room in ("etapes", "fiches", "home", "search", "site") for path in (ROOT / room).rglob("*.py")]
    assert {path.name for path in files if ".live()" in path.read_text()} == {"querysets.py"}
