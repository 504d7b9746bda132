"""What the site says in Wagtail's place."""

import re
from pathlib import Path

import pytest
import wagtail
from babel.messages.pofile import read_po
from django.utils.translation import gettext

from config.mots import WORDS

SAID = {
    "Add %(model_name)s": "Ajouter\u00a0: %(model_name)s",
    "Current page status:": "État de la page\u00a0:",
    "%(objects)s snippets selected": "%(objects)s éléments sélectionnés",
}


@pytest.mark.parametrize(("word", "said"), SAID.items())
def test_the_admin_says_it_our_way(word, said):
    assert gettext(word) == said


@pytest.mark.parametrize("word", WORDS)
def test_none_says_what_wagtail_says(word):
    assert not re.search(r"un\(e\)|fragment|Status", gettext(word))
    assert gettext(word) != word


def test_each_is_still_a_word_of_wagtail_s():
    known = set()
    for room in ("admin", "snippets"):
        with (Path(wagtail.__file__).parent / room / "locale/fr/LC_MESSAGES/django.po").open("rb") as file:
            known |= {message.id for message in read_po(file)}
    assert set(WORDS) <= known
