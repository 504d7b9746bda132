"""The field that reads a commune, and what it asks while one types."""

import pytest
from django import forms
from django.urls import reverse

from fiches.models import Commune, FichePage
from fiches.territoire.commune_field import CommuneField, LocalisationFormMixin

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"
FLAGEY = f"Flagey{NBSP}: code INSEE 25241, code postal 25330, Doubs, centre de la commune connu"


class PublicForm(forms.Form):
    commune = CommuneField()


class PlaceForm(LocalisationFormMixin, forms.ModelForm):
    class Meta:
        model = FichePage
        fields = ["adresse", "commune", "code_postal", "point", "sans_localisation"]


@pytest.fixture
def flagey():
    return Commune.objects.get(pk="25241")


def test_a_typed_commune_becomes_the_commune(flagey):
    form = PublicForm({"commune": "25330 flagey"})
    assert form.is_valid()
    assert form.cleaned_data == {"commune": flagey}


def test_what_was_typed_is_kept_beside_the_error():
    form = PublicForm({"commune": "Flagé"})
    [message] = form.errors["commune"]
    assert message.startswith(
        f"«{NBSP}Flagé{NBSP}» n’est pas une commune de Franche-Comté. Vouliez-vous dire{NBSP}: Flag"
    )
    html = str(form["commune"])
    assert 'value="Flagé"' in html
    assert '<output class="commune-compris" for="id_commune"></output>' in html


@pytest.mark.parametrize("data", [{}, {"commune": ""}, {"commune": "   "}])
def test_a_missing_commune_is_asked_for(data):
    assert PublicForm(data).errors == {"commune": ["Écrivez le nom d’une commune."]}


def test_a_bound_commune_is_shown_by_its_name_and_what_is_known_of_it(flagey):
    form = PlaceForm(instance=FichePage(commune=flagey))
    html = str(form["commune"])
    assert 'value="Flagey (25330, Doubs)"' in html
    assert f'<output class="commune-compris" for="id_commune">{FLAGEY}</output>' in html
    assert '<suggestion-combobox src="/communes.json"' in html
    assert 'autocomplete="off"' in html


def test_a_commune_sent_back_as_shown_has_not_changed(flagey):
    form = PlaceForm({"commune": str(flagey)}, instance=FichePage(commune=flagey))
    assert form.is_valid(), form.errors
    assert form.changed_data == []
    assert form.instance.commune == flagey


def test_the_form_places_what_it_edits():
    form = PlaceForm({"commune": "besancon", "point": "47,2403 ; 6,0238"})
    assert form.is_valid(), form.errors
    page = form.instance
    assert (page.departement, page.code_postal, page.latitude, page.longitude, page.precision) == (
        "25",
        "25000",
        47.2403,
        6.0238,
        "exacte",
    )


def test_the_form_says_what_is_wrong_beside_each_field():
    form = PlaceForm({"commune": "Zzyzx", "point": "garbage", "code_postal": "1"})
    assert sorted(form.errors) == ["code_postal", "commune", "point"]
    assert form["point"].value() == "garbage"


def test_the_suggestions_are_public_cached_and_cost_one_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get(reverse("communes"), {"q": "flagey"})
    assert response.json()["communes"][0] == {
        "code_insee": "25241",
        "nom": "Flagey",
        "codes_postaux": ["25330"],
        "departement": "25",
        "departement_nom": "Doubs",
        "latitude": 47.04709,
        "longitude": 6.11195,
        "libelle": "Flagey (25330, Doubs)",
        "compris": FLAGEY,
    }
    assert response["Cache-Control"] == "public, max-age=86400"
    assert "Cookie" not in response.get("Vary", "")
    assert response.cookies == {}
