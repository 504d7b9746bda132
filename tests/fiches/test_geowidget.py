"""The admin's map: our files only, French strings, what was understood, and our own geocoder."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail.models import Page

from fiches.models import FicheIndexPage, FichePage
from fiches.territoire.map_widget import SCRIPTS

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


def understood(staff, **typed):
    return staff.get(reverse("fiches_carte_comprendre"), typed).json()


def test_an_editor_sees_the_map_and_the_commune_in_the_form(staff, fiche):
    html = staff.get(reverse("wagtailadmin_pages:edit", args=[fiche.pk])).content.decode()
    assert 'data-controller="carte-localisation"' in html
    assert '<suggestion-combobox src="/communes.json"' in html
    assert "unpkg.com" not in html and "openstreetmap" not in html
    for path in SCRIPTS:
        assert html.count(f"{path}") == 1


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


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ({}, f"Pas encore de position{NBSP}: choisissez une commune, ou placez le point sur la carte."),
        (
            {"commune": "Flagey"},
            f"Pas encore de position{NBSP}: le site ne connaît pas le centre de cette commune. "
            "Placez le point sur la carte.",
        ),
        (
            {"commune": "Besançon"},
            f"Centre de la commune Besançon (25000, Doubs){NBSP}: latitude 47,24878, longitude 6,01815.",
        ),
        (
            {"commune": "Besançon", "point": "47,2403 ; 6,0238"},
            f"Lieu exact à Besançon (25000, Doubs){NBSP}: latitude 47,2403, longitude 6,0238.",
        ),
        (
            {"commune": "Besançon", "point": "47,0334 ; 6,0893"},
            f"Lieu exact, à 25 km du centre de Besançon (25000, Doubs){NBSP}: latitude 47,0334, longitude 6,0893. "
            "Vérifiez le point et la commune.",
        ),
        ({"point": "47,2403 ; 6,0238"}, f"Lieu exact{NBSP}: latitude 47,2403, longitude 6,0238."),
        (
            {"commune": "Besançon", "point": "x", "sans_localisation": "1"},
            f"Sans localisation{NBSP}: l’organisation n’est sur aucune carte.",
        ),
    ],
)
def test_the_map_says_what_was_understood(staff, commune_without_centre, typed, text):
    answer = understood(staff, **typed)
    assert (answer["texte"], answer["erreur"]) == (text, False)


@pytest.mark.parametrize("name", ["fiches_carte_comprendre", "fiches_carte_geocoder"])
def test_the_editors_questions_are_for_editors(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def geocoder_answer(staff, **asked):
    answer = staff.get(reverse("fiches_carte_geocoder"), asked).json()
    return answer["geocoding"], [
        (f["properties"]["geocoding"]["type"], f["properties"]["geocoding"]["label"], f["geometry"]["coordinates"])
        for f in answer["features"]
    ]


BESANCON = ("municipality", "Besançon (25000, Doubs)", [6.01815, 47.24878])


class Geocoder:
    """A national geocoder on this machine: answers `body`, remembers what it was asked."""

    def __init__(self):
        self.asked, self.body, self.status = [], b"{}", 200
        geocoder = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                geocoder.asked.append(parse_qs(urlsplit(self.path).query))
                self.send_response(geocoder.status)
                self.end_headers()
                self.wfile.write(geocoder.body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def geocoder(settings):
    geocoder = Geocoder()
    settings.RALLYNOV_GEOCODER_URL = f"http://127.0.0.1:{geocoder.server.server_port}/search/"
    yield geocoder
    geocoder.server.shutdown()
    geocoder.server.server_close()


def feature(kind, coordinates, citycode="25056"):
    properties = {"type": kind, "label": f"{kind} X", "citycode": citycode}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": coordinates}, "properties": properties}


def test_the_address_service_is_asked_only_where_the_operator_turned_it_on(staff, geocoder, settings):
    del settings.RALLYNOV_GEOCODER_URL
    geocoder_answer(staff, q="2 rue Mégevand", commune="Besançon")
    assert geocoder.asked == []


def test_an_address_is_kept_where_it_is_in_the_commune_and_the_region(staff, geocoder):
    features = [
        feature("housenumber", [6.0245, 47.2378]),
        feature("street", [6.03, 47.24], citycode="39198"),
        feature("municipality", [6.02, 47.25]),
        feature("housenumber", [2.35, 48.85]),
        {"type": "Feature", "geometry": None},
        "nonsense",
    ]
    geocoder.body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    _head, kept = geocoder_answer(staff, q="2 rue Mégevand", commune="Besançon")
    assert kept == [("housenumber", "housenumber X", [6.0245, 47.2378]), BESANCON]
    assert geocoder.asked == [{"q": ["2 rue Mégevand Besançon"], "limit": ["5"], "citycode": ["25056"]}]
