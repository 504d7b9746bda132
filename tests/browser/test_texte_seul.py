"""The site in a text browser: neither pictures, nor style sheets, nor scripts."""

import subprocess
from functools import cache

import pytest

from tests.browser.pages import FICHE, FICHES, HOME, ONE_OF_EACH


@cache
def read(address):
    command = ["w3m", "-dump", "-cols", "80", "-o", "display_charset=UTF-8", address]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("address", "texts"),
    [
        (HOME, ["Aller au contenu", "innovations sociales", "Mentions légales"]),
        (FICHES, ["Rechercher", "Territoire de Belfort", "Agrodoubs"]),
        (FICHE, ["La recette d’une organisation partagée", "03 81 86 58 58", "Agrodoubs"]),
        ("/etapes/", ["Étape", "Besançon"]),
        ("/recherche/?q=cuisine", ["cuisine"]),
        ("/candidature/", ["courriel", "Base légale"]),
    ],
)
def test_a_text_browser_reads_what_matters(server, address, texts):
    told = read(f"{server.address}{address}")
    for text in texts:
        assert text.casefold().replace("'", "’") in told.casefold().replace("'", "’"), told


def test_no_page_asks_a_text_browser_for_scripts(server):
    for address in ONE_OF_EACH:
        assert "javascript" not in read(f"{server.address}{address}").replace("• JavaScript", "").casefold() or (
            address in {"/accessibilite/", "/eco-conception/", "/integration/"}
        ), address
