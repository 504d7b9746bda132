"""The position of an innovation: typed, geocoded from its address, or by default the centre of the commune."""

import json

import pytest

from fiches.candidatures.models import Dossier
from fiches.http import ServiceError
from fiches.models import FichePage
from fiches.territoire import geocoding
from tests.candidatures.conftest import ORGANISATION, text

ANSWER = {
    "features": [
        {
            "geometry": {"coordinates": [6.0405, 47.0405]},
            "properties": {"type": "housenumber", "label": "3 Rue de l’Église 25330 Flagey", "citycode": "25241"},
        }
    ]
}


@pytest.fixture
def geocoder(settings, monkeypatch):
    """Replaces the geocoder: ``answer`` is what it returns, ``asked`` the address of the last request."""
    settings.RALLYNOV_GEOCODER_URL = "https://geocodeur.test/search"
    answers = {"answer": ANSWER}

    def get_json(url, timeout):
        answers["asked"] = url
        if answers["answer"] is None:
            raise ServiceError(url)
        return json.loads(json.dumps(answers["answer"]))

    monkeypatch.setattr(geocoding, "get_json", get_json)
    return answers


def place(visitor, link, **changes):
    return visitor.fill(
        link, "organisation", {**ORGANISATION, "adresse": "3 rue de l’Église", "placer": "1", **changes}
    )


def test_an_address_places_the_point_where_the_operator_turned_the_geocoder_on(visitor, link, geocoder):
    assert 'name="placer"' in text(visitor.get(f"{link}organisation/"))
    page = place(visitor, link, point="47,1 ; 6,1")
    assert "Le point est placé à cette adresse : 3 Rue de l’Église 25330 Flagey." in text(page)
    assert Dossier.objects.get().reponses["point"] == "47,0405 ; 6,0405"
    assert 'value="47,0405 ; 6,0405"' in text(page)
    assert "citycode=25241" in geocoder["asked"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "La recherche d’adresse ne répond pas. Placez le point sur la carte."),
        ({"features": []}, "Cette adresse est introuvable."),
        ({"features": [{"geometry": None}]}, "Cette adresse est introuvable."),
    ],
)
def test_an_address_that_is_not_found_leaves_the_point_as_it_was(visitor, link, geocoder, answer, told):
    geocoder["answer"] = answer
    page = place(visitor, link, point="47,1 ; 6,1")
    assert told in text(page)
    assert Dossier.objects.get().reponses["point"] == "47,1 ; 6,1"
    assert Dossier.objects.get().reponses["adresse"] == "3 rue de l’Église"


def test_without_a_geocoder_no_button_offers_it_and_nobody_is_asked(visitor, link, geocoder, settings):
    settings.RALLYNOV_GEOCODER_URL = ""
    assert 'name="placer"' not in text(visitor.get(f"{link}organisation/"))
    assert "La recherche d’adresse n’est pas disponible sur ce site." in text(place(visitor, link))
    assert "asked" not in geocoder


def test_an_address_without_its_commune_asks_for_it(visitor, link, geocoder):
    assert "Écrivez d’abord l’adresse et la commune." in text(place(visitor, link, commune=""))
    assert "asked" not in geocoder


@pytest.mark.parametrize(
    ("point", "place"),
    [
        ("47,0405 ; 6,0405", (47.0405, 6.0405, "exacte")),
        ("47° 2' 25.8\" N, 6° 2' 25.8\" E", (47.0405, 6.0405, "exacte")),
    ],
)
def test_a_point_that_is_typed_places_the_fiche(visitor, link, point, place):
    visitor.fill_in_all(link)
    visitor.fill(link, "organisation", {**ORGANISATION, "point": point})
    visitor.post(f"{link}envoyer/")
    fiche = FichePage.objects.get()
    assert (fiche.latitude, fiche.longitude, fiche.precision) == place


@pytest.mark.parametrize("point", ["6,04 ; 47,04", "Paris", "48,85 ; 2,35", "147 ; 6", "x" * 300, "47,04"])
def test_a_point_that_is_nowhere_near_is_kept_with_a_message_beside_it(visitor, link, point):
    page = visitor.fill(link, "organisation", {**ORGANISATION, "point": point})
    assert list(page.context["form"].errors) == ["point"]
    assert Dossier.objects.get().reponses["point"] == point


def test_the_map_is_drawn_from_the_sites_own_files(visitor, link):
    page = text(visitor.get(f"{link}organisation/"))
    assert 'data-tuiles=""' in page
    assert "/static/fiches/vendor/leaflet/leaflet" in page and 'data-fond="/territoire/departements.geojson"' in page
    assert 'data-villes="/territoire/villes.json"' in page
    assert "//" not in page.split("<choix-de-position")[1].split("</choix-de-position>")[0]
