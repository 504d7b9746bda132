"""What the admin's menu offers to the communication staff."""

import pytest
from django.urls import reverse
from wagtail.admin.menu import admin_menu

from fiches.models import FichePage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def menu(client, rf, tree):
    """``{label: labels below}`` of the main menu, as the communication staff has it."""
    request = rf.get(reverse("wagtailadmin_home"))
    request.user = UserFactory(role="redaction")

    def labels(items):
        return {
            str(item.label): labels(item.menu.menu_items_for_request(request)) if hasattr(item, "menu") else {}
            for item in items
        }

    return labels(admin_menu.menu_items_for_request(request))


def test_calls_and_reasons_are_below_the_candidatures(menu):
    assert list(menu["Candidatures"]) == ["Dossiers", "Signalements", "Appels", "Motifs"]
    assert "Appels" not in menu


def test_webhooks_are_among_the_settings(menu):
    assert "Webhooks" not in menu
    assert "Webhooks" in menu["Paramètres"]


def test_a_fiche_is_previewed_as_page_paper_and_embed():
    assert [str(label) for _mode, label in FichePage().preview_modes] == ["Page", "PDF", "Intégration"]
