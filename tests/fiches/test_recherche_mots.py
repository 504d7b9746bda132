"""Sixty questions and the fiches that they find: the same on SQLite and on PostgreSQL (the suite runs on both)."""

import pytest
from django.utils.http import urlencode

FIRST = [  # what stands first, whatever follows
    ("La recette d’une organisation partagée", "agrodoubs"),
    ("recette organisation partagee", "agrodoubs"),
    ("agrodoubs", "agrodoubs"),
    ("AGRODOUBS", "agrodoubs"),
    ("agrodoub", "agrodoubs"),
    ("épicerie", "epicerie"),
    ("epiceries", "epicerie"),
    ("l'épicerie", "epicerie"),
    ("L’ÉPICERIE", "epicerie"),
    ("épicerie solidaire", "epicerie"),
    ("innovation", "innovation"),
    ("innover", "innovation"),
    ("inovation", "innovation"),
    ("La Pive", "monnaie"),
    ("monnaies locales", "monnaie"),
    ("fablab", "numerique"),
    ("théâtre", "theatre"),
    ("theatre", "theatre"),
    ("crèche", "creche"),
    ("creche partagée", "creche"),
    ("agrodobus", "agrodoubs"),
    ("innovatoin", "innovation"),
    ("innvoation", "innovation"),
    ("épiecrie", "epicerie"),
    ("froêt", "foret"),
    ("ulnettes", "lunettes"),
    ("fruiière", "fruitiere"),
    ("consulttion", "telemedecine"),
    ("hologere", "horlogerie"),
    ("demloitoin", "dechets"),
]
EXACTLY = [  # all that is found, in order
    ("épicerie", ["epicerie", "cafe"]),
    ("cheval", ["foret"]),
    ("chevaux", ["foret"]),
    ("forêts", ["foret"]),
    ("foret", ["foret"]),
    ("œuvre", ["theatre"]),
    ("oeuvres", ["theatre"]),
    ("été", ["foret", "theatre"]),
    ("travail", ["handicap", "emploi"]),
    ("travaux", ["handicap", "emploi"]),
    ("école", ["jardin"]),
    ("l'ecole", ["jardin"]),
    ("micro-crédit", ["microcredit"]),
    ("micro crédit", ["microcredit"]),
    ("savoir-faire", ["horlogerie"]),
    ("Haut-Doubs horlogerie", ["horlogerie"]),
    ("Besançon", ["mobilite", "dechets", "monnaie", "innovation"]),
    ("besancon monnaie", ["monnaie"]),
    ("Territoire de Belfort théâtre", ["theatre"]),
    ("Champagnole", ["foret", "transport"]),
    ("législation", ["foret", "monnaie", "energie", "emploi"]),
    ("gouvernance", ["agrodoubs", "fruitiere", "innovation"]),
    ("Cress", ["monnaie", "fruitiere"]),
    ("SCIC", ["cafe", "energie"]),
    ("coopérative", ["creche", "fruitiere", "cafe"]),
    ("lunetterie", ["lunettes"]),
    ("lunetes", ["lunettes"]),
    ("téléphone", ["transport"]),
    ("telefone", ["transport"]),
    ("handicapé", ["handicap"]),
    ("andicap", ["handicap"]),
    ("Morez usine", ["lunettes"]),
    ("usine", ["eau", "creche", "lunettes"]),
    ("boucherie", ["agrodoubs"]),
    ("volailles", ["agrodoubs"]),
    ("RSE", ["innovation"]),
    ("responsabilité sociétale", ["innovation"]),
    ("agroalim", ["agrodoubs"]),
    ("fromagére", ["fruitiere"]),
    ("solidaire camion introuvablement", ["epicerie"]),
    ("zzzzzzzz", []),
    ("les de la", []),
]


@pytest.mark.parametrize(("words", "first"), FIRST)
def test_the_fiche_meant_stands_first(find, words, first):
    assert find(urlencode({"q": words}))[:1] == [first]


@pytest.mark.parametrize(("words", "expected"), EXACTLY)
def test_words_find_these_fiches_and_no_other(find, words, expected):
    assert find(urlencode({"q": words})) == expected


SLIPS = ["agrodoubs", "horlogerie", "lunettes", "forêt", "théâtre", "démolition", "consultation", "pêcheurs", "minibus"]


@pytest.mark.parametrize("word", SLIPS)
def test_any_one_slip_in_a_word_is_understood(find, word):
    expected = find(urlencode({"q": word}))
    swapped = [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]
    dropped = [word[:i] + word[i + 1 :] for i in range(len(word))]
    doubled = [word[:i] + word[i] + word[i:] for i in range(len(word))]
    changed = [f"{word[:i]}x{word[i + 1 :]}" for i in range(len(word))]
    for typed in (*swapped, *dropped, *doubled, *changed):
        assert (typed, find(urlencode({"q": typed}))) == (typed, expected)


def test_there_are_sixty_cases():
    assert len(FIRST) + len(EXACTLY) >= 60
