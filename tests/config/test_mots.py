"""What the site says in Wagtail's place."""

from pathlib import Path

import pytest
import wagtail.admin
from babel.messages.pofile import read_po
from django.utils.translation import gettext

from config.mots import WORDS

SAID = ["Ajouter\u00a0: %(label)s", "Ajouter\u00a0: %(model_name)s", "État de la page\u00a0:"]


@pytest.mark.parametrize(("word", "said"), zip(WORDS, SAID, strict=True))
def test_the_admin_says_it_our_way(word, said):
    assert gettext(word) == said


def test_each_is_still_a_word_of_wagtail_s():
    with (Path(wagtail.admin.__file__).parent / "locale/fr/LC_MESSAGES/django.po").open("rb") as file:
        assert set(WORDS) <= {message.id for message in read_po(file)}
