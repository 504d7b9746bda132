"""Every public form that collects a name or an address says beside itself who keeps it, why, for how long, and what to do."""

import datetime

import pytest
from bs4 import BeautifulSoup

from etapes.models import EtapePage
from fiches.candidatures.models import Confidentialite
from tests.addresses import accounts_and_records as accounts_and_records
from tests.addresses import lines
from tests.addresses import module_accounts_and_records as module_accounts_and_records
from tests.factories import ContentPageFactory, CritereFactory

pytestmark = pytest.mark.django_db

FACTS = [
    "Responsable du traitement",
    "Finalité",
    "Base légale",
    "Réponses obligatoires",
    "Personnes qui lisent les données",
    "Durée de conservation",
    "Vos droits",
    "Réclamation",
]
COLLECTED = "input[autocomplete=email], input[autocomplete=name], input[name=courriel], input[name=nom]"


@pytest.fixture(autouse=True)
def _every_form_is_open(accounts_and_records, tree):
    etape = EtapePage.objects.get(slug="dole")
    etape.date = datetime.date.today() + datetime.timedelta(days=30)
    etape.save()
    ContentPageFactory(parent=tree.home, slug="confidentialite")
    CritereFactory()


def pages(client, accounts_and_records):
    """``(address, page)`` of each public page that holds a form for a person's name or address."""
    _people, names = accounts_and_records
    for address, _below, expected in lines():
        is_page = address.partition("?")[0].endswith("/") and not address.startswith("/admin")
        if is_page and expected["anonyme"] == 200:
            response = client.get(address.format(**names))
            if response["Content-Type"].startswith("text/html") and b"<form" in response.content:
                page = BeautifulSoup(response.content, "html.parser")
                if page.select(f"main form[method=post] :is({COLLECTED})"):
                    yield address, page


def facts(page):
    """``{fact: what is said}`` of the page's privacy notice."""
    return {
        row.dt.get_text(strip=True): " ".join(row.dd.get_text().split())
        for row in page.select("section.privacy dl > div")
    }


def test_every_public_form_states_controller_purpose_duration_rights_and_complaint(client, accounts_and_records, tree):
    """Each has its own purpose and duration."""
    Confidentialite.objects.update_or_create(
        site=tree.site,
        defaults={"responsable": "Réseau du Jura", "adresse": "1 rue des Sapins", "delegue": "dpo@reseau.test"},
    )
    notices = {}
    for address, page in pages(client, accounts_and_records):
        said = facts(page)
        assert list(said) == FACTS, address
        assert said["Responsable du traitement"] == "Réseau du Jura, 1 rue des Sapins", address
        assert said["Vos droits"].startswith("lire vos données, les corriger, les faire supprimer"), address
        assert "dpo@reseau.test" in said["Vos droits"], address
        assert "CNIL" in said["Réclamation"], address
        assert said["Finalité"] and said["Durée de conservation"], address
        notices[address] = said
    assert {"/candidature/", "/signaler/"} <= set(notices)
    assert notices["/fiches/suivre/"]["Finalité"] == "vous envoyer cette alerte"
    assert notices["/fiches/suivre/"]["Durée de conservation"].endswith("Sans confirmation : 7 jours")
    assert notices["/carnets/abonnement/"]["Finalité"] == "vous envoyer les carnets de route"
    assert notices["/etapes/dole/inscription/"]["Durée de conservation"].startswith("30 jours après l’étape")


def test_a_form_names_the_publisher_until_the_site_names_its_controller(client):
    page = BeautifulSoup(client.get("/etapes/dole/inscription/").content, "html.parser")
    assert facts(page)["Responsable du traitement"].startswith("l’éditeur de ce site")


def test_the_cookie_of_a_form_goes_with_the_browser(client, tree):
    cookie = client.get("/signaler/").cookies["csrftoken"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
