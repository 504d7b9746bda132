"""The directory of companies fills in the form from a SIRET; if it fails, the form can still be filled in by hand."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from fiches.candidatures import answers as answers_module
from fiches.candidatures.models import Dossier
from fiches.forms import company_directory
from fiches.forms.company_directory import Etablissement, find_establishment, legal_form
from tests.candidatures.conftest import SIRET, text

COMPANY = {
    "nom_complet": "FRUITIERE DES TILLEULS (LES TILLEULS)",
    "nom_raison_sociale": "FRUITIERE DES TILLEULS",
    "nature_juridique": "5710",
    "siege": {"siret": "73282932000082", "adresse": "1 RUE AILLEURS 75001 PARIS", "code_postal": "75001"},
    "complements": {"est_ess": True},
    "matching_etablissements": [
        {
            "siret": SIRET,
            "activite_principale": "10.51C",
            "adresse": "3 RUE DE L'EGLISE 25330 FLAGEY",
            "code_postal": "25330",
            "commune": "25241",
            "latitude": "47.0405",
            "longitude": "6.0405",
        }
    ],
}


class Directory:
    """A local server in place of the national directory: answers ``body`` after ``delay`` seconds; ``asked`` has the queries."""

    def __init__(self):
        self.asked, self.status, self.delay = [], 200, 0
        self.body = json.dumps({"results": [COMPANY], "total_results": 1}).encode()
        directory = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                directory.asked.append(parse_qs(urlsplit(self.path).query))
                time.sleep(directory.delay)
                self.send_response(directory.status)
                self.end_headers()
                self.wfile.write(directory.body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def directory(settings):
    directory = Directory()
    settings.RALLYNOV_SIRET_URL = f"http://127.0.0.1:{directory.server.server_port}/search"
    yield directory
    directory.server.shutdown()
    directory.server.server_close()


def fill_in(visitor, link, **changes):
    return visitor.fill(link, "organisation", {"siret": SIRET, "annuaire": "1", **changes})


def test_a_siret_fills_in_what_is_empty_and_says_what(visitor, link, directory):
    page = fill_in(visitor, link, adresse="Place du Marché")
    assert page.status_code == 200
    assert directory.asked == [{"q": [SIRET], "page": ["1"], "per_page": ["1"]}]
    message = "L’annuaire a trouvé : FRUITIERE DES TILLEULS. Réponses ajoutées, à vérifier : "
    assert message + "Nom de l’organisation, Statut juridique, Code NAF, Type d’économie, Commune." in text(page)
    answers = Dossier.objects.get().reponses
    assert {champ: answers[champ] for champ in ("organisation", "statut", "naf", "sphere", "adresse")} == {
        "organisation": "FRUITIERE DES TILLEULS",
        "statut": "sas",
        "naf": "10.51C",
        "sphere": "ess",
        "adresse": "Place du Marché",
    }
    assert answers["commune"].startswith("Flagey (25330")
    assert page.context["form"].errors == {}
    assert 'value="FRUITIERE DES TILLEULS"' in text(page)
    # Asked again, nothing changes: no answer is empty.
    again = fill_in(visitor, link, **{champ: value for champ, value in answers.items() if champ != "siret" and value})
    assert "Vos réponses étaient déjà complètes." in text(again)
    assert Dossier.objects.get().reponses == answers


def test_without_the_operators_wish_nobody_is_asked_and_no_button_offers_it(visitor, link, directory, settings):
    settings.RALLYNOV_SIRET_URL = ""
    assert 'name="annuaire"' not in text(visitor.get(f"{link}organisation/"))
    page = fill_in(visitor, link)
    assert "L’annuaire des entreprises n’est pas disponible sur ce site. Écrivez vous-même les réponses." in text(page)
    assert directory.asked == []
    assert Dossier.objects.get().reponses["siret"] == SIRET


def test_a_wrong_key_is_told_beside_the_field_and_nobody_is_asked(visitor, link, directory):
    page = fill_in(visitor, link, siret="73282932000075")
    assert list(page.context["form"].errors) == ["siret"]
    assert directory.asked == []


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (404, b"{}", "ne répond pas"),
        (500, b"", "ne répond pas"),
        (200, b"<html>", "ne répond pas"),
        (200, b"[1, 2]", "ne répond pas"),
        (200, b'{"results": "x"}', "ne répond pas"),
        (200, b'{"results": []}', "ne connaît pas ce numéro SIRET"),
        (200, b'{"results": [null, {"siege": 3, "matching_etablissements": {}}]}', "ne connaît pas ce numéro SIRET"),
        (200, b'{"results": [{"siege": {"siret": "99999999999999"}}]}', "ne connaît pas ce numéro SIRET"),
        (200, b"\xff\xfe\x00", "ne répond pas"),
    ],
)
def test_whatever_the_directory_answers_what_was_typed_is_kept(visitor, link, directory, status, body, told):
    directory.status, directory.body = status, body
    page = fill_in(visitor, link, organisation="Fruitière")
    assert page.status_code == 200
    assert told in text(page)
    answers = Dossier.objects.get().reponses
    assert (answers["organisation"], answers["siret"]) == ("Fruitière", SIRET)


def test_a_directory_that_hangs_is_waited_for_a_moment_only(visitor, link, directory, monkeypatch):
    monkeypatch.setattr(company_directory, "TIMEOUT", 0.2)
    directory.delay = 30
    started = time.monotonic()
    page = fill_in(visitor, link)
    assert time.monotonic() - started < 15  # with a margin for a busy machine
    assert "ne répond pas" in text(page)


def test_hostile_answers_are_text_cut_to_their_fields(directory, settings):
    place = {
        "siret": SIRET,
        "activite_principale": "<b>",
        "adresse": "x" * 900,
        "code_postal": 25330,
        "commune": ["25241"],
    }
    company = {"nom_complet": "[NON-DIFFUSIBLE]", "nature_juridique": None, "complements": [], "siege": place}
    directory.body = json.dumps({"results": [company]}).encode()
    assert find_establishment(SIRET) == Etablissement("", "", "", "", "x" * 255, "")


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("1000", "ei"),
        ("5458", "scop"),
        ("5453", "cooperative"),
        ("5498", "eurl"),
        ("5499", "sarl"),
        ("5599", "sa"),
        ("5720", "sasu"),
        ("6220", "groupement"),
        ("7210", "public"),
        ("9220", "association"),
        ("9300", "fondation"),
        ("6540", ""),
        ("", ""),
    ],
)
def test_the_insees_legal_categories_are_read_as_ours(code, form):
    assert legal_form(code) == form


def test_a_source_that_asks_too_often_fills_in_by_hand(visitor, link, directory, monkeypatch):
    monkeypatch.setattr(answers_module, "LOOKUPS_PER_HOUR", 1)
    fill_in(visitor, link)
    assert "Écrivez vous-même les réponses, ou revenez dans une heure" in text(fill_in(visitor, link))
    assert len(directory.asked) == 1
