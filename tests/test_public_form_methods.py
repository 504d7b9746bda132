"""A public form answers 405 to any other method, and says which ones it has, with a CSRF token or without."""

from itertools import product

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from etapes.carnets.models import CarnetIndexPage
from etapes.models import EtapePage
from tests.screens import private as private

pytestmark = pytest.mark.django_db
STEPS = ("organisation", "images", "envoyer", "retirer", "consentements", "autre", "relecture")


@pytest.fixture
def forms(tree, private):
    """The address of each form that the public is sent."""
    notebooks = CarnetIndexPage.objects.get()
    dossier, proof, registration, *others = private
    etape = EtapePage.objects.get()
    return [
        *("/candidature/", "/signaler/", "/recherche/"),
        *(f"{dossier}{step}/" for step in STEPS),
        *(f"{tree.fiches.url}suivre/", f"{notebooks.url}abonnement/", f"{etape.url}inscription/"),
        *(dossier, proof, registration, f"{registration}annuler/", *others),
    ]


def asked_to_change(addresses):
    """``(method, address, answer)`` of each method that a form has not, with a CSRF token and without."""
    for checks, method, address in product((True, False), ("put", "patch", "delete"), addresses):
        yield method, address, getattr(Client(enforce_csrf_checks=checks), method)(address)


def test_a_public_form_says_which_methods_it_answers(forms):
    for method, address, answer in asked_to_change(forms):
        assert answer.status_code == 405, (method, address)
        assert {"GET", "POST"} & set(answer["Allow"].split(", ")), (method, address)


PAGES = (
    "/",
    "/fiches/",
    "/recherche/",
    "/candidature/",
    "/robots.txt",
    "/sitemap.xml",
    "/fiches/flux.atom",
)


def test_a_public_page_says_in_french_why_it_refuses_a_method(tree):
    for method, address, answer in asked_to_change(PAGES):
        page = BeautifulSoup(answer.content, "html.parser")
        assert (answer.status_code, address) == (405, address)
        assert page.h1.get_text() == "Cette adresse se lit, elle ne se modifie pas"
        assert f"Votre demande ({method.upper()}) n’est pas possible ici" in page.main.get_text()
        assert {"GET", "HEAD"} <= set(answer["Allow"].split(", "))


def test_an_unknown_address_of_the_api_refuses_a_method_with_a_problem(tree):
    for address in ("/api/v1/fiches", "/api/v1/rien"):
        answer = Client(enforce_csrf_checks=True).put(address, headers={"accept-language": "fr"})
        assert (address, answer["Content-Type"]) == (address, "application/problem+json")
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["detail"]
