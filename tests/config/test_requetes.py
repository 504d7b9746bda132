"""Every record that another screen names has an address; a number that no database holds is no address."""

import pytest
from django.urls import NoReverseMatch, reverse
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, finder_classes
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.hooks import search_for_hooks

from fiches.candidatures.models import Dossier
from fiches.models import Edition

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/documents/{}/x.pdf", "/admin/pages/{}/edit/"])
def test_a_number_that_no_database_holds_is_no_address(client, tree, address):
    assert client.get(address.format("9" * 20)).status_code == 404


def test_every_record_that_another_screen_names_has_an_address_of_its_own():
    """A screen of what uses a call or a person fails whole on one that has none."""
    search_for_hooks()
    reverse("wagtailadmin_home")  # reads the addresses of the admin, which register its records
    wrong = []
    found = {**finder_classes.values_by_class, **finder_classes.values_by_exact_class}
    records = {model: finder for model, finder in found.items() if issubclass(finder, ModelAdminURLFinder)}
    assert {Dossier, Edition} <= records.keys()
    for model, finder in records.items():
        record = model(pk=1, **({"site_id": 1} if issubclass(model, BaseSiteSetting) else {}))
        try:
            finder().construct_edit_url(record)
        except NoReverseMatch:
            wrong.append(model.__name__)
    assert not wrong
