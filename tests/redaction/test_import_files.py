"""Spreadsheets as people really send them, and those made to harm: what is read in them, and what is said."""

import io
import zipfile
from datetime import date, datetime
from itertools import cycle

import pytest
from django.core.exceptions import ValidationError

from fiches.admin.importation.columns import by_heading, columns, heading_key
from fiches.admin.importation.reader import read_sheets
from fiches.models import FichePage
from tests import pictures
from tests.factories import CritereFactory, EditionFactory, PartenaireFactory
from tests.redaction.import_problems import SCREEN, problems
from tests.redaction.screens import book

NAMES = {"innovation", "organisation", "chapô", "activité", "commune"}


def read(data):
    """The sheet that holds the fiches."""
    sheets, chosen = read_sheets(io.BytesIO(data), NAMES.__contains__)
    return sheets[chosen]


def refusal(data):
    with pytest.raises(ValidationError) as error:
        read(data)
    return " ".join(error.value.messages).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encoding_and_separator_are_found(encoding, separator):
    text = f'innovation{separator}organisation\n"L’œuvre ; partagée, été | hiver"{separator}Énergie & Cie\n'
    sheet = read(text.encode(encoding))
    assert sheet.headings == ["innovation", "organisation"]
    assert sheet.rows == [(2, ["L’œuvre ; partagée, été | hiver", "Énergie & Cie"])]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "vide"),
        (b"innovation;organisation\n", "aucune ligne"),
        (b";;\n;;\n", "aucune ligne"),
        (b"PK\x03\x04 broken", "incomplet, abîmé"),
        (b"PK", "n’est pas un fichier .xlsx"),
        (b"\xff\xfe\x00", "ne peut pas lire ce fichier"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "enregistrez-le en XLSX"),
        (pictures.picture("PNG"), "n’est pas un tableau"),
        (";".join(["innovation", *[""] * 130, "x"]).encode() + b"\nUn;A\n", "120 colonnes au plus"),
        (
            b"innovation;organisation\n" + b"a;b\n" * 1001,
            "1001 fiches : 1000 au plus à la fois. Coupez ce fichier en 2",
        ),
        (b"a" * (10 * 1024 * 1024 + 1), "trop lourd"),
    ],
)
@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(import_file, data, message):
    assert import_file(data) is None
    assert import_file.answer.status_code == 200
    page = import_file.answer.content.decode().replace("\u202f", "").replace("\u00a0", " ")
    assert message in page.split('class="error-message"')[1][:300]


MESSY = {
    "a title above": "Recensement 2026;;\n;;\nInnovation ;Organisation ;Effectif\nLe four ; Les Fournées ;12\n",
    "a mac's line ends": "innovation;organisation\rLe four;Les Fournées\r",
    "empty columns and lines": "innovation;;organisation;;\n;;;;\nLe four;;Les Fournées;;\n;;;;\n",
    "line breaks in quotes": 'innovation;organisation;texte\n"Le four";"Les Fournées";"Un\n\nDeux"\n',
    "hard spaces": "innovation\u00a0;\u00a0organisation\n\u00a0Le four\u202f;\u00a0Les Fournées\u00a0\n",
    "a line that tells Excel the separator": "sep=;\ninnovation;organisation\nLe four;Les Fournées\n",
    "control characters": "innovation;organisation\nLe f\x0bour;Les \x1fFournées\n",
    "HTML": 'innovation;organisation\n<p>Le <b>four</b></p>;"Les&nbsp;Fournées"\n',
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", MESSY)
def test_a_messy_file_is_read(tree, import_file, run_action, name):
    importation = import_file(MESSY[name])
    assert problems(importation) == []
    run_action(importation, "creer")
    title, organisation = FichePage.objects.values_list("title", "organisation").get()
    assert (title, organisation.replace("\u00a0", " ")) == ("Le four", "Les Fournées")


def test_no_line_is_lost_however_many_blank_ones_stand_between():
    rows = [["innovation", "organisation"]]
    for number in range(900):
        rows += [[f"Innovation {number}", "A"], [], []]
    sheet = read(book(rows))
    assert (len(sheet.rows), sheet.rows[-1]) == (900, (2699, ["Innovation 899", "A"]))


def test_more_lines_than_are_read_are_refused():
    rows = [["innovation", "organisation"], *[["", ""]] * 20_100, ["Un", "A"]]
    assert refusal(book(rows)).startswith("Cette feuille a trop de lignes")


def test_numbers_truths_and_dates_are_read_as_people_read_them():
    row = [12.0, True, date(2013, 4, 8), datetime(2013, 4, 8, 9, 30), 0.5]
    sheet = read(book([["innovation", "organisation", "chapô", "activité", "commune"], row]))
    assert sheet.rows[0][1] == ["12", "oui", "2013-04-08", "2013-04-08 09:30:00", "0.5"]


def test_a_workbook_that_unpacks_to_too_much_is_refused():
    data = book([["innovation", "organisation"], ["Un", "A"]])
    source, output = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.namelist():
            target.writestr(each, source.read(each) + (b" " * 300_000_000 if each.endswith("sheet1.xml") else b""))
    assert "trop grand, ou trop complexe" in refusal(output.getvalue())


def test_a_long_second_sheet_does_not_refuse_the_first():
    sheets, chosen = read_sheets(
        io.BytesIO(book([["code"], *([str(number)] for number in range(3000))], [["innovation"], ["Un"]])),
        NAMES.__contains__,
    )
    assert (chosen, sheets[0].name, sheets[0].rows, sheets[1].rows) == (1, "Sheet", [], [(2, ["Un"])])


@pytest.mark.django_db
@pytest.mark.parametrize("formula", ["=CMD|'/c calc'!A0", '=DDE("cmd";"/c calc")', '=WEBSERVICE("https://x.test")'])
def test_a_formula_is_read_by_its_stored_value_and_never_run(tree, import_file, formula):
    rows = [["innovation", "organisation", "commentaire"], ["Le four", "A", formula], ["Le lait", formula, ""]]
    assert problems(import_file(book(rows), "x.xlsx")) == [("B3", "Ce champ ne peut pas être vide.")]


def test_sheets_beyond_those_that_are_read_are_named():
    sheets, chosen = read_sheets(io.BytesIO(book([["innovation"], ["Un"]], *[[["x"], ["y"]]] * 11)), NAMES.__contains__)
    assert (chosen, len(sheets), sheets[-1].name, sheets[-1].rows) == (0, 12, "Sheet11", [])


# Columns

EVERYDAY = {
    "title": ["Titre de l'innovation", "Intitulé", "Nom du projet"],
    "organisation": ["Nom de l'organisation", "Structure", "Raison sociale *", "Nom de la structure"],
    "contact_courriel": ["Mél", "Mél.", "Adresse e-mail", "Adresse mail du contact", "Email", "Courriel"],
    "contact_telephone": ["Tél.", "N° de téléphone", "Téléphone portable"],
    "effectif": ["Nb salariés", "Nb. de salarié(e)s", "Nombre d’ETP", "Effectifs"],
    "statut": ["Forme juridique"],
    "siret": ["N° SIRET", "Numéro de SIRET"],
    "naf": ["Code NAF/APE", "Code APE"],
    "activite": ["Secteur d'activité"],
    "site": ["Site Internet", "Site web", "Adresse du site"],
    "commune": ["Ville", "Localité"],
    "code_postal": ["CP", "Code Postal"],
    "contact_nom": ["Personne à contacter", "Nom et prénom du contact"],
    "corps": ["Description de l’innovation", "Présentation"],
    "mots_cles": ["Mots-clés", "Mots clefs", "Tags"],
}


@pytest.mark.django_db
def test_a_heading_as_everybody_writes_it_is_recognised(tree):
    known = by_heading()
    found = {text: known[heading_key(text)].field for headings in EVERYDAY.values() for text in headings}
    assert found == {heading: field for field, headings in EVERYDAY.items() for heading in headings}


@pytest.mark.django_db
def test_two_columns_are_never_called_alike(tree):
    CritereFactory(dimension__nom="présentation")
    headings = [heading_key(name) for column in columns() for name in (column.name, *column.also)]
    assert {heading for heading in headings if headings.count(heading) > 1} == {"presentation"}
    assert by_heading()["presentation"].name == "présentation"  # a name goes before the other words for a field
    assert "" not in by_heading()


@pytest.fixture
def import_lines(tree, import_file, run_action):
    """``import_lines(columns, lines)``: the fiches of a list in which each line names another innovation, in its order."""

    def make(columns, lines):
        rows = [f"Innovation {number * 7919};Organisation {number};{line}\n" for number, line in enumerate(lines, 1)]
        importation = import_file("".join([f"innovation;Nom de l’organisation;{columns}\n", *rows]))
        assert problems(importation) == []
        run_action(importation, "creer")
        return FichePage.objects.order_by("pk")

    return make


@pytest.mark.django_db
def test_what_everybody_writes_short_is_completed(import_lines):
    """A postcode that lost its zero, a site without its protocol."""
    lines = ["1000;www.fournees.fr", "1000;fournees.fr", "1000;https://x.fr/?a=1&section=2"]
    fiches = import_lines("code postal;site", lines)
    assert [(fiche.code_postal, fiche.site) for fiche in fiches] == [
        ("01000", "https://www.fournees.fr"),
        ("01000", "https://fournees.fr"),
        ("01000", "https://x.fr/?a=1&section=2"),
    ]


@pytest.mark.django_db
def test_spaces_in_a_postcode_and_a_decimal_comma_are_understood(import_lines):
    spelt = [*zip(("12,0", "12,00", "12.0", "12", " 12 "), cycle(["90 000", "90\u00a0000", "90000"]), strict=False)]
    columns = "effectif;code postal;SIRET"
    fiches = import_lines(columns, [f"{headcount};{postcode};732 829\u202f320 00074" for headcount, postcode in spelt])
    for fiche, written in zip(fiches, spelt, strict=True):
        assert (fiche.effectif, fiche.code_postal, fiche.siret) == (12, "90000", "73282932000074"), written
        assert str(fiche.commune) == "Belfort (90000, Territoire de Belfort)", written


@pytest.mark.django_db
def test_numbers_that_a_spreadsheet_kept_as_such_are_telephones_postcodes_and_sirets(tree, import_file, run_action):
    PartenaireFactory(nom="Réseau des fours")
    CritereFactory(dimension__nom="centrée sur", name="territoire")
    heads = [
        "innovation",
        "organisation",
        "téléphone",
        "code postal",
        "SIRET",
        "commune",
        "partenaire associé",
        "Centrée sur",
    ]
    row = ["Un", "A", 381405757, 39100, 73282932000074.0, "DOLE", "réseau des fours", "Territoire ; "]
    importation = import_file(book([heads, row]), "x.xlsx")
    assert problems(importation) == []
    run_action(importation, "creer")
    fiche = FichePage.objects.get()
    assert (fiche.contact_telephone, fiche.siret, fiche.commune.nom) == ("0381405757", "73282932000074", "Dole")
    assert ([each.name for each in fiche.criteres.all()], fiche.partenaire.nom) == (["territoire"], "Réseau des fours")


@pytest.mark.django_db
def test_html_of_a_cell_becomes_text(tree, import_file, run_action):
    html = '<p>Un <strong>texte</strong> du <a href="https://fournees.fr/four">four</a>.</p><p>Fin</p>'
    rows = [
        ["innovation", "organisation", "texte", "chapô"],
        ["Le four", "<b>Les Fournées</b>", html, "R&amp;D"],
        ["La scierie", "Atelier <Bois>", "Rien", "Écrire à <jeanne@bois.fr>"],
    ]
    run_action(import_file(book(rows), name="fiches.xlsx"), "creer")
    oven, sawmill = FichePage.objects.order_by("pk")
    assert (oven.organisation, oven.chapo) == ("Les Fournées", "R&D")
    assert str(oven.corps[0].value) == "<p>Un texte du four.</p><p>Fin</p>"
    assert (sawmill.organisation, sawmill.chapo) == ("Atelier <Bois>", "Écrire à <jeanne@bois.fr>")


@pytest.mark.django_db
def test_markup_that_is_typed_is_never_run(tree, import_file, run_action):
    run_action(
        import_file('innovation;organisation;texte\nUn;A;"<script>x</script>&lt;img src=x onerror=y&gt;"\n'), "creer"
    )
    body = str(FichePage.objects.get().corps[0].value)
    assert body == "<p>&lt;script&gt;x&lt;/script&gt;&lt;img src=x onerror=y&gt;</p>"


@pytest.mark.django_db
def test_the_template_is_read_without_a_problem(client, tree, import_file):
    EditionFactory(annee=2013)
    answer = client.get(f"{SCREEN}modele.csv")
    text = answer.getvalue().decode("utf-8-sig").replace("https://fournees.example/four.jpg", "")
    assert problems(import_file(text.encode())) == []
    assert client.get(f"{SCREEN}modele.xlsx").getvalue().startswith(b"PK")
    assert client.get(f"{SCREEN}modele.pdf").status_code == 404
