"""Spreadsheets as people really send them, and those made to harm: what is read in them, and what is said."""

import io
import stat
import unicodedata
import zipfile
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from fiches.admin.importation.import_pictures import Archive
from fiches.admin.importation.table_reader import read_table
from fiches.models import FichePage
from tests import pictures
from tests.redaction.import_problems import problems

NAMES = {"innovation", "organisation", "chapô", "activité", "commune"}


def read(data, name="x.csv"):
    return read_table(io.BytesIO(data), name, NAMES.__contains__)


def refusal(data, name="x.csv"):
    with pytest.raises(ValidationError) as error:
        read(data, name)
    return " ".join(error.value.messages).replace("\u00a0", " ").replace("\u202f", " ")


def book(*sheets, merged=()):
    """An XLSX of these sheets, each a list of rows; ``merged`` in the last."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
def test_what_excel_saves_for_windows_for_macintosh_and_for_msdos_is_read(encoding):
    text = "innovation;chapô;activité\nLe four à pain;Où l’été dure, çà et là;boulangère\n"
    text = text if encoding != "cp850" else text.replace("’", "'")
    table = read(text.encode(encoding))
    assert table.headings == ["innovation", "chapô", "activité"]
    assert table.rows[0][1] == text.splitlines()[1].split(";")


def test_a_file_of_two_encodings_is_refused_rather_than_spoilt():
    data = "innovation;organisation\nL’été;".encode() + "Fermière à Dole\n".encode("cp1252")
    assert refusal(data) == "Le site ne peut pas lire ce fichier. Enregistrez-le en CSV UTF-8."


def test_the_headings_may_stand_below_a_title_and_blank_lines():
    table = read(b"Recensement 2026;;\n;;\n\ninnovation;organisation;commune\n;;\nUn;A;Dole\n")
    assert (table.headings, table.line) == (["innovation", "organisation", "commune"], 4)
    assert table.rows == [(6, ["Un", "A", "Dole"])]


def test_the_line_by_which_excel_is_told_the_separator_is_none_of_the_headings():
    table = read(b"sep=;\ninnovation;organisation\nUn;A\n")
    assert (table.line, table.rows) == (2, [(3, ["Un", "A"])])


def test_the_sheet_that_holds_fiches_is_found_whatever_its_place():
    data = book(
        [["Mode d’emploi"], ["Remplissez l’autre feuille."]],
        [["Inventaire"], ["organisation", "innovation"], ["A", "Un"]],
    )
    table = read(data, "x.xlsx")
    assert (table.headings, table.rows) == (["organisation", "innovation"], [(3, ["A", "Un"])])


def test_a_cell_merged_downwards_holds_for_each_of_its_lines_and_one_merged_across_for_the_first():
    rows = [
        ["innovation", "organisation", "commune"],
        ["Un", "Les Fournées", "Dole"],
        ["Deux"],
        ["Trois", "Bois", "Gray"],
    ]
    table = read(book(rows, merged=["B2:B3", "B4:C4"]), "x.xlsx")
    assert [row for _number, row in table.rows] == [
        ["Un", "Les Fournées", "Dole"],
        ["Deux", "Les Fournées", ""],
        ["Trois", "Bois", ""],
    ]


def test_no_line_is_lost_however_many_blank_ones_stand_between():
    rows = [["innovation", "organisation"]]
    for number in range(1500):
        rows += [[f"Innovation {number}", "A"], [], []]
    table = read(book(rows), "x.xlsx")
    assert (len(table.rows), table.rows[-1]) == (1500, (4499, ["Innovation 1499", "A"]))


def test_a_picture_under_the_name_of_a_table_is_refused():
    assert refusal(pictures.picture("PNG")) == "Ce fichier n’est pas un tableau. Choisissez un fichier CSV ou XLSX."


def test_more_lines_than_are_read_are_refused():
    rows = [["innovation", "organisation"], *[["", ""]] * 20_100, ["Un", "A"]]
    assert refusal(book(rows), "x.xlsx").startswith("Cette feuille a trop de lignes")


def test_numbers_truths_and_dates_are_read_as_people_read_them():
    row = [12.0, True, date(2013, 4, 8), datetime(2013, 4, 8, 9, 30), 0.5]
    table = read(book([["innovation", "organisation", "chapô", "activité", "commune"], row]), "x.xlsx")
    assert table.rows[0][1] == ["12", "oui", "2013-04-08", "2013-04-08 09:30:00", "0.5"]


def test_former_excel_files_are_told_to_be_saved_again():
    assert "XLSX" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "x.xls")


def test_more_columns_than_any_template_has_are_refused():
    data = ";".join(["innovation", "organisation", *[""] * 130, "x"]) + "\nUn;A\n"
    assert refusal(data.encode()).startswith("120 colonnes au plus")


def test_a_workbook_made_of_merged_cells_is_refused():
    rows = [["innovation", "organisation"], *[["Un", "A"]] * 2000]
    data = book(rows)
    source, output = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.namelist():
            content = source.read(each)
            if each.endswith("sheet1.xml"):
                flood = b"<mergeCells>" + b'<mergeCell ref="A1:A1048576"/>' * 20_000 + b"</mergeCells>"
                content = content.replace(b"</sheetData>", b"</sheetData>" + flood)
            target.writestr(each, content)
    assert "fusionnées" in refusal(output.getvalue(), "x.xlsx")


@pytest.mark.django_db
def test_errors_of_the_sheet_are_told_with_their_cells(tree, import_file):
    """Columns without a heading are ignored: ``test_redaction_import_corrections`` chooses a field for them."""
    importation = import_file("Titre;;;\ninnovation;organisation;;activité;\nUn;A;perdu;#N/A;aussi\n")
    assert problems(importation) == [("D3", "« #N/A » est une erreur du tableur : corrigez la formule.")]


@pytest.mark.django_db
def test_numbers_that_a_spreadsheet_kept_as_such_are_telephones_postcodes_and_sirets(tree, import_file, run_action):
    heads = ["innovation", "organisation", "téléphone", "code postal", "SIRET", "commune", "effectif"]
    importation = import_file(book([heads, ["Un", "A", 381405757, 39100, 73282932000074, "DOLE", 12]]), "x.xlsx")
    assert problems(importation) == []
    run_action(importation, "creer")
    fiche = FichePage.objects.get()
    assert (fiche.contact_telephone, fiche.siret, fiche.commune.nom) == ("0381405757", "73282932000074", "Dole")


# Archives


def archive(*names, data=b"x"):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as target:
        for name in names:
            target.writestr(name, data)
    output.seek(0)
    return output


def read_error(found, name):
    with pytest.raises(ValidationError) as error:
        found.read(name)
    return " ".join(error.value.messages)


def test_two_files_of_one_name_are_told_apart_by_their_folders():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as target:
        target.writestr("2013/four.jpg", b"old")
        target.writestr("2014/Four.jpg", b"new")
    opened_archive = Archive(output)
    assert (opened_archive.read("2014\\four.JPG"), opened_archive.read("2013/four.jpg")) == (b"new", b"old")
    assert "écrivez aussi le dossier" in read_error(opened_archive, "four.jpg")


@pytest.mark.parametrize("encoding", ["cp850", "utf-8"])
def test_accents_in_the_names_are_understood_as_windows_and_macos_write_them(encoding):
    name = "été.jpg" if encoding == "cp850" else unicodedata.normalize("NFD", "été.jpg")
    raw = name.encode(encoding)
    packed = archive("X" * len(raw)).getvalue().replace(b"X" * len(raw), raw)
    assert Archive(io.BytesIO(packed)).read("Été.JPG") == b"x"


def test_what_macos_adds_to_an_archive_is_no_picture():
    opened_archive = Archive(archive("__MACOSX/four.jpg", "photos/four.jpg"))
    assert opened_archive.read("four.jpg") == b"x"


def test_a_bomb_a_link_and_a_locked_file_are_told_and_nothing_else_is_read():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("bombe.jpg", bytes(60 * 1024 * 1024))
        link = zipfile.ZipInfo("lien.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc/passwd")
    opened_archive = Archive(output)
    assert "trop lourd" in read_error(opened_archive, "bombe.jpg")
    assert opened_archive.read("lien.jpg") == b"/etc/passwd"  # the words of the link, that no picture is made of
    locked = bytearray(archive("four.jpg", data=pictures.picture()).getvalue())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    assert "ne peut pas être sorti de l’archive" in read_error(Archive(io.BytesIO(bytes(locked))), "four.jpg")


def test_an_archive_of_ten_thousand_and_more_files_is_refused():
    with pytest.raises(ValidationError):
        Archive(archive(*[f"{number}.jpg" for number in range(10_001)]))
