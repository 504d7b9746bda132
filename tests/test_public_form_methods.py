"""A public form answers 405 to any other method, and says which ones it has, with a CSRF token or without."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from etapes.carnets.models import CarnetIndexPage
from etapes.models import EtapePage
from tests.test_copied_links import private as private

pytestmark = pytest.mark.django_db
STEPS = ("organisation", "images", "envoyer", "retirer", "consentements", "autre", "relecture")


@pytest.fixture
def forms(tree, private):
    """The address of each form that the public is sent."""
    notebooks = CarnetIndexPage.objects.get()
    dossier, proof, registration, *others = private
    etape = EtapePage.objects.get()
    return [
        *("/candidature/", "/signaler/", "/inscription/", "/recherche/"),
        *(f"{dossier}{step}/" for step in STEPS),
        *(f"{tree.fiches.url}suivre/", f"{notebooks.url}abonnement/", f"{etape.url}inscription/"),
        *(dossier, proof, registration, f"{registration}annuler/", *others),
    ]


@pytest.mark.parametrize("checks", [True, False], ids=["without a token", "with one"])
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_public_form_says_which_methods_it_answers(forms, method, checks):
    visitor = Client(enforce_csrf_checks=checks)
    answers = {address: getattr(visitor, method)(address) for address in forms}
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code != 405} == {}
    assert {
        address for address, answer in answers.items() if not {"GET", "POST"} & set(answer["Allow"].split(", "))
    } == set()


PAGES = (
    "/",
    "/fiches/",
    "/recherche/",
    "/candidature/",
    "/robots.txt",
    "/sitemap.xml",
    "/fiches/flux.atom",
)


@pytest.mark.parametrize("checks", [True, False], ids=["without a token", "with one"])
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_public_page_says_in_french_why_it_refuses_a_method(tree, method, checks):
    visitor = Client(enforce_csrf_checks=checks)
    answers = {address: getattr(visitor, method)(address) for address in PAGES}
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code != 405} == {}
    for answer in answers.values():
        page = BeautifulSoup(answer.content, "html.parser")
        assert page.h1.get_text() == "Cette adresse se lit, elle ne se modifie pas"
        assert f"Votre demande ({method.upper()}) n’est pas possible ici" in page.main.get_text()
        assert {"GET", "HEAD"} <= set(answer["Allow"].split(", "))


def test_an_unknown_address_of_the_api_refuses_a_method_with_a_problem(tree):
    for address in ("/api/v1/fiches", "/api/v1/rien"):
        answer = Client(enforce_csrf_checks=True).put(address, headers={"accept-language": "fr"})
        assert (address, answer["Content-Type"]) == (address, "application/problem+json")
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["detail"]
