"""Fiches brought in a spreadsheet, from the template to the undoing; and what goes wrong, told cell by cell."""

import io
import re
import zipfile
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult
from wagtail.images import get_image_model
from wagtail.models import Revision

from fiches.admin.importation import import_tasks
from fiches.admin.importation.table_reader import read_table
from fiches.models import EtatImport, FichePage, Importation
from fiches.upkeep import lease
from tests import pictures
from tests.factories import (
    EditionFactory,
    FichePageFactory,
    PartenaireFactory,
    UserFactory,
)
from tests.redaction.import_problems import SCREEN, problems

pytestmark = pytest.mark.django_db


def test_a_file_becomes_drafts_and_is_undone_as_a_whole(client, tree, redaction, import_file, run_action):
    importation = import_file(
        "innovation;organisation;chapô;texte;adresse;effectif;mots-clés\n"
        'Le four partagé;Les Fournées;Un four.;"Un\n\nDeux";3 rue du Puits, 39100 Dole;12;pain | partage\n'
        "La scierie;Bois du Haut;;;;;\n"
    )
    assert (importation.etat, importation.problemes, FichePage.objects.count()) == (EtatImport.VERIFIE, [], 0)
    assert "Créer 2 brouillons" in client.get(f"{SCREEN}{importation.pk}/").content.decode()
    importation = run_action(importation, "creer")
    assert (importation.etat, importation.faites) == (EtatImport.FAIT, 2)
    oven, sawmill = FichePage.objects.order_by("pk")
    assert (oven.title, oven.organisation, oven.effectif, oven.live) == ("Le four partagé", "Les Fournées", 12, False)
    assert (oven.owner, oven.commune.nom, oven.departement) == (redaction, "Dole", "39")
    assert str(oven.corps[0].value) == "<p>Un</p><p>Deux</p>"
    assert sorted(tag.name for tag in oven.mots_cles.all()) == ["pain", "partage"]
    assert oven.latest_revision.user == redaction
    assert oven.get_latest_revision_as_object().effectif == 12
    importation = run_action(importation, "annuler")
    assert (importation.etat, FichePage.objects.count()) == (EtatImport.ANNULE, 0)


@pytest.mark.nightly
def test_undoing_does_not_wait_for_the_index_of_what_was_made(settings, tree, import_file, run_action):
    """With 131 fiches the undoing waited for 15 seconds: their tasks of the index and of the references came first."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

    def work_once():
        """Does the task that the worker would take next; the worker itself closes the connection of the tests."""
        task = DBTaskResult.objects.ready().first()
        import_string(task.task_path).func(*task.args_kwargs["args"])
        task.delete()

    importation = import_file("innovation;organisation\nLe four partagé;Les Fournées\nLa scierie;Bois du Haut\n")
    work_once()
    run_action(importation, "creer")
    work_once()
    assert FichePage.objects.count() == 2
    run_action(importation, "annuler")
    work_once()
    assert FichePage.objects.count() == 0


def test_undoing_spares_what_somebody_changed_since_and_says_so(tree, import_file, run_action):
    importation = run_action(import_file("innovation,organisation\nUn,A\nDeux,B\n"), "creer")
    changed = FichePage.objects.get(title="Deux")
    changed.chapo = "Retouchée."
    changed.save_revision()
    importation = run_action(importation, "annuler")
    assert [fiche.title for fiche in FichePage.objects.all()] == ["Deux"]
    assert problems(importation) == [("", "« Deux » a changé depuis : la fiche reste.")]


def test_undoing_spares_what_somebody_changes_while_it_goes_on(monkeypatch, tree, import_file, run_action):
    """The undoing of 2,000 fiches takes minutes, and the drafts of its last rows are at work in the meantime."""
    importation = run_action(import_file("innovation,organisation\nUn,A\nDeux,B\nTrois,C\n"), "creer")
    note = import_tasks._note_progress

    def somebody_works(importation, done):
        changed = FichePage.objects.get(title="Deux")
        if changed.latest_revision.object_str == "Deux":
            changed.title = "Deux, corrigée"
            changed.save_revision()
        note(importation, done)

    monkeypatch.setattr(import_tasks, "AT_ONCE", 1)
    monkeypatch.setattr(import_tasks, "_note_progress", somebody_works)
    importation = run_action(importation, "annuler")
    assert [fiche.draft_title for fiche in FichePage.objects.all()] == ["Deux, corrigée"]
    assert problems(importation) == [("", "« Deux, corrigée » a changé depuis : la fiche reste.")]
    assert importation.etat == EtatImport.ANNULE


@pytest.mark.nightly
def test_an_undoing_that_fails_on_the_way_says_what_is_left_and_is_tried_again(
    client, monkeypatch, tree, import_file, run_action
):
    importation = run_action(import_file("innovation,organisation\nUn,A\nDeux,B\nTrois,C\n"), "creer")
    delete = import_tasks._delete

    def stumbles(rows):
        if "Deux" in [row.fiche.title for row in rows]:
            raise OSError("disk")
        return delete(rows)

    monkeypatch.setattr(import_tasks, "_delete", stumbles)
    importation = run_action(importation, "annuler")
    assert [fiche.title for fiche in FichePage.objects.all()] == ["Deux"]
    assert importation.etat == EtatImport.ANNULE_EN_PARTIE
    assert problems(importation) == [("", "« Deux » n’a pas pu être retirée (OSError).")]
    page = client.get(f"{SCREEN}{importation.pk}/").content.decode()
    assert "n’a pas pu être retirée" in page
    assert "Reprendre l’annulation" in page
    monkeypatch.setattr(import_tasks, "_delete", delete)
    importation = run_action(importation, "annuler")
    assert (importation.etat, importation.problemes, FichePage.objects.count()) == (EtatImport.ANNULE, [], 0)
    assert "annulation" not in client.get(f"{SCREEN}{importation.pk}/").content.decode().split("suivi")[1]


@pytest.mark.nightly
def test_an_undoing_whose_workers_all_died_is_tried_again(tree, import_file, run_action):
    importation = run_action(import_file("innovation,organisation\nUn,A\n"), "creer")
    Importation.objects.update(etat=EtatImport.ANNULATION, essais=import_tasks.MOST_TRIES)
    import_tasks.work_on_import.func(importation.pk)
    importation.refresh_from_db()
    assert (importation.etat, FichePage.objects.count()) == (EtatImport.ANNULE_EN_PARTIE, 1)
    importation = run_action(importation, "annuler")
    assert (importation.etat, FichePage.objects.count()) == (EtatImport.ANNULE, 0)


@pytest.mark.nightly
def test_what_a_failed_making_could_not_take_back_is_told_and_taken_back_later(
    monkeypatch, tree, import_file, run_action
):
    partner = PartenaireFactory(nom="Réseau")
    importation = import_file("innovation;organisation;partenaire associé\nUn;A;\nDeux;B;Réseau\n")
    partner.delete()
    delete = import_tasks._delete
    monkeypatch.setattr(import_tasks, "_delete", lambda rows: 1 / 0)
    importation = run_action(importation, "creer")
    assert importation.etat == EtatImport.ECHOUE
    assert problems(importation)[1:] == [("", "« Un » n’a pas pu être retirée (ZeroDivisionError).")]
    monkeypatch.setattr(import_tasks, "_delete", delete)
    importation = run_action(importation, "annuler")
    assert (importation.etat, FichePage.objects.count()) == (EtatImport.ANNULE, 0)


def test_each_problem_is_told_with_its_cell_and_only_the_good_line_is_made(client, import_file, run_action):
    importation = import_file(
        "innovation;organisation;effectif;SIRET;commune;statut juridique;couleur;téléphone;photo\n"
        ";Les Fournées;douze;123;Atlantis;SCOP;rouge;12;four.jpg\n"
        "Bon;Les Bons;3;;Dole;SCOP;;;\n"
        "Autre;Les Autres;;;;SCRL;;;\n"
        "Grand;Les Grands;12345678;;;;;;\n"
    )
    found = dict(problems(importation))
    assert "G1" not in found  # a column that is not known is left out
    assert found["A2"] == "Ce champ ne peut pas être vide."
    assert found["C2"] == "« douze » n’est pas un nombre entier."
    assert found["C5"] == "« 12345678 » est un nombre trop grand."
    assert found["D2"] == "Le SIRET est incorrect : il a 14 chiffres."
    assert found["E2"].startswith("« Atlantis » n’est pas une commune de Franche-Comté.")
    assert found["F4"].startswith("« SCRL » est incorrect. Écrivez un de ces mots : association, SARL")
    assert found["H2"].startswith("« 12 » n’est pas un numéro de téléphone.")
    assert found["I2"] == "« four.jpg » n’est ni une adresse web, ni dans l’archive."
    page = client.get(f"{SCREEN}{importation.pk}/").content.decode()
    assert "n’est pas un nombre entier." in re.split(r"\sC2\s", page)[1][:900]
    run_action(importation, "creer")
    assert [fiche.title for fiche in FichePage.objects.all()] == ["Bon"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encoding_and_separator_are_guessed(encoding, separator):
    text = f'innovation{separator}organisation\n"L’œuvre ; partagée, été"{separator}Énergie & Cie\n'
    table = read_table(
        io.BytesIO(text.encode(encoding)), "x.csv", lambda heading: heading in {"innovation", "organisation"}
    )
    assert table.headings == ["innovation", "organisation"]
    assert table.rows == [(2, ["L’œuvre ; partagée, été", "Énergie & Cie"])]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "vide"),
        (b"innovation;organisation\n", "aucune ligne"),
        (b"PK\x03\x04 broken", "incomplet ou abîmé"),
        (b"\xff\xfe\x00", "ne peut pas lire ce fichier"),
        (
            b"innovation;organisation\n" + b"a;b\n" * 2001,
            "2001 fiches : 2000 au plus à la fois. Coupez ce fichier en 2.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(client, import_file, data, message):
    assert import_file(data) is None
    page = import_file.answer.content.decode().replace("\u202f", "").replace("\u00a0", " ")
    assert import_file.answer.status_code == 200
    assert message in page.split('class="error-message"')[1][:300]


def test_duplicates_are_shown_and_left_out_unless_they_are_wanted(client, tree, import_file, run_action):
    known = FichePageFactory(parent=tree.fiches, title="Le four partagé", organisation="Les Fournées")
    text = "innovation;organisation\nle Four partage;les fournées\nNeuve;X\nNeuve;X\n"
    importation = import_file(text)
    assert [(each["rang"], each["de"].get("fiche"), each["de"].get("rang")) for each in importation.doublons] == [
        (2, known.pk, None),
        (4, None, 3),
    ]
    assert "ressemble à" in client.get(f"{SCREEN}{importation.pk}/").content.decode()
    run_action(importation, "creer")
    assert [fiche.title for fiche in FichePage.objects.exclude(pk=known.pk)] == ["Neuve"]
    run_action(import_file(text), "creer", doublon=["2", "3", "4"])
    assert FichePage.objects.filter(title="Neuve").count() == 3


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
    run_action(importation, "annuler")
    assert get_image_model().objects.count() == 0


def test_a_picture_that_cannot_be_had_or_is_not_described_is_a_problem_of_its_cell(import_file, pictures_server):
    importation = import_file(f"innovation;organisation;photo\nUn;A;{pictures_server}/absente.jpg\n")
    assert problems(importation) == [
        ("C2", "Décrivez l’image pour les personnes qui ne la voient pas, ou cochez « décorative »."),
        ("C2", "Le site ne peut pas télécharger cette image : la réponse est 404."),
    ]


@pytest.mark.parametrize("address", ["https://127.0.0.1/a.jpg", "https://[::1]/a.jpg", "https://169.254.169.254/a.jpg"])
def test_no_picture_is_fetched_from_inside(import_file, address):
    importation = import_file(f"innovation;organisation;photo;photo décorative\nUn;A;{address};oui\n")
    assert problems(importation) == [
        ("C2", "Le site ne peut pas télécharger cette image : Cette adresse n’est pas accessible au public.")
    ]


def test_pictures_come_in_an_archive_by_their_names(tree, import_file, run_action):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("photos/Four.JPG", pictures.picture())
        archive.writestr("../../etc/passwd", b"x")
    importation = import_file(
        "innovation;organisation;photo;photo décorative;logo;logo décoratif\nUn;A;four.jpg;oui;passwd;oui\n",
        archive=output.getvalue(),
    )
    assert [cell for cell, _text in problems(importation)] == ["E2"]
    importation = import_file(
        "innovation;organisation;photo;photo décorative\nUn;A;four.jpg;oui\n", archive=output.getvalue()
    )
    run_action(importation, "creer")
    assert FichePage.objects.get().photo.width == 120


@pytest.mark.nightly
def test_a_worker_killed_in_the_middle_is_taken_over_where_it_stopped(monkeypatch, tree, import_file, run_action):
    importation = import_file("innovation;organisation\nUn;A\nDeux;B\nTrois;C\n")

    class Killed(BaseException):
        pass

    make_one, made = import_tasks._make_one, []

    def dies_at_the_second(importation, headings, number, texts, records):
        if len(made) == 1:
            raise Killed
        made.append(number)
        make_one(importation, headings, number, texts, records)

    monkeypatch.setattr(import_tasks, "_make_one", dies_at_the_second)
    run_action(importation, "creer")
    assert [fiche.title for fiche in FichePage.objects.all()] == ["Un"]
    monkeypatch.setattr(import_tasks, "_make_one", make_one)
    assert import_tasks.resume_pending() == 0
    Importation.objects.update(tenu_jusqu_a=timezone.now() - lease.LEASE)
    assert import_tasks.resume_pending() == 1
    assert sorted(fiche.title for fiche in FichePage.objects.all()) == ["Deux", "Trois", "Un"]
    assert Importation.objects.get().etat == EtatImport.FAIT


@pytest.mark.nightly
def test_a_row_that_takes_longer_than_the_lease_is_not_made_by_a_second_worker_as_well(
    monkeypatch, tree, import_file, run_action
):
    make_one, beating, resumed = import_tasks._make_one, [], []

    @contextmanager
    def heartbeat(renew):
        """Without its thread, whose connection sees nothing of a test's transaction."""
        beating.append(renew)
        yield
        beating.remove(renew)

    def long(importation, headings, number, texts, records):
        Importation.objects.update(tenu_jusqu_a=timezone.now() - timedelta(minutes=3))  # what the claim held is over
        for renew in beating:
            renew()
        resumed.append(import_tasks.resume_pending())
        make_one(importation, headings, number, texts, records)

    monkeypatch.setattr(import_tasks, "Heartbeat", heartbeat)
    importation = import_file("innovation;organisation\nUn;A\n")
    monkeypatch.setattr(import_tasks, "_make_one", long)
    importation = run_action(importation, "creer")
    assert (resumed, importation.etat, importation.tenu_jusqu_a) == ([0], EtatImport.FAIT, None)
    assert [fiche.title for fiche in FichePage.objects.all()] == ["Un"]
    assert beating == []


def test_one_line_that_fails_keeps_none(monkeypatch, tree, import_file, run_action):
    partner = PartenaireFactory(nom="Réseau")
    importation = import_file("innovation;organisation;partenaire associé\nUn;A;\nDeux;B;Réseau\n")
    assert importation.problemes == []
    partner.delete()
    importation = run_action(importation, "creer")
    assert (importation.etat, FichePage.objects.count()) == (EtatImport.ECHOUE, 0)
    assert problems(importation) == [
        ("", "Ligne 3 : Le site ne connaît pas « Réseau ». Ajoutez-le d’abord, ou corrigez le nom.")
    ]


def test_partners_and_moderators_do_not_import(client, tree):
    for role in ("partenaire", "moderation"):
        client.force_login(UserFactory(role=role))
        assert client.get(SCREEN).status_code == 302
        assert client.post(SCREEN, {}).status_code == 302


def test_the_template_is_read_without_a_problem(client, tree, import_file):
    EditionFactory(annee=2013)
    answer = client.get(f"{SCREEN}modele.csv")
    text = answer.getvalue().decode("utf-8-sig").replace("https://fournees.example/four.jpg", "")
    importation = import_file(text.encode())
    assert problems(importation) == []
    assert client.get(f"{SCREEN}modele.xlsx").getvalue().startswith(b"PK")
    assert client.get(f"{SCREEN}modele.pdf").status_code == 404


def test_rich_text_of_an_import_is_sifted(tree, import_file, run_action):
    blocks = '[{""type"": ""texte"", ""value"": ""<p onclick=x>a<script>b</script><img src=x></p>""}]'
    importation = import_file(f'innovation;organisation;blocs\nUn;A;"{blocks}"\n')
    assert problems(importation) == []
    assert problems(run_action(importation, "creer")) == []
    body = str(FichePage.objects.get().corps[0].value)
    assert ("script" in body, "onclick" in body, "img" in body) == (False, False, False)


@pytest.mark.parametrize("blocks", ["{", '[{""type"": ""inconnu"", ""value"": 1}]', "[1]", '{""a"": 1}'])
def test_blocks_that_cannot_be_read_are_a_problem_of_their_cell(import_file, blocks):
    importation = import_file(f'innovation;organisation;blocs\nUn;A;"{blocks}"\n')
    assert problems(importation) == [
        ("C2", "Le site ne peut pas lire les blocs. Laissez cette cellule comme dans le fichier exporté.")
    ]


def test_forgetting_a_file_keeps_its_fiches(tree, import_file, run_action):
    importation = run_action(import_file("innovation;organisation\nUn;A\n"), "creer")
    assert run_action(importation, "oublier") is None
    assert FichePage.objects.count() == 1
    assert Revision.objects.filter(object_id=str(FichePage.objects.get().pk)).count() == 1
