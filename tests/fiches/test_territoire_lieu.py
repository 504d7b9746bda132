"""Where a fiche is: checked as typed, derived on clean, on save and in revisions."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from wagtail.models import Page

from fiches.models import Commune, FichePage

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"
BESANCON = (47.24878, 6.01815)


@pytest.fixture
def besancon():
    return Commune.objects.get(pk="25056")


@pytest.fixture
def flagey():
    return Commune.objects.get(pk="25241")


def fiche(**values):
    page = FichePage(
        title="La recette", slug=f"recette-{FichePage.objects.count()}", organisation="Agrodoubs", **values
    )
    return Page.objects.get(depth=1).add_child(instance=page)


def position(page):
    return page.departement, page.latitude, page.longitude, page.precision


def errors(page):
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    return refused.value.message_dict


def test_a_fiche_without_a_place_has_no_position():
    assert position(fiche()) == ("", None, None, "aucune")


def test_a_commune_places_a_fiche_at_its_centre_and_says_so(besancon):
    page = fiche(commune=besancon)
    assert position(page) == ("25", *BESANCON, "commune")
    assert page.code_postal == "25000"
    assert position(FichePage.objects.get(pk=page.pk)) == ("25", *BESANCON, "commune")


def test_a_commune_of_unknown_centre_gives_the_departement_and_no_position(commune_without_centre):
    assert position(fiche(commune=commune_without_centre)) == ("25", None, None, "aucune")


def test_a_point_is_exact_and_stored_as_the_widget_stores_it(besancon):
    page = fiche(commune=besancon, point="47,2403 ; 6,0238")
    assert position(page) == ("25", 47.2403, 6.0238, "exacte")
    assert page.point == "SRID=4326;POINT(6.0238 47.2403)"


def test_no_location_wins_over_all_and_forgets_the_point(besancon):
    page = fiche(commune=besancon, point="47,2403 ; 6,0238", sans_localisation=True)
    assert position(page) == ("25", None, None, "aucune")
    assert page.point == ""


def test_a_draft_holds_what_follows_from_what_was_typed(besancon):
    page = fiche()
    page.commune = besancon
    page.full_clean()
    revision = page.save_revision()
    assert position(revision.as_object()) == ("25", *BESANCON, "commune")
    assert position(FichePage.objects.get(pk=page.pk)) == ("", None, None, "aucune")
    revision.publish()
    assert position(FichePage.objects.get(pk=page.pk)) == ("25", *BESANCON, "commune")


def test_an_unchecked_save_puts_no_unreadable_point_on_the_map(besancon):
    page = fiche(commune=besancon)
    page.point = "147 6,86"
    page.save(clean=False)
    assert position(FichePage.objects.get(pk=page.pk)) == ("25", None, None, "aucune")


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ("garbage", f"Écrivez une latitude puis une longitude, par exemple «{NBSP}47,24{NBSP}; 6,02{NBSP}»."),
        (
            "6,86 47,64",
            f"La latitude et la longitude semblent inversées. Écrivez d’abord la latitude{NBSP}: 47,64{NBSP}; 6,86.",
        ),
        (
            "48,8566 2,3522",
            f"Ce point est hors de Franche-Comté. Le site a lu{NBSP}: latitude et longitude 48,8566{NBSP}; 2,3522. Corrigez le point.",
        ),
        (
            "47,64 6,86",
            f"Le point 47,64{NBSP}; 6,86 est à 77 km de Besançon (25000, Doubs), dont le centre est en"
            f" 47,24878{NBSP}; 6,01815{NBSP}: corrigez le point ou la commune.",
        ),
    ],
)
def test_a_wrong_point_is_refused_beside_its_field_and_kept_as_typed(besancon, point, message):
    page = fiche()
    page.commune, page.point = besancon, point
    assert errors(page) == {"point": [message]}
    assert page.point in (point, "SRID=4326;POINT(6.86 47.64)")


def test_a_postcode_of_elsewhere_is_refused_with_the_right_one(flagey):
    page = fiche()
    page.commune, page.code_postal = flagey, "25000"
    message = "Flagey a pour code postal 25330, pas 25000. Pour un code CEDEX, écrivez CEDEX dans l’adresse."
    assert errors(page) == {"code_postal": [message]}


@pytest.mark.parametrize("code", ["2533", "ABCDE", "25 33", "٢٥٣٣٠"])
def test_what_is_no_postcode_is_refused(code):
    page = fiche()
    page.code_postal = code
    assert errors(page) == {"code_postal": ["Le code postal est incorrect : il a cinq chiffres."]}


def test_a_commune_in_use_is_not_deleted(besancon):
    fiche(commune=besancon)
    with pytest.raises(ProtectedError):
        besancon.delete()
