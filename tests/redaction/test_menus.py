"""What the admin's menu offers to the communication staff."""

import pytest
from django.urls import reverse
from wagtail.admin.menu import admin_menu

from fiches.models import FichePage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def menu_of(client, rf, tree):
    """``menu_of(role)``: ``{label: labels below}`` of the main menu, as this role has it."""
    request = rf.get(reverse("wagtailadmin_home"))

    def labels(items):
        return {
            str(item.label): labels(item.menu.menu_items_for_request(request)) if hasattr(item, "menu") else {}
            for item in items
        }

    def menu(role):
        request.user = UserFactory(role=role)
        return labels(admin_menu.menu_items_for_request(request))

    return menu


def test_calls_and_reasons_are_below_the_candidatures(menu_of):
    menu = menu_of("redaction")
    assert list(menu["Candidatures"]) == ["Dossiers", "Signalements", "Appels", "Motifs"]
    assert "Appels" not in menu


def test_webhooks_are_among_the_settings_of_administrators_alone(menu_of):
    assert "Webhooks" not in menu_of("admin")
    assert "Webhooks" in menu_of("admin")["Paramètres"]
    assert "Webhooks" not in menu_of("redaction")["Paramètres"]


def test_a_fiche_is_previewed_as_page_paper_and_embed():
    assert [str(label) for _mode, label in FichePage().preview_modes] == ["Page", "PDF", "Intégration"]
