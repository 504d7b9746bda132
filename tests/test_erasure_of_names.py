"""What an erasure does to a text: one table of names and spellings. What is exactly the person's goes; the rest stays."""

import unicodedata

import pytest

from fiches.upkeep.personal_data.person import Person

OTTILIE, ADDRESS = "Ottilie Zqpublicà", "ottilie.zqpublica@example.org"
# The others of the table are known by their name alone.
KNOWN = {OTTILIE: Person(ADDRESS, {OTTILIE}, {"06 12 98 76 54", "+41 79 345 67 89"}), ADDRESS: Person(ADDRESS)}
ZERO_WIDTH, SOFT_HYPHEN = "\u200b", "\u00ad"
GOES = {
    OTTILIE: {
        "Merci à <b>Ottilie</b> Zqpublicà.": "Merci à <b>–</b>.",
        'Merci à <a href="https://x.test/">Ottilie</a> Zqpublicà.': 'Merci à <a href="https://x.test/">–</a>.',
        "Écrire à OTTILIE.ZQPUBLICA@Example.org, vite.": "Écrire à –, vite.",
        "Appeler le 0612987654 ou le 06-12-98-76-54.": "Appeler le – ou le –.",
        "Appeler le 06/12/98/76/54.": "Appeler le –.",
        "Appeler Marie (06 12 98 76 54).": "Appeler Marie (–).",
        "Appeler le +33 (0)6.12.98.76.54.": "Appeler le –.",
        "Appeler le +41 79 345 67 89 ou le 079 345 67 89.": "Appeler le – ou le –.",
        "Merci à Ottilie&nbsp;Zqpublic&agrave;.": "Merci à –.",
        "Merci à Ottilie&#160;Zqpublic&#xE0; &amp; Jean.": "Merci à – &amp; Jean.",
        unicodedata.normalize("NFD", "Merci à Ottilie Zqpublicà."): "Merci a\u0300 –.",
        f"Merci à Otti{SOFT_HYPHEN}lie Zqpub{ZERO_WIDTH}licà.": "Merci à –.",
        "Voir ZQPUBLICÀ Ottilie ; Dupont, Jean.": "Voir – ; Dupont, Jean.",
        "Voir Zqpublicà, Ottilie ; Dupont, Jean.": "Voir – ; Dupont, Jean.",
        "Merci à OTTILIE ZQPUBLICA.": "Merci à –.",
        '<a href="mailto:ottilie.zqpublica@example.org">Écrire</a> vite.': "Écrire vite.",
        '<a href="mailto:ottilie.zqpublica%40example.org?subject=a">Écrire</a> vite.': "Écrire vite.",
        '<a href="tel:+33612987654">06 12 98 76 54</a> le soir.': "– le soir.",
        '<embed alt="Photo de Ottilie Zqpublicà" id="3"/> là.': '<embed alt="Photo de –" id="3"/> là.',
    },
    "Anne d’Arc": {"Avec Anne d'Arc.": "Avec –."},
    "Marie-Claire Ouvrard": {"Avec Marie Claire OUVRARD.": "Avec –.", "Avec Ouvrard Marie-Claire.": "Avec –."},
    unicodedata.normalize("NFD", "Éléonore Çède"): {"Avec Éléonore Çède.": "Avec –."},
    "Jean de La Tour": {"Voir La Tour Jean de ; Dupont, Jean.": "Voir – ; Dupont, Jean."},
}
STAYS = {
    OTTILIE: [
        "Merci à Ottilie Zqpublicare et Ottilien.",
        "Merci à Anne-Ottilie Zqpublicà et à Ottilie Zqpublicà-Martin.",
        "Écrire à ottilie.zqpublica+liste@example.org ou anne.ottilie.zqpublica@example.org.",
        "Ottilie aussi, avec Mme Zqpublicà. © O. Zqpublicà",
        "Appeler le 06 12 98 76 55.",
        "Le n° 906129876541.",
    ],
    "Jean Petit": ["Avec Petitjean et Mme Petitjean.", "Un petit, dit Jean."],
    "Ric Martin": [unicodedata.normalize("NFD", "Avec Éric Martin.")],
    ADDRESS: ["Écrire à ottilie.zqpublica@example.org.fr"],
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
def test_what_is_exactly_the_person_s_goes_however_it_is_written(person, text, left):
    assert person.is_in(text) and person.forget_in(text) == left
    assert not person.is_in(left)
    paragraph = [{"type": "texte", "value": f"<p>{text}</p>"}]
    assert person.forget_in(paragraph) == [{"type": "texte", "value": f"<p>{left}</p>"}]


@pytest.mark.parametrize(("person", "text"), rows(STAYS))
def test_a_near_name_a_common_word_and_a_near_number_stay(person, text):
    assert (person.forget_in(text), person.is_in(text)) == (text, False)


def test_a_text_that_was_the_name_alone_says_so_in_json_and_is_empty_elsewhere():
    person = KNOWN[OTTILIE]
    assert person.forget_in(OTTILIE) == ""
    assert person.forget_in({"titre": OTTILIE, "courriel": ADDRESS}) == {"titre": "nom effacé", "courriel": ""}


@pytest.mark.parametrize(
    ("contact", "left"),
    [
        (
            {"contact_nom": OTTILIE, "contact_fonction": "Trésorière", "contact_nom_public": True},
            {"contact_nom": "", "contact_fonction": "", "contact_nom_public": False},
        ),
        ({"contact_nom": "O. Z.", "contact_courriel": ADDRESS}, {"contact_nom": "", "contact_courriel": ""}),
        ({"contact_nom": OTTILIE, "contact_courriel": "autre@x.test"}, None),
        (
            {"contact_nom": "Ursule Bertin", "contact_fonction": f"Bras droit d’{OTTILIE}"},
            {"contact_nom": "Ursule Bertin", "contact_fonction": "Bras droit d’–"},
        ),
    ],
)
def test_a_contact_goes_whole_by_its_address_or_by_its_name_without_another_address(contact, left):
    assert KNOWN[OTTILIE].forget_in(contact) == (contact if left is None else left)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<p data-block-key="a1b2c">Avec Ottilie Zqpublicà</p><p>Suite</p>', "Avec Ottilie Zqpublicà Suite"),
        ("Avec &lt;Ottilie&nbsp;Zqpublicà&gt;", "Avec <Ottilie Zqpublicà>"),
        ("Ottilie Zqpublicà et autre@x.test", "Ottilie Zqpublicà et …@…"),
    ],
)
def test_an_extract_is_plain_text_without_other_people_s_addresses(text, said):
    assert KNOWN[OTTILIE].excerpt(text) == said
