"""The WordPress plugin of docs/clients, run by PHP without WordPress."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from fiches.diffusion.embeds import embeds

HERE = Path(__file__).parent
PLUGIN = HERE.parents[1] / "docs" / "clients" / "rallynov.php"
SITE = "https://rallynov.example/"


def run(site=SITE, editor="", **attributes):
    """What the plugin registers and, under ``html``, what the shortcode with these attributes gives."""
    command = ["php", "-d", "error_reporting=E_ALL", "-d", "display_errors=stderr", HERE / "rallynov_essai.php"]
    done = subprocess.run(
        [*command, site, json.dumps(attributes)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "EDITOR": editor},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def frame(**attributes):
    return BeautifulSoup(run(**attributes)["html"], "html.parser").iframe


def test_it_gives_a_block_a_shortcode_and_the_addresses_that_are_pasted():
    output = run(type="liste")
    names = ["type", "nom", "filtres", "theme", "accent", "hauteur"]
    assert (output["shortcode"], output["block"]) == ("rallynov", ["rallynov/integration", names])
    patterns = ["https://rallynov.example/", "https://rallynov.example/*"]
    assert output["providers"] == [[pattern, "https://rallynov.example/oembed"] for pattern in patterns]
    assert {*output["scripts"]} == {"rallynov"}


def test_the_block_is_placed_by_the_theme_as_wide_as_its_text_or_wider():
    output = run(type="liste")
    block = BeautifulSoup(output["rendered"], "html.parser").div
    assert (block["class"], block.iframe["width"]) == (["wp-block-rallynov-integration", "alignwide"], "100%")
    assert output["supports"] == {"align": ["wide", "full"]}


@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        ({}, "/integration/liste/"),
        ({"type": "fiche", "nom": "la-recette"}, "/integration/fiche/la-recette/"),
        ({"filtres": "departement=25&amp;departement=39"}, "/integration/liste/?departement=25&departement=39"),
        ({"type": "carte", "theme": "sombre", "accent": "#1d3f8a"}, "/integration/carte/?theme=sombre&accent=1d3f8a"),
    ],
)
def test_a_shortcode_is_the_frame_of_what_it_asks(attributes, address):
    shown = frame(**attributes)
    assert shown["src"] == f"https://rallynov.example{address}"
    assert shown["title"].startswith("Rally’nov : ") and int(shown["height"]) > 400


def test_it_knows_each_kind_of_frame_that_the_site_has():
    (listed,) = re.findall(r"const RALLYNOV_NATURES = \[(.*?)\];", PLUGIN.read_text("utf-8"), re.DOTALL)
    (single,) = re.findall(r"const RALLYNOV_UNE_PAGE = \[(.*?)\];", PLUGIN.read_text("utf-8"))
    assert set(re.findall(r"'(\w+)' =>", listed)) == {embed.nature for embed in embeds()}
    assert set(re.findall(r"'(\w+)'", single)) == {embed.nature for embed in embeds() if embed.une_page}


def test_what_a_contributor_writes_stays_in_its_attribute():
    attack = '"><script>alert(1)</script>'
    markup = run(type="fiche", nom=attack, filtres=attack, accent=attack, hauteur=attack)["html"]
    assert [tag.name for tag in BeautifulSoup(markup, "html.parser").find_all()] == ["iframe"]


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"site": ""}, "Donnez l’adresse"),
        ({"type": "roman"}, "type est un de : carte, liste"),
        *(({"type": each}, "nom dit laquelle") for each in ("fiche", "etape")),
    ],
)
def test_what_is_missing_is_told_to_editors_only(attributes, words):
    assert words in run(editor="1", **attributes)["html"]
    assert run(**attributes)["html"] == ""
