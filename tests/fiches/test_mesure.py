import json

import pytest

from fiches.models import FichePage
from fiches.templatetags.rallynov import signes

pytestmark = pytest.mark.django_db


def fiche_with(*blocks):
    return FichePage(corps=json.dumps([{"type": name, "value": value} for name, value in blocks]))


def test_characters_are_counted_without_tags_identifiers_or_numbers():
    items = [{"type": "item", "value": {"valeur": "12", "libelle": "mots"}, "id": "a1b2c3d4-0000"}]
    fiche = fiche_with(
        ("texte", '<p data-block-key="abcde">Bonjour <b>vous</b></p>'),
        ("chiffres_cles", {"chiffres": items}),
        ("image", {"image": {"image": 3, "decorative": True, "alt_text": ""}, "legende": "Ici"}),
    )
    assert signes(fiche.corps) == len("Bonjour vous") + len("12mots") + len("Ici")


def test_an_empty_body_has_no_characters():
    assert signes(FichePage().corps) == 0
