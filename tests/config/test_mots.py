"""What the site says in Wagtail's place."""

import re
from pathlib import Path

import django
import polib
import pytest
import wagtail
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from config.message_overrides import WORDS

SAID = {
    "Add %(model_name)s": "Ajouter\u00a0: %(model_name)s",
    "Current page status:": "État de la page\u00a0:",
    "%(label)s and Publish": "%(label)s et publier",
    "Cancel workflow ": "Arrêter la relecture",
    "%(objects)s snippets selected": "%(objects)s éléments sélectionnés",
}


@pytest.mark.parametrize(("word", "said"), SAID.items())
def test_the_admin_says_it_our_way(word, said):
    assert gettext(word) == said


@pytest.mark.parametrize(
    ("octets", "said"), [(1, "1 octet"), (2_048, "2,0 Ko"), (2_411_725, "2,3 Mo"), (5 * 2**30, "5,0 Go")]
)
def test_the_weight_of_a_file_is_told_as_in_france(octets, said):
    assert filesizeformat(octets) == said.replace(" ", "\u00a0")


def test_none_says_what_wagtail_says():
    said = {word: re.sub(r"%\(\w+\)s|{\w+}", "", gettext(word)) for word in WORDS}
    assert {word for word in said if re.search(r"un\(e\)|fragment|Status|io$|[wW]orkflow", said[word])} == set()
    assert {word for word in WORDS if gettext(word) == word} == set()


def test_each_is_still_a_word_of_theirs():
    catalogues = list(Path(wagtail.__file__).parent.rglob("locale/fr/LC_MESSAGES/django.po"))
    catalogues.append(Path(django.__file__).parent / "conf/locale/fr/LC_MESSAGES/django.po")
    known = {message.msgid for each in catalogues for message in polib.pofile(str(each))}
    assert set(WORDS) <= known
