"""French that everyone reads: sentences that readers had to decode stay away."""

import re
from pathlib import Path

import pytest
from django.utils.translation import gettext, ngettext, override

from tools import translations

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("etapes", "fiches", "home", "search", "site", "templates")
WHOLE = {
    "Mots",
    "Champ requis.",
    "Sur votre site",
    "Hors parcours",
    "Sens des colonnes",
    "Dans le cadre de",
    "sphère",
}
"""Messages that are to be said otherwise when they stand alone."""
DECODED = (
    "Comme nom@exemple.fr",
    "retrouve les mêmes dossiers",
    "Commencer, ou reprendre",
    "Si cette adresse peut proposer une innovation",
    "ou vous revient avec",
    "Il est gardé, et personne ne le lit",
    "Avec les mots de quelqu’un",
    "Ne montrer de position sur aucune carte",
    "distinguer les homonymes",
    "sa clé est fausse",
    "Assurez-vous que cette valeur",
    "Il y a quelque chose à revoir",
    "Des réponses sont à revoir",
    "Rien n’est encore demandé",
    "L’alerte n’est pas encore demandée",
    "C’était très rapide",
    "que vous reprenez",
    "rapprochée de rien",
    "première place rendue",
    "une place est rendue",
    "chemin parcouru",
    "Qui conduit le rallye",
    "Emporter cette liste",
    "Emporter ces références",
    "les fichiers se refont",
    "prend les caractères de votre page",
    "marche partout",
    "; rien : la nôtre",
    "La recherche connaît chaque fiche",
    "Revenir au départ",
    "n’a pas pu être lue ; le reste s’applique",
    "Pour en lire plus, s’abonner",
    "Le jury lit et note",
    "Le jury est au travail",
    "le confirme, ou l’arrête",
    "quelqu’un qui a tapé votre adresse",
    "quelqu’un a tapé votre adresse",
    "quelqu’un qui a saisi votre adresse",
    "le rallye va partir",
    "La route se dessine",
    "depuis un an, des décisions",
    "Site de démonstration du programme",
    "Nous sommes ici",
    "effacement par une commande",
    "haché",
    "argon2",
    "Caractérisation",
)
"""Parts of the sentences that readers had to decode."""


def plain(text):
    return re.sub(r"[\s\u00a0\u202f]+", " ", text.replace("'", "’"))


def sentences():
    """``(file, sentence)`` of all that the French site says: catalogues, templates, demonstration, register."""
    for path in translations.catalogues("fr"):
        for message in translations.read(path):
            yield from ((path, plain(form)) for form in (message.msgstr, *message.msgstr_plural.values()))
    kinds = ("templates/**/*.html", "templates/**/*.txt", "demo/contenu/*.yaml", "data/traitements.csv")
    for path in sorted(each for room in ROOMS for kind in kinds for each in (ROOT / room).glob(f"**/{kind}")):
        yield path, plain(path.read_text(encoding="utf-8"))


def test_no_sentence_that_readers_had_to_decode_is_left():
    decoded = re.compile("|".join(map(re.escape, DECODED)))
    found = [
        f"{path.relative_to(ROOT)}: {decoded.findall(said) or said}"
        for path, said in sentences()
        if decoded.search(said) or said in WHOLE
    ]
    assert found == []


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("This field is required.", "Ce champ est obligatoire : remplissez-le."),
        ("Ensure this value is greater than or equal to %(limit_value)s.", "Ce nombre est trop petit : le minimum est %(limit_value)s."),
        ("Enter a valid URL.", "Cette adresse web est incorrecte. Exemple : https://www.exemple.fr"),
    ],
)  # fmt: skip
def test_what_a_form_refuses_says_what_to_do(message, said):
    with override("fr"):
        assert plain(gettext(message)) == said


def test_a_text_that_is_too_long_says_how_long_it_may_be():
    text = "Ensure this value has at most %(limit_value)d character{} (it has %(show_value)d)."
    with override("fr"):
        said = ngettext(text.format(""), text.format("s"), 600) % {"limit_value": 600, "show_value": 612}
    assert plain(said) == "Ce texte est trop long : 612 caractères. Le maximum est 600 caractères."
