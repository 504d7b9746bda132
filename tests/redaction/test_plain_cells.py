"""The lists of fiches draw their dates and boxes as Wagtail and Django do, by fewer templates, and offer nothing that a fiche can't have."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.template import Context
from django.template.loader import render_to_string
from django.test.html import parse_html
from django.utils import timezone
from wagtail.admin.ui.tables import DateColumn, Table

from fiches.admin.columns import FicheStateColumn, MomentColumn
from fiches.admin.filters import Checkboxes, Radios
from tests.factories import EtapePageFactory, FichePageFactory, UserFactory

NAME = "latest_revision_created_at"


@pytest.mark.parametrize("moment", [timezone.now(), timezone.now() - timedelta(days=40), None])
def test_a_date_is_drawn_as_wagtail_draws_it(moment):
    fiche = SimpleNamespace(latest_revision_created_at=moment)
    shown, wagtails = (
        parse_html(Table([column(NAME, classname="secondaire")], [fiche]).render_html({}))
        for column in (MomentColumn, DateColumn)
    )
    assert shown == wagtails


@pytest.mark.parametrize("is_live", [True, False])
def test_the_status_of_a_fiche_is_drawn_as_wagtail_draws_it(tree, rf, is_live):
    fiche = FichePageFactory(parent=tree.fiches, live=is_live)
    request = rf.get("/admin/fiches/")
    context = {"request": request, "page": fiche}
    wagtails = render_to_string("wagtailadmin/shared/page_status_tag.html", context, request)
    shown = FicheStateColumn("status").render_cell_html(fiche, Context(context))
    assert parse_html(shown) == parse_html(f"<td>{wagtails}</td>")


@pytest.mark.parametrize(
    ("widget", "django_s", "value"),
    [
        (Checkboxes, forms.CheckboxSelectMultiple, ["b"]),
        (Radios, forms.RadioSelect, "b"),
        (Radios, forms.RadioSelect, ""),
    ],
)
def test_boxes_are_drawn_as_django_draws_them(widget, django_s, value):
    choices = [("", "Tous"), ("a", "Une <b>"), ("b", "Deux")]
    shown, djangos = (kind(choices=choices).render("x", value, {"id": "id_x"}) for kind in (widget, django_s))
    assert parse_html(shown) == parse_html(djangos)


@pytest.fixture
def listed(client, tree):
    client.force_login(UserFactory(role="admin"))

    def read(address):
        return BeautifulSoup(client.get(address).content, "html.parser").main.get_text(" ")

    return read


@pytest.mark.parametrize(
    ("address", "factory", "parent"), [("fiches", FichePageFactory, "fiches"), ("etapes", EtapePageFactory, "etapes")]
)
def test_a_page_without_subpages_offers_no_order_of_them(listed, tree, address, factory, parent):
    page = factory(parent=getattr(tree, parent), title="Le four commun")
    shown = listed(f"/admin/{address}/")
    assert "Le four commun" in shown and "Changer l’ordre des sous-pages" not in shown
    assert "Changer l’ordre des sous-pages" not in listed(f"/admin/pages/{page.pk}/edit/")
    assert "Changer l’ordre des sous-pages" in listed(f"/admin/pages/{page.get_parent().get_parent().pk}/")


def test_fiches_are_not_filtered_by_their_subpages(client, tree):
    client.force_login(UserFactory(role="admin"))
    shown = client.get("/admin/fiches/").content.decode()
    assert 'name="departement"' in shown and 'name="has_child_pages"' not in shown
