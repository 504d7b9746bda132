"""The demonstration's content, as the YAML files of ``contenu/`` hold it."""

import uuid
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "contenu"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "demo.rallynov.example")
EXAMPLE_FILES = ("fiches-doubs", "fiches-jura", "fiches-haute-saone", "fiches-belfort")
MODERATION_FILE = "fiches-en-moderation"

# The plain pages, each at the address of its name.
EDITORIAL = ("programme", "mentions-legales", "confidentialite", "accessibilite", "eco-conception")
# The pages that list something.
FEATURES = ("fiches", "etapes", "palmares", "carnets", "grille", "partenaires", "bibliographie")


@cache
def read(name):
    """What the file ``name`` of ``contenu/`` holds."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def identity(key):
    """The ``translation_key`` of the page that the demonstration makes for ``key``.

    Nobody edits that field, so a page is known again whatever staff did to its title or its address.
    """
    return uuid.uuid5(NAMESPACE, key)


def example_fiches():
    return [fiche for name in EXAMPLE_FILES for fiche in read(name)]


def fiches_in_moderation():
    return read(MODERATION_FILE)


def example_etapes():
    return read("etapes-exemples")


def carnet_keys():
    """The keys of the pages that aren't examples."""
    etapes = (f"etape-{etape['numero']}" for etape in read("carnet-1")["etapes"])
    return ["accueil", *EDITORIAL, *FEATURES, *etapes, "agrodoubs", "carnet-1"]


def example_keys():
    fiches = (f"fiche-{fiche['cle']}" for fiche in [*example_fiches(), *fiches_in_moderation()])
    return [*fiches, *(f"etape-{etape['cle']}" for etape in example_etapes()), "carnet-exemple"]
