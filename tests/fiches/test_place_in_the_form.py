"""The place of a fiche in the admin's form: our files only, and what was typed is kept."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail.models import Page

from fiches.models import FicheIndexPage, FichePage

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


@pytest.fixture
def staff(client):
    client.force_login(get_user_model().objects.create_superuser("admin", "admin@example.org", "x"))
    return client


@pytest.fixture
def index():
    return Page.objects.get(depth=1).add_child(instance=FicheIndexPage(title="Fiches", slug="fiches"))


@pytest.fixture
def fiche(index):
    return index.add_child(instance=FichePage(title="Recette", slug="recette", organisation="Agrodoubs"))


def test_an_editor_sees_the_map_and_the_commune_in_the_form(staff, fiche):
    html = staff.get(reverse("wagtailadmin_pages:edit", args=[fiche.pk])).content.decode()
    assert '<choix-de-position class="map position" data-champ="id_point"' in html
    assert '<suggestion-combobox src="/communes.json"' in html
    assert "unpkg.com" not in html and "openstreetmap" not in html


def post(staff, fiche, **typed):
    return staff.post(
        reverse("wagtailadmin_pages:edit", args=[fiche.pk]),
        {
            "title": fiche.title,
            "slug": fiche.slug,
            "organisation": fiche.organisation,
            "corps-count": "0",
            "financements-TOTAL_FORMS": "0",
            "financements-INITIAL_FORMS": "0",
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            **typed,
        },
    )


def test_an_editor_places_a_fiche_by_commune_and_point(staff, fiche):
    response = post(staff, fiche, commune="Besançon", point="47,2403 ; 6,0238")
    assert response.status_code == 302
    draft = FichePage.objects.get(pk=fiche.pk).get_latest_revision_as_object()
    assert (draft.commune_id, draft.departement, draft.latitude, draft.longitude, draft.precision) == (
        "25056",
        "25",
        47.2403,
        6.0238,
        "exacte",
    )


def test_an_editor_is_told_what_is_wrong_and_keeps_what_was_typed(staff, fiche):
    response = post(staff, fiche, commune="Bezançon", point="6,86 47,64", **{"action-submit": "true"})
    form = response.context["form"]
    assert form.errors["point"] == [
        f"La latitude et la longitude semblent inversées. Écrivez d’abord la latitude{NBSP}: 47,64{NBSP}; 6,86."
    ]
    assert "Besançon (25000, Doubs)" in form.errors["commune"][0]
    html = response.content.decode()
    assert 'value="6,86 47,64"' in html and 'value="Bezançon"' in html
    assert not FichePage.objects.get(pk=fiche.pk).has_unpublished_changes


def test_no_location_forgets_the_point(staff, fiche):
    post(staff, fiche, commune="Besançon", point="47,2403 ; 6,0238", sans_localisation="on")
    draft = FichePage.objects.get(pk=fiche.pk).get_latest_revision_as_object()
    assert (draft.point, draft.latitude, draft.precision, draft.sans_localisation) == ("", None, "aucune", True)
