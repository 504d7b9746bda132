"""An étape announced before its date is known: written, published, shown everywhere as such, then given its date."""

import datetime
import json

import icalendar
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from etapes.carnets.mail_composition import compose
from etapes.carnets.models import CarnetPage
from etapes.models import EtapePage
from tests.etapes.conftest import in_days, text
from tests.factories import (
    CarnetPageFactory,
    EtapePageFactory,
    FichePageFactory,
    PartenaireFactory,
    PartenairesPageFactory,
    UserFactory,
)
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db

TO_COME = "Date à préciser"
SLUG = "la-route-passe-a-dole"


@pytest.fixture
def staff(client, tree):
    client.force_login(UserFactory(role="redaction"))
    return client


def read(response):
    """What is read of a page, without its tags."""
    words = BeautifulSoup(response.content, "html.parser").get_text().replace("\u00a0", " ")
    return " ".join(words.split())


def events(response):
    """The titles of the events of an iCalendar file."""
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(response.content).walk("VEVENT")]


def structured(response):
    """The types of the JSON-LD objects of a page."""
    scripts = BeautifulSoup(response.content, "html.parser").select('script[type="application/ld+json"]')
    return [json.loads(script.string).get("@type") for script in scripts]


def test_an_etape_is_announced_before_its_date_is_known(staff, tree, django_capture_on_commit_callbacks):
    fiche = FichePageFactory(parent=tree.fiches, slug="recette", title="La recette")
    partner = PartenaireFactory(nom="Chambre des métiers")
    PartenairesPageFactory(parent=tree.home, slug="partenaires")
    EtapePageFactory(parent=tree.etapes, title="Étape passée", date=datetime.date(2013, 4, 16))
    EtapePageFactory(parent=tree.etapes, title="Étape à venir", date=in_days(20))
    visitor = Client()

    # A draft, from a title and a place.
    address = reverse("wagtailadmin_pages:add", args=["rallynov_etapes", "etapepage", tree.etapes.pk])
    form = filled_form(staff.get(address), "#page-edit-form")
    typed = {"title": "La route passe à Dole", "slug": SLUG, "lieu": "Salle des fêtes", "inscriptions": "ouvertes"}
    typed |= {"organisations-TOTAL_FORMS": "1", "organisations-0-partenaire": str(partner.pk)}
    typed |= {"presentations-TOTAL_FORMS": "1", "presentations-0-fiche": str(fiche.pk)}
    staff.post(address, {**form, **typed})
    etape = EtapePage.objects.get(slug=SLUG)
    assert (etape.date, etape.live) == (None, False)
    assert visitor.get(f"/etapes/{SLUG}/").status_code == 404

    # Published without a date.
    edit = reverse("wagtailadmin_pages:edit", args=[etape.pk])
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(edit, {**filled_form(staff.get(edit)), "action-publish": "1"})
    etape.refresh_from_db()
    assert (etape.live, etape.date, etape.commence_le, etape.termine_le) == (True, None, None, None)

    # Its page says so, and takes nobody's registration.
    page = visitor.get(f"/etapes/{SLUG}/")
    assert TO_COME in text(page)
    assert structured(page).count("Event") == 0
    assert "etape.ics" not in page.content.decode()
    assert "ouvrent quand la date" in text(page)
    assert visitor.get(f"/etapes/{SLUG}/etape.ics").status_code == 404
    closed = visitor.get(f"/etapes/{SLUG}/inscription/")
    assert closed.status_code == 200
    assert "Les inscriptions ne sont pas encore ouvertes" in text(closed)
    assert "ouvrent quand la date" in text(closed)

    # So does all that shows étapes, after those that have a date.
    for where in ("/", "/etapes/", "/etapes/?quand=a-venir", "/fiches/recette/", "/integration/etapes/"):
        answer = visitor.get(where)
        assert answer.status_code == 200, where
        assert TO_COME.lower() in text(answer).lower(), where
    page_text = text(visitor.get("/etapes/?departement=25&departement=39&departement=70&departement=90&q=etape"))
    assert "1970" not in page_text
    listed = text(visitor.get("/etapes/?quand=a-venir"))
    assert listed.index("Étape à venir") < listed.index("La route passe à Dole")
    assert "La route passe à Dole" not in text(visitor.get("/etapes/?quand=passees"))
    assert "La route passe à Dole" not in text(visitor.get("/etapes/?du=2000-01-01&au=2099-12-31"))
    assert f"/etapes/{SLUG}/" in text(visitor.get("/recherche/?q=route+Dole"))
    assert events(visitor.get("/etapes/calendrier.ics")) == ["Étape passée", "Étape à venir"]
    assert TO_COME in visitor.get("/etapes/flux.atom").content.decode()

    # The API says that there is none.
    payload = visitor.get(f"/api/v1/etapes/{SLUG}").json()
    assert (payload["date"], payload["ics"], payload["etat"]) == (None, None, "prevue")
    assert payload["guichet"]["etat"] == "fermee"
    assert visitor.get("/api/v1/fiches/recette").json()["etapes"][0]["date"] is None

    # Staff find it among those to come.
    assert TO_COME in text(staff.get(reverse("etapes_admin:index") + "?quand=a-venir"))

    # With its date, it is an étape as any other.
    with django_capture_on_commit_callbacks(execute=True):
        form = {**filled_form(staff.get(edit)), "date": f"{in_days(10):%d/%m/%Y}", "debut": "14:00"}
        staff.post(edit, {**form, "action-publish": "1"})
    page = visitor.get(f"/etapes/{SLUG}/")
    assert TO_COME not in text(page)
    assert structured(page).count("Event") == 1
    assert "Réserver ma place" in text(page)
    assert events(visitor.get(f"/etapes/{SLUG}/etape.ics")) == ["La route passe à Dole"]
    assert events(visitor.get("/etapes/calendrier.ics")) == ["Étape passée", "La route passe à Dole", "Étape à venir"]
    assert visitor.get(f"/api/v1/etapes/{SLUG}").json()["date"] == in_days(10).isoformat()
    assert TO_COME.lower() not in text(visitor.get("/")).lower()


@pytest.fixture
def undated(tree):
    return EtapePageFactory(parent=tree.etapes, slug="dole", title="Étape à Dole", date=None, moment="")


def titles(etapes):
    return [etape.title for etape in etapes]


def test_to_come_and_past_are_complements_and_those_without_a_date_are_to_come(tree, undated):
    for day in (-400, -1, 0, 1):
        EtapePageFactory(parent=tree.etapes, title=f"{day}", slug=f"jour{day}", date=in_days(day), moment="journee")
    etapes = EtapePage.objects.on_the_road()
    assert titles(etapes.upcoming()) == ["0", "1", "Étape à Dole"]
    assert titles(etapes.past()) == ["-400", "-1"]
    assert titles(etapes.dated()) == ["-400", "-1", "0", "1"]
    assert (undated.passee, undated.a_lieu, undated.sur_la_route, str(undated.etat)) == (False, False, True, "prevue")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Date à préciser"),
        ({"debut": datetime.time(14), "fin": datetime.time(17)}, "Date à préciser, 14 h – 17 h"),
        ({"moment": "soiree"}, "Date à préciser, soirée"),
        ({"statut": "annulee"}, "Sans date"),
    ],
)
def test_what_is_known_is_said_and_nothing_is_invented(tree, undated, client, fields, words):
    for name, value in fields.items():
        setattr(undated, name, value)
    undated.save_revision().publish()
    carnet = CarnetPageFactory(
        parent=tree.carnets, slug="carnet", corps=[("etapes", {"titre": "Le tour", "etapes": [undated]})]
    )
    for address in ("/etapes/", "/etapes/dole/", "/carnets/carnet/"):
        assert words in read(client.get(address)), address
    begins = words.split(" –")[0]
    for address in ("/integration/etapes/", "/etapes/flux.atom"):
        assert begins in text(client.get(address)), address
    _html, letter = compose(CarnetPage.objects.get(pk=carnet.pk))
    assert words in letter.replace("\u00a0", " ")


@pytest.mark.parametrize("year", ["9999", "0001", "0206"])
def test_a_year_that_nobody_means_is_refused_beside_its_field(staff, undated, year):
    edit = reverse("wagtailadmin_pages:edit", args=[undated.pk])
    form = filled_form(staff.get(edit))
    typed = {"date": f"{year}-12-31", "debut": "14:00", "go_live_at": f"31/12/{year} 10:00"}
    errors = staff.post(edit, {**form, **typed}).context["form"].errors
    assert set(errors) == {"date", "go_live_at"}
    assert errors["date"][0].startswith(f"Vérifiez l’année {int(year)}\N{NO-BREAK SPACE}:")
