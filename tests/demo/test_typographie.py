"""What is written plainly is set as France prints it."""

import re

import pytest

from demo.typography import rich, typeset


@pytest.mark.parametrize(
    ("typed", "set_as"),
    [
        ("L'idée : d'abord", "L’idée\u00a0: d’abord"),
        ("« oui » !", "«\u00a0oui\u00a0»\u00a0!"),
        ("1 200 jours, 34 %", "1\u00a0200 jours, 34\u00a0%"),
        ('<a href="/etapes/">n° 1</a>', '<a href="/etapes/">n°\u00a01</a>'),
        ("https://x.example/a?b", "https://x.example/a?b"),
        ("De 8h à 18h30, l'été", "De 8\u00a0h à 18\u00a0h\u00a030, l’été"),
        ("l'adresse o'neil@x.test ou http://x.test/l'ete", "l’adresse o'neil@x.test ou http://x.test/l'ete"),
    ],
)
def test_texts_are_set_as_france_prints_them(typed, set_as):
    assert typeset(typed) == set_as


def test_rich_text_is_what_the_editor_would_store():
    html = rich("## Titre\n\nUn mot <b>fort</b>\nsur deux lignes.\n\n- un ;\n  suite\n- deux.")
    assert re.sub(r' data-block-key="\w+"', "", html) == (
        "<h2>Titre</h2><p>Un mot <b>fort</b> sur deux lignes.</p><ul><li>un\u00a0; suite</li><li>deux.</li></ul>"
    )
