"""The form of a new road book: it can be saved as soon as its title is written, and its fiches are chosen in their list."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ReferenceIndex

from etapes.carnets.blocks import CarnetDeFiches
from etapes.carnets.models import CarnetPage
from tests.factories import CarnetPageFactory, FichePageFactory, UserFactory
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor_client(client, tree):
    client.force_login(UserFactory(role="redaction"))
    return client


def test_a_new_road_book_with_only_a_title_is_saved_as_a_draft(editor_client, tree):
    CarnetPageFactory(parent=tree.carnets, numero=6, date=datetime.date(2026, 1, 1))
    address = reverse("wagtailadmin_pages:add", args=["rallynov_carnets", "carnetpage", tree.carnets.pk])
    form = filled_form(editor_client.get(address), "#page-edit-form")
    assert (form["numero"], form["date"]) == ("7", f"{timezone.localdate():%d/%m/%Y}")
    editor_client.post(address, {**form, "title": "Carnet tout neuf", "slug": "carnet-tout-neuf"})
    carnet = CarnetPage.objects.get(title="Carnet tout neuf")
    assert (carnet.live, carnet.numero, carnet.date) == (False, 7, timezone.localdate())


def test_the_fiches_of_a_road_book_are_chosen_in_the_list_of_approved_fiches(editor_client, tree):
    FichePageFactory(parent=tree.fiches, title="Fiche approuvée")
    FichePageFactory(parent=tree.fiches, title="Fiche en brouillon", live=False)
    widget = CarnetDeFiches().child_blocks["fiches"].child_block.field.widget
    offered = editor_client.get(widget.get_chooser_modal_url()).json()["html"]
    titles = [
        link.get_text(strip=True)
        for link in BeautifulSoup(offered, "html.parser").select("[data-chooser-modal-choice]")
    ]
    assert [title for title in titles if "approuvée" in title]
    assert "Fiche en brouillon" not in offered


def test_a_fiche_chosen_in_a_road_book_is_known_to_be_used_there(tree):
    fiche = FichePageFactory(parent=tree.fiches)
    carnet = CarnetPage.objects.get(pk=CarnetPageFactory(parent=tree.carnets).pk)
    carnet.corps = [("fiches", {"titre": "À lire", "fiches": [fiche]})]
    carnet.save()
    assert [reference.pk for reference in CarnetPage.objects.get(pk=carnet.pk).corps[0].value["fiches"]] == [fiche.pk]
    usages = ReferenceIndex.get_references_to(fiche).values_list("object_id", "base_content_type__model")
    assert list(usages) == [(str(carnet.pk), "page")]
