"""Fiches brought in a spreadsheet, from the dry run to the undoing; and what goes wrong, told cell by cell."""

import csv
import io
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from openpyxl import load_workbook
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupPagePermission, Revision

from fiches.admin.importation import run
from fiches.admin.importation.columns import columns
from fiches.models import EtatImport, FichePage, Importation
from tests import pictures
from tests.factories import FicheIndexPageFactory, FichePageFactory, PartenaireFactory, UserFactory
from tests.redaction.import_problems import SCREEN, problems
from tests.redaction.screens import book

pytestmark = pytest.mark.django_db
FILE = "innovation;organisation;téléphone\nLe four;Les Fournées;0381405757\n"
TWO = "innovation;organisation\nLe four;Les Fournées\nLa scierie;Bois du Haut\n"


def parsed(client, importation):
    return BeautifulSoup(client.get(f"{SCREEN}{importation.pk}/").content, "html.parser")


def screen(client, importation):
    """The text of the import's screen."""
    text = parsed(client, importation).select_one("main").get_text(" ")
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def titles():
    return sorted(FichePage.objects.values_list("draft_title", flat=True))


def test_a_file_becomes_drafts_and_is_undone_as_a_whole(client, tree, redaction, import_file, run_action):
    importation = import_file(
        "innovation;organisation;chapô;texte;commune;effectif;mots-clés\n"
        'Le four partagé;Les Fournées;Un four.;"Un\n\nDeux";Dole;12;pain | partage\n'
        "La scierie;Bois du Haut;;;;;\n"
    )
    assert (importation.etat, importation.problemes, FichePage.objects.count()) == (EtatImport.VERIFIE, [], 0)
    assert "Lignes prêtes : 2. Lignes mises de côté : 0." in screen(client, importation)
    importation = run_action(importation, "creer")
    assert importation.etat == EtatImport.FAIT
    oven, sawmill = FichePage.objects.order_by("pk")
    assert (oven.title, oven.organisation, oven.effectif, oven.live) == ("Le four partagé", "Les Fournées", 12, False)
    assert (oven.owner, oven.commune.nom, oven.departement) == (redaction, "Dole", "39")
    assert str(oven.corps[0].value) == "<p>Un</p><p>Deux</p>"
    assert sorted(tag.name for tag in oven.mots_cles.all()) == ["pain", "partage"]
    assert oven.latest_revision.user == redaction
    assert oven.get_latest_revision_as_object().effectif == 12
    assert "2 brouillons sont créés." in screen(client, importation)
    importation = run_action(importation, "annuler")
    assert (importation.etat, FichePage.objects.count()) == (EtatImport.VERIFIE, 0)


def test_the_list_of_fiches_is_filtered_by_import(client, tree, import_file, run_action):
    FichePageFactory(parent=tree.fiches, title="Ancienne")
    importation = run_action(import_file(TWO), "creer")
    [link] = [a["href"] for a in parsed(client, importation).select("main a") if "importation=" in a["href"]]
    listed = BeautifulSoup(client.get(link).content, "html.parser").select_one(".listing").get_text(" ")
    assert "Le four" in listed and "La scierie" in listed and "Ancienne" not in listed


def test_an_undoing_leaves_what_was_changed_submitted_or_published_since(
    client, tree, redaction, import_file, run_action
):
    names = ["Modifiée", "Soumise", "Publiée", "Intacte"]
    file = "innovation;organisation\n" + "".join(f"{name};{name}\n" for name in names)
    importation = run_action(import_file(file), "creer")
    changed, submitted, published = (FichePage.objects.get(title=name) for name in names[:3])
    changed.chapo = "Retouchée."
    changed.save_revision()
    submitted.get_workflow().start(submitted, redaction)
    published.latest_revision.publish()
    published.refresh_from_db()
    published.unpublish()
    page = client.get(f"{SCREEN}{importation.pk}/annuler/").content.decode().replace("\u00a0", " ")
    assert "1 brouillon sera supprimé définitivement." in page
    assert "3 fiches restent : quelqu’un les a modifiées, soumises ou publiées." in page
    importation = run_action(importation, "annuler")
    assert (importation.etat, titles()) == (EtatImport.VERIFIE, ["Modifiée", "Publiée", "Soumise"])
    importation = run_action(run_action(importation, "verifier"), "creer")
    assert titles() == ["Intacte", "Modifiée", "Publiée", "Soumise"]
    run_action(importation, "annuler")
    assert titles() == ["Modifiée", "Publiée", "Soumise"]  # they aren't of this import any more


def test_each_problem_is_told_with_its_cell_and_optional_cells_are_left_blank(client, tree, import_file, run_action):
    importation = import_file(
        "innovation;organisation;effectif;SIRET;commune;statut juridique;couleur;téléphone;photo\n"
        ";Les Fournées;douze;123;Atlantis;SCOP;rouge;12;four.jpg\n"
        "Bon;Les Bons;3;;Dole;SCOP;;;\n"
        "Autre;Les Autres;#N/A;;;SCRL;;;\n"
        "Grand;Les Grands;12345678;3,62522E+13;;;;;\n"
        "Petit;Les Petits;-5;;;;;;\n"
    )
    found = dict(problems(importation))
    assert found == found | {
        "A2": "Ce champ ne peut pas être vide.",
        "C2": "« douze » n’est pas un nombre entier.",
        "C5": "« 12345678 » est un nombre trop grand.",
        "C6": "« -5 » est négatif. Écrivez un nombre positif, ou laissez vide.",
        "D2": "Le SIRET est incorrect : il a 14 chiffres.",
    }
    assert found["E2"].startswith("« Atlantis » n’est pas une commune de Franche-Comté.")
    assert found["F4"].startswith("« SCRL » est incorrect. Écrivez un de ces mots : association, SARL")
    assert found["H2"].startswith("« 12 » n’est pas un numéro de téléphone.")
    assert found["I2"].startswith("Décrivez l’image")
    page = screen(client, importation)
    assert "Lignes prêtes : 4. Lignes mises de côté : 1." in page
    assert "Colonnes que le site ne connaît pas" in page and "couleur" in page
    grave, light = page.index("À corriger dans le fichier"), page.index("mais pas obligatoires")
    assert grave < page.index("Innovation , A2 : Ce champ ne peut pas être vide.") < light
    assert light < page.index("Statut juridique , F4 : « SCRL » est incorrect.")
    importation = run_action(importation, "creer")
    assert titles() == ["Autre", "Bon", "Grand", "Petit"]
    assert FichePage.objects.filter(effectif=None, statut="").count() == 3
    page = screen(client, importation)
    left = page.index("Cellules laissées vides : complétez ces brouillons")
    assert left < page.index("Effectif , C4") and left < page.index("F4 : « SCRL »")
    assert page.index("C2 : « douze »") < left  # its line is none of the drafts


def test_a_postcode_left_blank_becomes_that_of_its_commune(tree, import_file, run_action):
    importation = import_file(
        "innovation;organisation;commune;code postal\nLe four;A;Dole;25000\nLe lait;B;Belfort;9000\n"
    )
    assert [cell for cell, _text in problems(importation)] == ["D2", "D3"]
    run_action(importation, "creer")
    assert sorted(FichePage.objects.values_list("code_postal", flat=True)) == ["39100", "90000"]


def test_the_file_is_given_back_with_what_is_wrong_and_comes_back_corrected(client, tree, import_file, run_action):
    importation = import_file("innovation;organisation;effectif\nUn;;12\n=Deux;B;douze\nTrois;C;3\n")

    def given(kind="csv"):
        return client.get(f"{SCREEN}{importation.pk}/lignes.{kind}").getvalue()

    def rows():
        return list(csv.reader(io.StringIO(given().decode("utf-8-sig").replace("\u00a0", " ")), delimiter=";"))

    assert rows() == [
        ["innovation", "organisation", "effectif", "à corriger"],
        ["Un", "", "12", "B2 : Ce champ ne peut pas être vide."],
        ["'=Deux", "B", "douze", "C3 : « douze » n’est pas un nombre entier."],
        ["Trois", "C", "3", ""],
    ]
    sheet = load_workbook(io.BytesIO(given("xlsx"))).active
    assert [cell.value for cell in sheet[3]][:3] == ["'=Deux", "B", "douze"]
    importation = run_action(importation, "creer")
    assert [row[0] for row in rows()] == ["innovation", "Un"]
    again = import_file(given().decode("utf-8-sig").replace("Un;;", "Un;A;"))
    assert (problems(again), parsed(client, again).select("label[for^=colonne-]")) == ([], [])
    run_action(again, "creer")
    assert titles() == ["=Deux", "Trois", "Un"]


def test_columns_that_are_not_known_are_named(client, tree, import_file, run_action):
    """Names that nobody foresaw, one without a name, and one that is there twice."""
    importation = import_file("Quoi;Qui;;effectif;effectif;couleur\nLe four;Les Fournées;note;12;13;rouge\n")
    assert "A1 : Il manque la colonne « innovation »." in screen(client, importation)
    page = parsed(client, importation)
    assert page.find("button", string="Créer les brouillons") is None
    unknown = [each.text for each in page.select("label[for^=colonne-]")]
    assert unknown == ["Quoi", "Qui", "(sans nom)", "effectif", "couleur"]
    named = {"colonne-0": "title", "colonne-1": "organisation", "colonne-5": "chapo"}
    importation = run_action(importation, "creer", **named)  # what would be read otherwise is checked first
    assert (importation.etat, importation.problemes, FichePage.objects.count()) == (EtatImport.VERIFIE, [], 0)
    importation = run_action(importation, "verifier", **{"colonne-4": "effectif"})
    run_action(importation, "creer")
    fiche = FichePage.objects.get()
    assert (fiche.title, fiche.organisation, fiche.effectif, fiche.chapo) == ("Le four", "Les Fournées", 13, "rouge")


def test_each_sheet_of_a_workbook_is_named_and_another_one_can_be_chosen(client, tree, import_file, run_action):
    head = ["innovation", "organisation", "commune"]
    data = book(
        [["Lisez-moi"], ["Merci de remplir"]],
        [head, ["Le four", "A", "Dole"]],
        [head[:2], ["Le lait", "B"], ["Le pain", "C"]],
        [],
    )
    importation = import_file(data, "fiches.xlsx")
    shown = [" ".join(each.text.split()) for each in parsed(client, importation).select(".feuilles label")]
    assert shown == ["Sheet (1 ligne)", "Sheet1 (1 ligne)", "Sheet2 (2 lignes)", "Sheet3 (aucune fiche)"]
    chosen = parsed(client, importation).select(".feuilles input[checked]")
    assert [each["value"] for each in chosen] == ["1"]
    importation = run_action(importation, "creer", feuille="2")
    assert (importation.etat, importation.total) == (EtatImport.VERIFIE, 2)
    run_action(importation, "creer")
    assert titles() == ["Le lait", "Le pain"]


def test_near_doubles_are_shown_and_left_out_unless_they_are_wanted(client, tree, import_file, run_action):
    known = FichePageFactory(
        parent=tree.fiches, title="Le four partagé", organisation="Les Fournées", siret="73282932000074"
    )
    text = (
        "innovation;organisation;SIRET\nle Four partage;les fournées;\nLes fours partagés;Fournées SARL;73282932000074\n"
        "Neuve;X;\nNeuve;X;\nNeuve;Y;\n"
    )
    importation = import_file(text)
    assert [(each["rang"], each["de"].get("fiche"), each["de"].get("rang")) for each in importation.doublons] == [
        (2, known.pk, None),
        (3, known.pk, None),
        (5, None, 4),
    ]
    assert "La ligne 5, « Neuve », ressemble à la ligne 4, « Neuve »" in screen(client, importation)
    run_action(importation, "creer", doublon=["5", "9" * 5000])
    assert sorted(FichePage.objects.exclude(pk=known.pk).values_list("title", "organisation")) == [
        ("Neuve", "X"),
        ("Neuve", "X"),
        ("Neuve", "Y"),
    ]


@pytest.mark.parametrize(
    "choice", [{"colonne-0": "x" * 300}, {"feuille": "9" * 30}, {"feuille": "-1"}, {"colonne-99": "title"}]
)
def test_a_choice_that_the_screen_does_not_offer_changes_nothing(tree, import_file, run_action, choice):
    assert run_action(import_file(TWO), "creer", **choice).etat == EtatImport.FAIT
    assert titles() == ["La scierie", "Le four"]


# Failures


def test_one_line_that_fails_keeps_none(client, tree, import_file, run_action):
    partner = PartenaireFactory(nom="Réseau")
    importation = import_file("innovation;organisation;partenaire associé\nUn;A;\nDeux;B;Réseau\n")
    assert importation.problemes == []
    partner.delete()
    importation = run_action(importation, "creer")
    assert (importation.etat, FichePage.objects.count()) == (EtatImport.VERIFIE, 0)
    why = "Ligne 3 : Le site ne connaît pas « Réseau ». Ajoutez-le d’abord, ou corrigez le nom."
    assert problems(importation) == [("", why)]
    assert why in screen(client, importation)
    importation = run_action(run_action(importation, "verifier"), "creer")
    assert (importation.etat, titles()) == (EtatImport.FAIT, ["Deux", "Un"])


def raise_storage_error(*_args, **_kwargs):
    raise OSError("storage down")


@pytest.mark.parametrize(
    ("verb", "function", "then", "left"),
    [
        ("creer", "_make_one", EtatImport.VERIFIE, []),
        ("annuler", "untouched", EtatImport.FAIT, ["La scierie", "Le four"]),
    ],
)
def test_a_work_that_fails_says_so_and_is_tried_again(
    client, monkeypatch, tree, import_file, run_action, verb, function, then, left
):
    importation = import_file(TWO)
    if verb == "annuler":
        importation = run_action(importation, "creer")
    with monkeypatch.context() as patch:
        patch.setattr(run, function, raise_storage_error)
        importation = run_action(importation, verb)
    assert (importation.etat, titles()) == (then, left)
    assert "Le travail s’est arrêté sur une erreur du site (OSError)." in screen(client, importation)
    importation = run_action(importation, verb)
    assert importation.etat == (EtatImport.VERIFIE if verb == "annuler" else EtatImport.FAIT)


class Killed(BaseException):
    pass


@pytest.mark.parametrize("verb", ["creer", "annuler"])
def test_a_worker_killed_in_the_middle_leaves_nothing_half_done_and_is_taken_over(
    client, monkeypatch, tree, import_file, run_action, verb
):
    importation = import_file(TWO)
    if verb == "annuler":
        importation = run_action(importation, "creer")
    before = titles()
    work, done = run._make_one, []

    def dies_at_the_second(*args, **kwargs):
        if done:
            raise Killed
        done.append(work(*args, **kwargs))
        return done[0]

    def dies(*_args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(run, "_make_one", dies_at_the_second)
        patch.setattr(run.ReferenceIndex, "get_references_to", dies)
        patch.setattr(run, "get_image_model", dies)
        run_action(importation, verb)
    importation.refresh_from_db()
    assert (importation.travaille, titles()) == (True, before)
    for _twice in range(2):
        run.work_on_import.func(importation.pk)
    assert titles() == (["La scierie", "Le four"] if verb == "creer" else [])


def test_forgetting_a_file_keeps_its_fiches(tree, import_file, run_action):
    importation = run_action(import_file(FILE), "creer")
    assert run_action(importation, "oublier") is None
    assert Revision.objects.filter(object_id=str(FichePage.objects.get().pk)).count() == 1


# Pictures


class Pictures(BaseHTTPRequestHandler):
    def do_GET(self):
        moved = self.path == "/ailleurs.jpg"
        found = self.path == "/four.jpg"
        self.send_response(302 if moved else 200 if found else 404)
        if moved:
            self.send_header("Location", "/four.jpg")
        self.end_headers()
        if found:
            self.wfile.write(pictures.jpeg_with_position())

    def log_message(self, *args):
        pass


@pytest.fixture
def pictures_server(settings):
    settings.RALLYNOV_WEBHOOKS_LOOPBACK = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    Thread(target=partial(server.serve_forever, poll_interval=0.05), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_pictures_come_by_address_cleaned_and_leave_with_the_undoing(tree, import_file, run_action, pictures_server):
    importation = import_file(
        "innovation;organisation;photo;texte de remplacement de la photo\n"
        f"Un;A;{pictures_server}/ailleurs.jpg;Le four\n"
    )
    assert problems(importation) == []
    importation = run_action(importation, "creer")
    fiche = FichePage.objects.get()
    with fiche.photo.file.open("rb") as file:
        assert pictures.SECRET not in file.read()
    assert (fiche.photo_alt, fiche.photo.collection.name) == ("Le four", "Partenaires (privé)")
    assert fiche.latest_revision.as_object().photo == fiche.photo
    run_action(importation, "annuler")
    assert get_image_model().objects.count() == 0


def test_a_picture_that_cannot_be_had_or_is_not_described_is_told_and_left_out(
    client, tree, import_file, run_action, pictures_server
):
    rows = [f"Un;A;{pictures_server}/absente.jpg;oui", f"Deux;B;{pictures_server}/four.jpg;", "Trois;C;four.jpg;oui"]
    importation = import_file("innovation;organisation;photo;photo décorative\n" + "\n".join(rows))
    assert problems(importation) == [
        ("C3", "Décrivez l’image pour les personnes qui ne la voient pas, ou cochez « décorative »."),
        ("C4", "« four.jpg » n’est pas une adresse web."),
    ]
    importation = run_action(importation, "creer")
    assert problems(importation)[2:] == [("C2", "Le site ne peut pas télécharger cette image : la réponse est 404.")]
    assert "C2 : Le site ne peut pas" in screen(client, importation)
    assert [fiche.photo for fiche in FichePage.objects.all()] == [None, None, None]


def typed(fiche):
    fiche.chapo = "Tapé entre-temps."
    fiche.save_revision(user=fiche.owner, overwrite_revision=fiche.latest_revision)


def taken_over(fiche):
    fiche.chapo = "D’une autre main."
    fiche.save_revision(user=UserFactory())


def submitted(fiche):
    fiche.get_workflow().start(fiche, fiche.owner)


def published(fiche):
    fiche.latest_revision.publish()


@pytest.fixture
def meanwhile(monkeypatch, pictures_server, import_file, run_action):
    """Imports a fiche that changes while its picture is on its way."""

    def do(change):
        def slow(address, fetch=run.fetched_picture):
            change(FichePage.objects.get())
            return fetch(address)

        monkeypatch.setattr(run, "fetched_picture", slow)
        table = "innovation;organisation;photo;photo décorative\n"
        return run_action(import_file(f"{table}Un;A;{pictures_server}/four.jpg;oui\n"), "creer")

    return do


def test_a_picture_leaves_what_was_typed_while_it_came(meanwhile):
    assert problems(meanwhile(typed)) == []
    fiche = FichePage.objects.get()
    draft = fiche.get_latest_revision_as_object()
    assert (draft.chapo, draft.photo) == ("Tapé entre-temps.", fiche.photo)
    assert fiche.photo is not None


@pytest.mark.parametrize("change", [taken_over, submitted, published])
def test_a_picture_that_nobody_read_is_not_set_on_a_fiche_of_others_in_review_or_online(meanwhile, change):
    importation = meanwhile(change)
    assert problems(importation) == [
        ("C2", "La fiche a depuis été modifiée par quelqu’un d’autre, soumise ou publiée : ajoutez l’image à la main.")
    ]
    fiche = FichePage.objects.get()
    assert (fiche.photo, fiche.get_latest_revision_as_object().photo) == (None, None)
    assert get_image_model().objects.count() == 0


@pytest.mark.parametrize("address", ["https://127.0.0.1/a.jpg", "https://[::1]/a.jpg", "https://169.254.169.254/a.jpg"])
def test_no_picture_is_fetched_from_inside(import_file, run_action, address):
    importation = import_file(f"innovation;organisation;photo;photo décorative\nUn;A;{address};oui\n")
    importation = run_action(importation, "creer")
    assert problems(importation) == [
        ("C2", "Le site ne peut pas télécharger cette image : Cette adresse n’est pas accessible au public.")
    ]


# Two lists of fiches with a group each


def editor_of(index, name):
    """A user whose group may add and change pages of one list."""
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for right in ("add_page", "change_page"):
        given = Permission.objects.get(codename=right, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=index, permission=given)
    user = UserFactory()
    user.groups.add(group)
    return user


@pytest.fixture
def jura(tree):
    return FicheIndexPageFactory(parent=tree.home, title="Fiches du Jura", slug="jura")


def test_unknown_columns_are_chosen_as_the_form_and_french_sort_them_without_those_that_are_filled(
    client, tree, import_file
):
    page = parsed(client, import_file("innovation;organisation;couleur;Effectif\nLe four;Les Fournées;pain;3\n"))
    groups = {
        group["label"]: [option.text for option in group.select("option")]
        for group in page.select("select[name=colonne-2] optgroup")
    }
    assert list(groups) == ["Innovation", "Grille", "Organisation", "Partenaires", "Publication"]
    assert groups["Organisation"][:3] == ["activité", "adresse", "code postal"]
    assert groups["Organisation"].index("logo") < groups["Organisation"].index("NAF")
    offered = {name for names in groups.values() for name in names}
    assert offered == {column.name for column in columns()} - {"innovation", "organisation", "effectif"}


def test_the_import_stands_in_the_menu_of_whom_may_import(client, tree):
    for role, shown in (("redaction", True), ("moderation", False), ("partenaire", False)):
        client.force_login(UserFactory(role=role))
        assert (SCREEN in client.get("/admin/").content.decode()) is shown


def listed(client):
    return list(client.get(SCREEN).context["imports"])


def test_partners_and_moderators_do_not_import(client, tree):
    for role in ("partenaire", "moderation"):
        client.force_login(UserFactory(role=role))
        assert client.get(SCREEN).status_code == 302
        assert client.post(SCREEN, {}).status_code == 302


def test_the_list_of_the_drafts_is_chosen_where_there_are_several(client, tree, redaction, import_file, run_action):
    assert BeautifulSoup(client.get(SCREEN).content, "html.parser").select("#id_liste") == []
    other = FicheIndexPageFactory(parent=tree.home, title="Fiches du Jura", slug="jura")
    choices = BeautifulSoup(client.get(SCREEN).content, "html.parser").select("#id_liste option")
    assert [each["value"] for each in choices if each.has_attr("selected")] == [str(tree.fiches.pk)]
    assert {each["value"]: each.text for each in choices} == {
        str(tree.fiches.pk): tree.fiches.title,
        str(other.pk): "Fiches du Jura",
    }
    twin = FicheIndexPageFactory(parent=tree.home, title="Fiches du Jura", slug="autre-jura")
    choices = BeautifulSoup(client.get(SCREEN).content, "html.parser").select("#id_liste option")
    assert choices[-1].text == f"Fiches du Jura ({twin.full_url})"
    assert import_file(FILE) is None
    assert import_file.answer.context["form"].errors == {"liste": ["Ce champ est obligatoire\u00a0: remplissez-le."]}
    run_action(import_file(FILE, liste=other.pk), "creer")
    assert FichePage.objects.get().get_parent().pk == other.pk


def test_an_import_into_another_list_is_neither_read_nor_touched(client, tree, jura, import_file, run_action):
    importation = run_action(import_file(FILE, liste=tree.fiches.pk), "creer")
    client.force_login(editor_of(jura, "Jura"))
    assert listed(client) == []
    address = f"{SCREEN}{importation.pk}/"
    for path in ("", "annuler/", "lignes.csv", "lignes.xlsx"):
        assert client.get(f"{address}{path}").status_code == 404
    for verb in ("annuler", "verifier", "creer", "oublier"):
        assert client.post(f"{address}{verb}/").status_code == 404
    assert (Importation.objects.get().etat, FichePage.objects.count()) == (importation.etat, 1)
    assert importation.nom not in client.get("/admin/fiches/").content.decode()
    client.force_login(editor_of(tree.fiches, "Doubs"))
    assert listed(client) == [importation]
    assert client.get(address).status_code == 200


def test_a_picture_of_the_site_is_taken_only_by_who_may_choose_it(client, tree, jura, import_file, run_action):
    private = Collection.get_first_root_node().add_child(name="Candidatures (privé)")
    image = get_image_model().objects.create(title="Four", width=8, height=8, collection=private)
    table = f"innovation;organisation;photo;photo décorative\nLe four;Les Fournées;image {image.pk};oui\n"
    importation = run_action(import_file(table, liste=tree.fiches.pk), "creer")
    assert importation.fiches.get().photo == image
    run_action(importation, "annuler")
    assert get_image_model().objects.filter(pk=image.pk).exists()
    client.force_login(editor_of(jura, "Jura"))
    assert problems(import_file(table)) == [("C2", f"Le site n’a pas d’image numéro {image.pk}.")]
