"""Compares the accessibility tree of a page, line by line, with the file in ``screen_reader_output/``.

``RELEVER=1`` overwrites these files: read them aloud before a commit.
"""

import json
import os
import re
from pathlib import Path

import pytest
import yaml

from tests.browser.pages import FICHE, FICHES, HOME, MISSING

pytestmark = pytest.mark.usefixtures("untouched")

KEPT = Path(__file__).parent / "screen_reader_output"
READ = {
    "accueil": HOME,
    "fiches": FICHES,
    "fiche": FICHE,
    "recherche": "/recherche/?q=cuisine",
    "grille": "/grille/",
    "partenaires": "/partenaires/",
    "bibliographie": "/bibliographie/",
    "candidature": "/candidature/",
    "signaler": "/signaler/",
    "confidentialite": "/confidentialite/",
    "introuvable": MISSING,
}
ROLES = {
    "banner": "en-tête",
    "button": "bouton",
    "checkbox": "case à cocher",
    "combobox": "liste de choix",
    "complementary": "complément",
    "contentinfo": "bas de la page",
    "definition": "définition",
    "form": "formulaire",
    "figure": "figure",
    "group": "groupe",
    "heading": "titre",
    "img": "image",
    "link": "lien",
    "list": "liste",
    "main": "contenu principal",
    "navigation": "navigation",
    "option": "choix",
    "radio": "bouton radio",
    "region": "région",
    "search": "recherche",
    "spinbutton": "champ numérique",
    "status": "état",
    "table": "tableau",
    "term": "terme",
    "textbox": "champ",
    "searchbox": "champ de recherche",
}
SILENT = {
    "article",
    "cell",
    "columnheader",
    "listitem",
    "mark",
    "paragraph",
    "row",
    "rowgroup",
    "rowheader",
    "strong",
    "text",
    "time",
}
SAID = re.compile(r'^(?P<role>[a-z]+)(?: (?P<name>"(?:[^"\\]|\\.)*"))?(?P<more>(?: \[[^]]+\])*)$')
MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
DATE = re.compile(
    rf"\b(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?\d{{1,2}}(?:er)? (?:{MONTHS})(?: \d{{4}})?\b"
)
"""The demo's étapes to come move with the day."""


@pytest.mark.parametrize("name", READ)
def test_a_screen_reader_says_what_was_agreed(visit, name):
    page = visit(javascript=False)
    page.goto(READ[name])
    said = DATE.sub("‹date›", "\n".join(lines(yaml.safe_load(page.locator("body").aria_snapshot())))) + "\n"
    visit.faults[:] = [fault for fault in visit.faults if "404" not in fault]
    file = KEPT / f"{name}.txt"
    if os.environ.get("RELEVER"):
        KEPT.mkdir(exist_ok=True)
        file.write_text(said, encoding="utf-8")
    assert said == file.read_text(encoding="utf-8")


def lines(nodes):
    """The tree, as lines to be heard; what a node holds comes after it, unless it is its own text."""
    for node in nodes or []:
        head, inner = next(iter(node.items())) if isinstance(node, dict) else (node, None)
        if head.startswith("/"):
            continue
        match = SAID.match(head)
        role, name, more = match["role"], json.loads(match["name"] or '""'), match["more"]
        text = name or (inner if isinstance(inner, str) else "")
        if role not in SILENT:
            yield " ".join(filter(None, [announced(role, more, inner), text]))
        elif text:
            yield text
        if isinstance(inner, list):
            yield from lines(inner)


def announced(role, more, inner):
    """The role, as a French screen reader says it; a role that isn't known here fails the test."""
    level = re.search(r"level=(\d)", more)
    states = [
        word for mark, word in (("checked", "cochée"), ("disabled", "grisé"), ("expanded", "ouvert")) if mark in more
    ]
    if role == "list":
        return f"liste de {len(inner or [])}"
    return " ".join([ROLES[role], *([f"niveau {level[1]}"] if level else []), *states])
