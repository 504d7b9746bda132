"""Messy files: what is wrong is mended once for all, good lines are made, the others wait, and all can be undone."""

import csv
import io
from itertools import cycle

import pytest
from bs4 import BeautifulSoup
from openpyxl import Workbook, load_workbook

from fiches.admin.importation import import_corrections, import_views
from fiches.admin.importation.import_columns import columns, heading_key
from fiches.admin.importation.row_validation import Headings, by_name
from fiches.admin.importation.text_cells import plain_body
from fiches.models import EtatImport, FichePage
from tests.factories import CritereFactory, FicheIndexPageFactory, FichePageFactory, PartenaireFactory
from tests.formulaires import filled_form
from tests.redaction.import_problems import SCREEN, problems

pytestmark = pytest.mark.django_db


def workbook(*sheets):
    """An XLSX of these sheets, each a list of rows."""
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def screen(client, importation):
    return client.get(f"{SCREEN}{importation.pk}/")


def parsed(answer):
    return BeautifulSoup(answer.content, "html.parser")


def test_the_columns_left_out_stand_before_the_errors_and_the_others_are_folded(client, tree, import_file):
    importation = import_file(
        "innovation;organisation;effectif;Humeur;descriptif\nUn;A;douze;bonne;Un four.\nDeux;B;2;bonne;Un pré.\n"
    )
    page = parsed(screen(client, importation))
    folded = page.select_one("details.colonnes").extract()
    assert [each.text for each in folded.select("label")] == ["innovation", "organisation", "effectif", "descriptif"]
    assert not folded.has_attr("open")
    assert [each.text for each in page.select("label[for^=colonne-]")] == ["Humeur"]
    words = " ".join(page.select_one(".suivi").get_text().split()).replace("\u00a0", " ")
    assert "Lignes prêtes : 1. Lignes mises de côté : 1." in words
    assert words.index("1 colonne n’est pas reprise") < words.index("1 cellule à corriger")


def test_what_was_made_is_counted_and_its_undoing_stands_above_the_list(client, tree, import_file, run_action):
    importation = run_action(
        import_file("innovation;organisation;effectif\nUn;A;2\nDeux;B;3\nTrois;C;douze\n"), "creer"
    )
    words = " ".join(parsed(screen(client, importation)).select_one(".suivi").get_text().split()).replace("\u00a0", " ")
    assert "Brouillons créés : 2." in words and "Lignes mises de côté : 1." in words
    assert "Lignes prêtes" not in words
    assert words.index("Annuler cet import") < words.index("Fiches créées")


def form_of(client, importation):
    return filled_form(screen(client, importation), "form.a-corriger")


def field_of(client, importation, typed):
    """The name of the form's field that holds the wrong text ``typed``."""
    form = form_of(client, importation)
    [name] = [name for name, value in form.items() if name.startswith("cellule-") and value == typed]
    return name


def text_of(answer):
    return " ".join(answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ").split())


def workbook_of_twenty_lines():
    """Twenty lines: 11 with a wrong status, 3 with a headcount in words, 3 without their organisation."""
    rows = [["innovation", "organisation", "statut juridique", "effectif", "remarques internes"]]
    for number in range(40, 60):
        status = "SCRL" if number < 51 else "SCOP"
        headcount = "une dizaine" if 51 <= number < 54 else number
        organisation = "" if number >= 57 else f"Organisation {number}"
        rows.append([f"Innovation remarquable {number * 104729}", organisation, status, headcount, "à revoir"])
    return workbook(rows)


def test_good_lines_are_made_and_the_others_are_corrected_in_place(client, tree, import_file, run_action):
    importation = import_file(workbook_of_twenty_lines(), name="fiches.xlsx")
    page = text_of(screen(client, importation))
    assert "17 cellules à corriger dans 17 lignes" in page
    assert "Statut juridique : 11 cellules" in page
    assert "C2, C3, C4, C5, C6, C7, C8, C9 et 3 autres" in page
    assert "1 colonne n’est pas reprise" in page
    assert "Créer 3 brouillons" in page
    importation = run_action(importation, "creer", **form_of(client, importation))
    assert (importation.etat, FichePage.objects.count()) == (EtatImport.FAIT, 3)
    assert "17 lignes restent de côté" in text_of(screen(client, importation))

    mends = {field_of(client, importation, "SCRL"): "SCOP", "vider-3": "on"}
    importation = run_action(importation, "corriger", **form_of(client, importation) | mends)
    assert importation.etat == EtatImport.VERIFIE
    assert [cell for cell, _text in problems(importation)] == ["B19", "B20", "B21"]
    importation = run_action(importation, "creer", **form_of(client, importation))
    assert FichePage.objects.count() == 17
    assert FichePage.objects.filter(statut="scop", effectif=None).count() == 3

    blank = field_of(client, importation, "")
    importation = run_action(importation, "corriger", **form_of(client, importation) | {blank: "La même"})
    importation = run_action(importation, "creer", **form_of(client, importation))
    assert (importation.etat, importation.problemes, FichePage.objects.count()) == (EtatImport.FAIT, [], 20)

    page = text_of(client.get(f"{SCREEN}{importation.pk}/annuler/"))
    assert "20 brouillons disparaissent pour de bon." in page
    importation = run_action(importation, "annuler")
    assert (importation.etat, FichePage.objects.count()) == (EtatImport.ANNULE, 0)


def test_corrections_typed_before_creating_are_kept_and_checked_first(client, tree, import_file, run_action):
    importation = import_file("innovation;organisation;effectif\nUn;A;douze\nDeux;B;3\n")
    mends = {field_of(client, importation, "douze"): "12"}
    importation = run_action(importation, "creer", **form_of(client, importation) | mends)
    assert (importation.etat, importation.problemes, FichePage.objects.count()) == (EtatImport.VERIFIE, [], 0)
    run_action(importation, "creer", **form_of(client, importation))
    assert sorted(FichePage.objects.values_list("title", "effectif")) == [("Deux", 3), ("Un", 12)]


def test_a_correction_that_is_wrong_too_is_still_there(client, tree, import_file, run_action):
    importation = import_file("innovation;organisation;effectif\nUn;A;douze\n")
    importation = run_action(importation, "corriger", **{field_of(client, importation, "douze"): "treize"})
    assert problems(importation) == [("C2", "« treize » n’est pas un nombre entier.")]
    assert field_of(client, importation, "treize")


def test_each_missing_title_is_typed_by_itself_beside_its_organisation(client, tree, import_file, run_action):
    importation = import_file("innovation;organisation;commune\n;Les Tilleuls;Flagey\n;La Ferme;\n")
    page = text_of(screen(client, importation))
    assert "A2 (Les Tilleuls, Flagey)" in page and "A3 (La Ferme)" in page
    names = [name for name in form_of(client, importation) if name.startswith("cellule-0-")]
    typed = form_of(client, importation) | dict(zip(names, ["Le lait", "Le pain"], strict=True))
    run_action(importation, "corriger", **typed)
    run_action(importation, "creer")
    assert dict(FichePage.objects.values_list("title", "organisation")) == {
        "Le lait": "Les Tilleuls",
        "Le pain": "La Ferme",
    }


def test_a_wrong_text_that_nobody_touched_stays_whole(client, tree, import_file, run_action):
    """Of several lines, and longer than any field: a line of a form would lose its line breaks, and a limit its end."""
    long = "\n".join(["Un texte de trop"] * 700)
    importation = import_file(f'innovation;organisation;effectif\nUn;A;"{long}"\n')
    importation = run_action(importation, "corriger", **form_of(client, importation))
    assert [row[2] for _number, row in importation.lignes["rangs"]] == [long]
    assert parsed(screen(client, importation)).select_one("form.a-corriger textarea").text.strip() == long


def test_lines_set_aside_are_downloaded_with_what_is_wrong_and_come_back_corrected(
    client, tree, import_file, run_action
):
    importation = import_file("innovation;organisation;effectif\nUn;A;douze\nDeux;B;3\n")
    importation = run_action(importation, "creer", **form_of(client, importation))
    data = b"".join(client.get(f"{SCREEN}{importation.pk}/lignes.csv").streaming_content)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["innovation", "organisation", "effectif", "à corriger"]
    assert [cell.replace("\u00a0", " ") for cell in rows[1]] == [
        "Un",
        "A",
        "douze",
        "C2 : « douze » n’est pas un nombre entier.",
    ]
    book = b"".join(client.get(f"{SCREEN}{importation.pk}/lignes.xlsx").streaming_content)
    assert [cell.value for cell in load_workbook(io.BytesIO(book)).active[2]][:3] == ["Un", "A", "douze"]
    again = import_file(data.decode("utf-8-sig").replace("douze", "12"))
    assert again.problemes == []
    run_action(again, "creer", **form_of(client, again))
    assert sorted(FichePage.objects.values_list("title", flat=True)) == ["Deux", "Un"]


def test_columns_are_told_what_they_fill_or_left_out(client, tree, import_file, run_action):
    """Names that nobody foresaw, one without a name, and one that is there twice."""
    importation = import_file("Quoi;Qui;;effectif;effectif;couleur\nLe four;Les Fournées;note;12;13;rouge\n")
    page = text_of(screen(client, importation))
    assert "Il manque la colonne « innovation »." in page
    assert "(sans nom)" in page
    assert "Créer" not in page.partition("Oublier")[0].partition("a-corriger")[2].partition("<form")[0]
    form = form_of(client, importation)
    assert (form["colonne-3"], form["colonne-4"], form["colonne-5"]) == ("effectif", "", "")
    importation = run_action(
        importation, "corriger", **form | {"colonne-0": "title", "colonne-1": "organisation", "colonne-5": "chapo"}
    )
    assert importation.problemes == []
    run_action(importation, "creer", **form_of(client, importation))
    fiche = FichePage.objects.get()
    assert (fiche.title, fiche.organisation, fiche.effectif, fiche.chapo) == ("Le four", "Les Fournées", 12, "rouge")


def test_a_key_that_is_too_long_for_a_number_ticks_nothing(client, tree, import_file, run_action):
    run_action(import_file("innovation;organisation\nNeuve;X\nNeuve;X\n"), "creer", doublon=["9" * 5000, "3"])
    assert FichePage.objects.filter(title="Neuve").count() == 2


def test_the_control_characters_of_a_corrected_cell_are_taken_out(client, tree, import_file, run_action):
    importation = import_file("innovation;organisation;effectif\nLe four;A;douze\n")
    importation = run_action(importation, "corriger", **{field_of(client, importation, "douze"): "tre\0ize\x1f\r\n"})
    assert field_of(client, importation, "treize")


def test_duplicates_are_decided_one_by_one(client, tree, import_file, run_action):
    known = FichePageFactory(parent=tree.fiches, title="Le four partagé", organisation="Les Fournées")
    importation = import_file("innovation;organisation\nle Four partage;les fournées\nNeuve;X\nNeuve;X\nNeuve;X\n")
    assert text_of(screen(client, importation)).count("ressemble à") == 3
    assert "Créer 1 brouillon" in text_of(screen(client, importation))
    importation = run_action(importation, "creer", doublon=["4"])
    assert FichePage.objects.exclude(pk=known.pk).filter(title="Neuve").count() == 2
    assert "2 lignes restent de côté" in text_of(screen(client, importation))
    importation = run_action(importation, "creer", doublon=["2", "4"])
    assert FichePage.objects.filter(organisation="les fournées").count() == 1
    assert "1 ligne reste de côté" in text_of(screen(client, importation))


DOUBLES = "innovation;organisation;effectif\nNeuve;X;1\nNeuve;X;2\nNeuve;X;3\nAutre;Y;trois\n"


@pytest.mark.parametrize(("choice", "made"), [("tous", 3), ("aucun", 1), ("", 2)])
def test_all_duplicates_are_decided_at_once_or_one_by_one(client, tree, import_file, run_action, choice, made):
    importation = import_file(DOUBLES)
    form = form_of(client, importation)
    assert form["doublons"] == [""] and "doublon" not in form
    run_action(importation, "creer", **form | {"doublons": choice, "doublon": ["3"]})
    assert FichePage.objects.filter(title="Neuve").count() == made


def test_what_was_decided_of_all_duplicates_can_then_be_changed_one_by_one(client, tree, import_file, run_action):
    importation = import_file(DOUBLES)
    mend = {field_of(client, importation, "trois"): "3"}
    importation = run_action(importation, "corriger", **form_of(client, importation) | mend | {"doublons": "tous"})
    form = form_of(client, importation)
    assert (form["doublons"], form["doublon"]) == ([""], ["3", "4"])
    assert "Créer 4 brouillons" in text_of(screen(client, importation))
    run_action(importation, "creer", **form | {"doublon": ["4"]})
    assert FichePage.objects.filter(title="Neuve").count() == 2


def test_duplicates_beyond_those_listed_are_decided_with_all(client, tree, import_file, run_action, monkeypatch):
    for module in (import_corrections, import_views):
        monkeypatch.setattr(module, "MOST_SHOWN", 1)
    importation = import_file(DOUBLES)
    assert "1 autre doublon n’est pas montré" in text_of(screen(client, importation))
    mend = {field_of(client, importation, "trois"): "3"}
    importation = run_action(importation, "corriger", **form_of(client, importation) | mend | {"doublons": "tous"})
    run_action(importation, "creer", **form_of(client, importation) | {"doublon": []})
    assert FichePage.objects.filter(title="Neuve").count() == 2


def test_the_choice_of_a_duplicate_outlives_a_new_check(client, tree, import_file, run_action):
    importation = import_file("innovation;organisation;effectif\nNeuve;X;1\nNeuve;X;2\nAutre;Y;trois\n")
    mend = {field_of(client, importation, "trois"): "3"}
    importation = run_action(importation, "corriger", doublon=["3"], **mend)
    assert form_of(client, importation)["doublon"] == ["3"]


def test_undoing_says_before_what_stays(client, tree, import_file, run_action):
    importation = run_action(import_file("innovation,organisation\nUn,A\nDeux,B\n"), "creer")
    changed = FichePage.objects.get(title="Deux")
    changed.chapo = "Retouchée."
    changed.save_revision()
    page = text_of(client.get(f"{SCREEN}{importation.pk}/annuler/"))
    assert "1 brouillon disparaît pour de bon." in page
    assert "<li>Deux</li>" in page
    assert FichePage.objects.count() == 2


MESSY = {
    "merged title lines": "Recensement 2026;;\n;;\nInnovation ;Organisation ;Effectif\nLe four ; Les Fournées ;12\n",
    "windows encoding": "innovation;organisation;chapô\nLe four;Les Fournées;L’été à Vesoul\n".encode("cp1252"),
    "mac line ends": "innovation;organisation\rLe four;Les Fournées\r",
    "empty columns and lines": "innovation;;organisation;;\n;;;;\nLe four;;Les Fournées;;\n;;;;\n",
    "tabs": "innovation\torganisation\nLe four\tLes Fournées\n",
    "quoted line breaks": 'innovation;organisation;texte\n"Le four";"Les Fournées";"Un\n\nDeux"\n',
    "hard spaces": "innovation\u00a0;\u00a0organisation\n\u00a0Le four\u202f;\u00a0Les Fournées\u00a0\n",
    "semicolon line for the spreadsheet": "sep=;\ninnovation;organisation\nLe four;Les Fournées\n",
}


@pytest.mark.parametrize("name", MESSY)
def test_a_messy_file_is_read(client, tree, import_file, run_action, name):
    importation = import_file(MESSY[name])
    assert importation is not None, text_of(import_file.answer)
    assert importation.problemes == []
    run_action(importation, "creer", **form_of(client, importation))
    assert FichePage.objects.values_list("title", "organisation").get() == ("Le four", "Les Fournées")


def test_a_workbook_of_two_sheets_with_formulas_dates_and_lost_zeros_is_read(client, tree, import_file, run_action):
    PartenaireFactory(nom="Réseau des fours")
    CritereFactory(dimension__nom="centrée sur", name="territoire")
    sheet = [
        ["Innovation", "Organisation", "code postal", "téléphone", "SIRET", "partenaire associé", "Centrée sur"],
        ["Le four", "Les Fournées", 25000, 381405757, 73282932000074.0, "réseau des fours", "Territoire"],
        ["<b>La scierie</b>", "Bois &amp; Cie", "25000 ", " 03.81.40.57.57", "732 829 320 00074", "", "territoire ; "],
        ['="Le " & "lait"', "Fruitière", "=1/0", None, None, None, None],
    ]
    importation = import_file(workbook([["Lisez-moi"], ["Merci de remplir"]], sheet), name="fiches.xlsx")
    formula = "Cette cellule contient une formule sans résultat enregistré, ou qui appelle un autre programme."
    assert problems(importation) == [(cell, f"{formula} Écrivez sa valeur à la place.") for cell in ("A4", "C4")]
    run_action(importation, "creer", **form_of(client, importation))
    oven, sawmill = FichePage.objects.order_by("pk")
    assert (oven.code_postal, oven.contact_telephone, oven.siret) == ("25000", "0381405757", "73282932000074")
    assert [critere.name for critere in oven.criteres.all()] == ["territoire"]
    assert (sawmill.title, sawmill.organisation) == ("La scierie", "Bois & Cie")
    assert (sawmill.contact_telephone, sawmill.siret) == ("03.81.40.57.57", "73282932000074")


@pytest.mark.parametrize("formula", ["=CMD|'/c calc'!A0", '=DDE("cmd";"/c calc")', '=WEBSERVICE("https://x.test")'])
def test_a_formula_that_calls_another_program_sets_its_own_line_aside(client, tree, import_file, run_action, formula):
    sheet = [
        ["Innovation", "Organisation", "Commentaire"],
        ["Le four", "Les Fournées", formula],
        ["Le lait", formula, ""],
    ]
    importation = import_file(workbook(sheet), name="fiches.xlsx")
    assert [cell for cell, _text in problems(importation)] == ["B3"]
    run_action(importation, "creer", **form_of(client, importation))
    assert [fiche.title for fiche in FichePage.objects.all()] == ["Le four"]


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


def test_what_everybody_writes_short_is_completed(import_lines):
    """A postcode that lost its zero, a site without its protocol."""
    fiches = import_lines("code postal;site", ["1000;www.fournees.fr", "1000;fournees.fr"])
    assert [(fiche.code_postal, fiche.site) for fiche in fiches] == [
        ("01000", "https://www.fournees.fr"),
        ("01000", "https://fournees.fr"),
    ]


STATUSES = {
    "asso": "association",
    "Association loi 1901": "association",
    "association": "association",
    "ASSO LOI 1901": "association",
    "S.A.R.L.": "sarl",
    "SARL": "sarl",
    "auto-entrepreneur": "ei",
    "coop": "cooperative",
    "G.I.E.": "groupement",
}


def test_the_usual_spelling_of_a_status_is_understood(import_lines):
    assert [fiche.statut for fiche in import_lines("statut juridique", STATUSES)] == [*STATUSES.values()]


def test_spaces_in_a_postcode_and_a_decimal_comma_are_understood(import_lines):
    spelt = [*zip(("12,0", "12,00", "12.0", "12", " 12 "), cycle(["90 000", "90\u00a0000", "90000"]), strict=False)]
    columns = "effectif;code postal;SIRET"
    fiches = import_lines(columns, [f"{headcount};{postcode};732 829\u202f320 00074" for headcount, postcode in spelt])
    for fiche, written in zip(fiches, spelt, strict=True):
        assert (fiche.effectif, fiche.code_postal, fiche.siret) == (12, "90000", "73282932000074"), written
        assert str(fiche.commune) == "Belfort (90000, Territoire de Belfort)", written


def test_a_number_that_may_be_a_thousand_and_a_postcode_of_six_figures_are_refused_with_why(tree, import_file):
    rows = "Le four;Les Fournées;12,000;900000\nLe lait;Les Laitières;-5;\n"
    importation = import_file(f"innovation;organisation;effectif;code postal\n{rows}")
    assert problems(importation) == [
        ("C2", "« 12,000 » n’est pas un nombre entier."),
        ("D2", "Le code postal est incorrect : il a cinq chiffres."),
        ("C3", "« -5 » est négatif. Écrivez un nombre positif, ou laissez vide."),
    ]


def test_one_wrong_postcode_in_several_communes_is_mended_for_each(client, tree, import_file, run_action):
    rows = [("Dole", "Four"), ("Belfort", "Lait"), ("Dole", "Scierie"), ("Vesoul", "Moulin")]
    file = "innovation;organisation;commune;code postal\n" + "".join(f"{b} de {a};{b};{a};25000\n" for a, b in rows)
    importation = import_file(file)
    page = parsed(screen(client, importation))
    groups = [" ".join(each.get_text(" ").split()) for each in page.select(".colonne-fausse .correction")]
    assert [group.split(" Dole a")[0].split(" Belfort a")[0].split(" Vesoul a")[0] for group in groups] == [
        "D2, D4",
        "D3",
        "D5",
    ]
    assert all(group.count("pas 25000") == 1 for group in groups)
    names = [each["name"] for each in page.select(".colonne-fausse input[type=text]")]
    mended = dict(zip(names, ["39100", "90000", "70000"], strict=True))
    importation = run_action(importation, "corriger", **(form_of(client, importation) | mended))
    assert problems(importation) == []
    run_action(importation, "creer", **form_of(client, importation))
    assert sorted(FichePage.objects.values_list("code_postal", flat=True)) == ["39100", "39100", "70000", "90000"]


def test_wrong_postcodes_left_blank_become_those_of_their_communes(client, tree, import_file, run_action):
    importation = import_file(
        "innovation;organisation;commune;code postal\nLe four;A;Dole;25000\nLe lait;B;Belfort;25000\n"
    )
    assert "Si la commune a un seul code postal, une cellule vide le reçoit." in text_of(screen(client, importation))
    form = form_of(client, importation)
    importation = run_action(importation, "corriger", **form, **{"vider-3": "on"})
    run_action(importation, "creer", **form_of(client, importation))
    assert sorted(FichePage.objects.values_list("code_postal", flat=True)) == ["39100", "90000"]


def test_an_undone_import_is_taken_again_with_its_corrections(client, tree, import_file, run_action):
    importation = import_file("innovation;organisation;effectif\nLe four;A;douze\nLe lait;B;3\n")
    form = form_of(client, importation) | {field_of(client, importation, "douze"): "12"}
    run_action(importation, "creer", **form_of(client, run_action(importation, "corriger", **form)))
    assert FichePage.objects.count() == 2
    importation = run_action(importation, "annuler")
    assert FichePage.objects.count() == 0
    assert "Reprendre ce fichier" in text_of(screen(client, importation))
    importation = run_action(importation, "reprendre")
    assert (importation.etat, problems(importation)) == (EtatImport.VERIFIE, [])
    importation = run_action(importation, "creer", **form_of(client, importation))
    assert sorted(FichePage.objects.values_list("title", "effectif")) == [("Le four", 12), ("Le lait", 3)]
    assert run_action(importation, "annuler").etat == EtatImport.ANNULE
    assert FichePage.objects.count() == 0


def test_what_an_undoing_spared_is_not_made_twice(client, tree, import_file, run_action):
    importation = import_file("innovation;organisation\nLe four;A\nLe lait;B\n")
    run_action(importation, "creer", **form_of(client, importation))
    spared = FichePage.objects.get(title="Le four")
    spared.chapo = "Retouchée."
    spared.save_revision()
    importation = run_action(run_action(importation, "annuler"), "reprendre")
    importation = run_action(importation, "creer", **form_of(client, importation))
    assert sorted(FichePage.objects.values_list("title", flat=True)) == ["Le four", "Le lait"]
    assert FichePage.objects.filter(pk=spared.pk).exists()


def test_a_number_that_the_spreadsheet_shortened_is_told_as_such(tree, import_file):
    importation = import_file("innovation;organisation;SIRET\nLe four;Les Fournées;3,62522E+13\n")
    [(cell, text)] = problems(importation)
    assert (cell, text) == (
        "C2",
        "« 3,62522E+13 » est un numéro que le tableur a raccourci. Écrivez-le en entier, dans une colonne au format texte.",
    )


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


def test_a_heading_as_everybody_writes_it_is_recognised(tree):
    found = {heading: Headings([heading]).field_at(0) for headings in EVERYDAY.values() for heading in headings}
    assert found == {heading: field for field, headings in EVERYDAY.items() for heading in headings}


def test_two_columns_are_never_called_alike(tree):
    CritereFactory(dimension__nom="présentation")
    headings = [heading_key(name) for column in columns() for name in (column.name, *column.also)]
    assert {heading for heading in headings if headings.count(heading) > 1} == {"presentation"}
    assert by_name()["presentation"].name == "présentation"  # a name goes before the other words for a field
    assert "" not in by_name()


def test_html_tags_that_are_left_out_are_told_with_their_cells_and_links_keep_their_address(
    client, tree, import_file, run_action
):
    html = '<p>Un <strong>texte</strong> du <a href="https://fournees.fr/four">four</a>.</p><p>Fin</p>'
    importation = import_file(
        workbook(
            [
                ["innovation", "organisation", "texte", "chapô"],
                ["Le four", "<b>Les Fournées</b>", html, "R&amp;D"],
                ["La scierie", "Atelier <Bois>", "Rien", "Écrire à <jeanne@bois.fr>"],
                ["Le lait", "Fruitière", "<ul><li>Un</li><li>Deux</li></ul>", ""],
            ]
        ),
        name="fiches.xlsx",
    )
    assert importation.problemes == []
    told = [" ".join(each.text.split()) for each in parsed(screen(client, importation)).select(".sans-balises li")]
    assert [each.replace("\u00a0", " ") for each in told] == [
        "Organisation : B2 Par exemple, « <b>Les Fournées</b> » devient « Les Fournées ».",
        f"Texte : C2, C4 Par exemple, « {html} » devient « Un texte du four (https://fournees.fr/four). Fin ».",
    ]
    run_action(importation, "creer", **form_of(client, importation))
    oven, sawmill, _milk = FichePage.objects.order_by("pk")
    assert (oven.organisation, oven.chapo) == ("Les Fournées", "R&D")
    assert plain_body(oven.corps) == "Un texte du four (https://fournees.fr/four).\n\nFin"
    assert (sawmill.organisation, sawmill.chapo) == ("Atelier <Bois>", "Écrire à <jeanne@bois.fr>")


def test_the_list_of_the_drafts_is_chosen_where_there_are_several(client, tree, import_file, run_action, redaction):
    assert parsed(client.get(SCREEN)).select("#id_liste") == []
    other = FicheIndexPageFactory(parent=tree.home, title="Fiches du Jura", slug="jura")
    choices = parsed(client.get(SCREEN)).select("#id_liste option")
    assert [each["value"] for each in choices if each.has_attr("selected")] == [str(tree.fiches.pk)]
    assert {each["value"]: each.text for each in choices} == {
        str(tree.fiches.pk): f"{tree.fiches.title} ({tree.fiches.full_url})",
        str(other.pk): f"Fiches du Jura ({other.full_url})",
    }
    file = "innovation;organisation\nLe four;Les Fournées\n"
    assert import_file(file) is None
    assert import_file.answer.context["form"].errors == {"liste": ["Ce champ est obligatoire\u00a0: remplissez-le."]}
    importation = import_file(file, liste=other.pk)
    run_action(importation, "creer", **form_of(client, importation))
    assert FichePage.objects.get().get_parent().pk == other.pk


def test_a_list_deleted_before_the_drafts_are_made_is_told_and_nothing_is_made(
    client, tree, import_file, run_action, redaction
):
    other = FicheIndexPageFactory(parent=tree.home, title="Fiches du Jura", slug="jura")
    importation = import_file("innovation;organisation\nLe four;Les Fournées\n", liste=other.pk)
    other.delete()
    importation = run_action(importation, "creer", **form_of(client, importation))
    assert problems(importation) == [
        ("", "Ligne 2 : la liste des fiches choisie est supprimée. Renvoyez le fichier, et choisissez une autre liste")
    ]
    assert not FichePage.objects.exists()
