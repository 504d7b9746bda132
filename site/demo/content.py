"""Reads the demonstration's content from the YAML files in ``contenu/``."""

import uuid
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "contenu"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "demo.rallynov.example")
EXAMPLE_FILES = ("fiches-doubs", "fiches-jura", "fiches-haute-saone", "fiches-belfort")
MODERATION_FILE = "fiches-en-moderation"

# Slugs of the text pages.
EDITORIAL = ("programme", "mentions-legales", "confidentialite", "accessibilite")
# Slugs of the pages that list something.
FEATURES = ("fiches", "etapes", "palmares", "carnets", "grille", "partenaires", "bibliographie")


@cache
def read(name):
    """Returns the contents of ``contenu/<name>.yaml``. Cached."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def identity(key):
    """The ``translation_key`` of the demonstration's page ``key``.

    Staff can't edit this field, so a page is found again whatever they changed.
    """
    return uuid.uuid5(NAMESPACE, key)


def example_fiches():
    return [fiche for name in EXAMPLE_FILES for fiche in read(name)]


def fiches_in_moderation():
    return read(MODERATION_FILE)


def example_etapes():
    return read("etapes-exemples")
