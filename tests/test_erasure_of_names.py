"""What an erasure does to a text: one table of names and spellings. Nobody else's name is cut; what may be the person is listed for
the staff, as `test_erasure_leftovers` shows on the site."""

import unicodedata

import pytest

from fiches.upkeep.personal_data.person import Person

OTTILIE, ADDRESS = "Ottilie Zqpublicà", "ottilie.zqpublica@example.org"
# The others of the table are known by their name alone.
KNOWN = {
    OTTILIE: Person(ADDRESS, {OTTILIE}, {"06 12 98 76 54"}),
    ADDRESS: Person(ADDRESS),
    "Pierre Bois": Person("pierre.bois@exemple.fr", {"Pierre Bois"}),
}
ZERO_WIDTH, SOFT_HYPHEN = "\u200b", "\u00ad"
PUBLIC_SPELLINGS = {
    "Merci à <b>Ottilie</b> Zqpublicà.": "Merci à <b>–</b>.",
    'Merci à <a href="https://x.test/">Ottilie</a> Zqpublicà.': 'Merci à <a href="https://x.test/">–</a>.',
    "Merci à Ottilie Zq<b>pub</b>licà.": "Merci à –.",
    "Merci à Ottilie<br/>Zqpublicà.": "Merci à –<br/>.",
    "Écrire à ottilie.<b>zqpublica</b>@example.org.": "Écrire à –.",
    "Appeler le 06 12 <b>98 76</b> 54.": "Appeler le –.",
    "Appeler le (06) 12 98 76 54.": "Appeler le –.",
    "Appeler le (+33) 6 12 98 76 54.": "Appeler le –.",
    "Appeler Marie (06 12 98 76 54).": "Appeler Marie (–).",
    "Appeler le +33 (0)6.12.98.76.54.": "Appeler le –.",
    "Merci à Ottilie&nbsp;Zqpublic&agrave;.": "Merci à –.",
    "Voir ZQPUBLICÀ, Ottilie ; Dupont, Jean.": "Voir – ; Dupont, Jean.",
    unicodedata.normalize("NFD", "Merci à Ottilie Zqpublicà."): "Merci a\u0300 –.",
    "Merci à OTTILIE ZQPUBLICA.": "Merci à –.",
    f"Merci à Otti{SOFT_HYPHEN}lie Zqpub{ZERO_WIDTH}licà.": "Merci à –.",
    f"Écrire à ottilie.{ZERO_WIDTH}zqpublica@exam{SOFT_HYPHEN}ple.org.": "Écrire à –.",
    '<a href="mailto:ottilie.zqpublica@example.org">Écrire</a> vite.': "Écrire vite.",
    '<a href="mailto:ottilie.zqpublica%40example.org?subject=a">Écrire</a> vite.': "Écrire vite.",
    '<a href="tel:+33612987654">06 12 98 76 54</a> le soir.': "– le soir.",
    '<a href="https://x.test/?de=Ottilie%20Zqpublic%C3%A0"><b>Voir</b></a> là.': "<b>Voir</b> là.",
}
GOES = {
    OTTILIE: PUBLIC_SPELLINGS,
    "Anne d’Arc": {"Avec Anne d'Arc.": "Avec –."},
    "Anne d'Arc": {"Avec Anne d’Arc.": "Avec –."},
    "Marie Claire Œuvrard": {"Avec Marie-Claire Oeuvrard.": "Avec –."},
    "Anne Vaubourg": {
        "Avec Claire Anne Vaubourg hier.": "Avec – hier.",
        "Avec Anne Vaubourg.": "Avec –.",
        "Merci, Claire, Anne Vaubourg.": "Merci, Claire, –.",
        "Présidente Anne Vaubourg.": "Présidente –.",
        "Avec Claire et Anne Vaubourg.": "Avec Claire et –.",
        "Une rose Anne Vaubourg.": "Une rose –.",
    },
    "Claire Anne Vaubourg": {"Avec Claire Anne Vaubourg hier.": "Avec – hier."},
    "Claire Vaubourg": {"Avec VAUBOURG Claire Anne hier.": "Avec – hier."},
    "Émile Vaubourg": {"Avec Hélène Émile Vaubourg hier.": "Avec – hier."},
    "Ségolène d’Éprémont": {
        "Merci à Ségolène d’ Éprémont.": "Merci à –.",
        "Merci à Ségolène d' Épremont.": "Merci à –.",
        "Voir Éprémont, Ségolène d’ ; Dupont, Jean.": "Voir – ; Dupont, Jean.",
        "Voir ÉPRÉMONT Ségolène d’.": "Voir –.",
        "Voir d’Éprémont, Ségolène.": "Voir –.",
    },
    "Jean de La Tour": {"Voir La Tour, Jean de ; Dupont, Jean.": "Voir – ; Dupont, Jean."},
}
LISTED = {
    "Claire Vaubourg": [
        *("Photo : Claire Vaubourg-Leroy", "Photo : Claire Leroy-Vaubourg", "Photo : Anne-Claire Vaubourg"),
        *("Photo : Vaubourg-Leroy", "Avec C. Vaubourg-Leroy", "Photo : Claire Anne Vaubourg"),
        *("Avec Mme Vaubourg, présidente", "Avec M. Vaubourg", "Avec M Vaubourg", "Avec madame de Vaubourg"),
        *("Avec Vaubourg C.", "Avec Vaubourg, C.", "Avec M. et Mme Vaubourg", "Chez la famille Vaubourg"),
    ],
    "Anne Vaubourg": ["Photo : Vaubourg Claire Anne", "Avec Vaubourg, Claire Anne"],
    "Claire Vaubourg-Leroy": [
        *("Photo : Claire Vaubourg", "Photo : Claire Leroy", "Avec Leroy C., de Dole", "Avec Mme Vaubourg"),
    ],
    "Jean Petit": [
        *("Écrire à petitjean@exemple.test.", "Voir exemple.test/jeanpetit", "Suivre @jeanpetit", "Avec JeanPetit"),
    ],
    "Ségolène d’Éprémont": [
        '<a href="https://x.test/~segolene.d.epremont/">Son site</a>.',
        '<a href="https://x.test/equipe/segolene-depremont-directrice">Son site</a>.',
        "Voir x.test/epremont_segolene_d.",
        "Avec Ségolène-d’Éprémont.",
        "Avec <i>d’Éprémont</i> (Ségolène).",
        "Avec S. d’Éprémont.",
    ],
    ADDRESS: ["Écrire à ottilie.zqpublica+liste@example.org."],
}
STAYS = {
    "Jean Petit": ["Avec Petitjean et Mme Petitjean.", "Le pain de M. Petitjean", "Les Jeanpetit de Dole"],
    "Martin Paul": ["Avec Paulmartin"],
    "Claire Vaubourg": [
        *("Une fruitière à Vaubourg.", "Avec Claire Leroy.", "Avec Paul Vaubourg-Leroy.", "Saint-Vaubourg et Dole."),
    ],
    ADDRESS: ["Écrire à ottilie.zqpublica+liste@autre.example."],
}
STAYS_WHETHER_LISTED_OR_NOT = {
    OTTILIE: [
        "Merci à Ottilie Zqpublicare et Ottilien Zqpublicà.",
        "Avec Claude Zqpublicà, Ottilie Durand.",
        "Écrire à anne.ottilie.zqpublica@example.org.",
        "Zqpublicà est un lieu ; Ottilie aussi.",
        "Merci à Anne-Ottilie Zqpublicà.",
        "Merci à Ottilie Zqpublicà-Martin.",
        "Ottilie, Zqpublicà et Gray.",
        "Ottilie zqpublicà est une plante.",
        "Pour eux, l’ottilie zqpublicà compte.",
        "Un mur zqpublicà, ottilie et blanc ; le zqpublicà ottilie.",
    ],
    "Pierre Bois": [
        "<p>Un mur en pierre</p><p>Bois de chauffe, et de la paille.</p>",
        "Il habite rue du Bois, Pierre Martin et Paul aussi.",
        "Rendez-vous rue du Bois, Pierre vous attend.",
        "Une pierre bois brut.",
        "Écrire à pierre.bois@exemple.fr.example.org.",
        "Jean-Pierre Bois et Pierre Bois-Martin.",
    ],
}
# Titles and credits, which lose the surname alone too.
LABELS = {
    "Jeanne Marmier": {
        "Portrait de Marmier": "Portrait de –",
        "Photo Marmier": "Photo –",
        "© MARMIER, 2026": "© –, 2026",
        "Mme Marmier à l’atelier": "Mme – à l’atelier",
        "Jeanne Marmier": "",
        "© P. Marmier": "© P. Marmier",
        "© J.P. Marmier": "© –",
        "© P.-J. Marmier": "© P.-J. Marmier",
        "© Marmier P.": "© Marmier P.",
        "Marmier, P.": "Marmier, P.",
        "© M. Marmier": "© –",
        "© MARMIER Paul": "© MARMIER Paul",
        "© Marmier, Paul Dupont": "© –, Paul Dupont",
        "La fruitière à Marmier": "La fruitière à Marmier",
        "La route vers Marmier": "La route vers Marmier",
        "À Marmier, la cour": "À Marmier, la cour",
        "Merci à Marmier": "Merci à –",
        "Paul Marmier": "Paul Marmier",
        "Fruitière Marmier": "Fruitière Marmier",
        "La marmier du village": "La marmier du village",
        "Les Marmiers": "Les Marmiers",
    },
    "Jean-Marc Dupont-Moretti": {
        "© J.-M. Dupont-Moretti": "© –",
        "Photo : J-M Dupont-Moretti, 2026": "Photo : –, 2026",
        "Photo : J.M. DUPONT-MORETTI": "Photo : –",
        "© JM Dupont-Moretti": "© –",
        "© J. Dupont-Moretti": "© –",
        "© Dupont-Moretti J.-M., Dole": "© –, Dole",
        "Dupont-Moretti, J. M.": "",
        "© Dupont-Moretti, J. Roy": "© –, J. Roy",
        "© Anne J. Dupont-Moretti": "© Anne J. Dupont-Moretti",
        "© J.-M. Dupont": "© J.-M. Dupont",
    },
    "Jeanne de La Tour": {"Photo : J. de La Tour": "Photo : –"},
}


def rows(table):
    """``(person, text[, what is left])`` of each line of a table."""
    return [
        pytest.param(
            KNOWN.get(who, Person(names={who})), text, *([texts[text]] if isinstance(texts, dict) else []), id=text
        )
        for who, texts in table.items()
        for text in texts
    ]


@pytest.mark.parametrize(("person", "text", "left"), rows(GOES))
def test_a_person_goes_however_they_are_written(person, text, left):
    assert person.is_in(text) and person.forget_in(text) == left
    assert not person.is_in(left) and not person.may_be_meant_in(left)
    paragraph = [{"type": "texte", "value": f"<p>{text}</p>"}]
    assert person.forget_in(paragraph) == [{"type": "texte", "value": f"<p>{left}</p>"}]


@pytest.mark.parametrize(("person", "text"), rows(LISTED))
def test_what_may_be_the_person_is_left_and_listed(person, text):
    assert (person.forget_in(text), person.is_in(text), person.may_be_meant_in(text)) == (text, False, True)


@pytest.mark.parametrize(("person", "text"), rows(STAYS))
def test_a_near_name_or_a_place_is_neither_cut_nor_listed(person, text):
    assert (person.forget_in(text), person.is_in(text), person.may_be_meant_in(text)) == (text, False, False)


@pytest.mark.parametrize(("person", "text"), rows(STAYS_WHETHER_LISTED_OR_NOT))
def test_somebody_else_and_common_words_stay(person, text):
    assert (person.forget_in(text), person.is_in(text)) == (text, False)


@pytest.mark.parametrize(("person", "text", "left"), rows(LABELS))
def test_a_title_or_a_credit_loses_the_surname_and_keeps_another_s_name(person, text, left):
    assert person.forget_surname_in(person.forget_in(text)) == left
    assert not (text != left and person.loses_surname_in(left))


def test_a_name_beside_an_initial_goes_and_the_initial_is_listed():
    person = Person(names={"Ségolène d’Éprémont"})
    left = person.forget_in("Avec S. d’Éprémont et Ségolène d’Éprémont.")
    assert (left, person.may_be_meant_in(left)) == ("Avec S. d’Éprémont et –.", True)
