"""A work of an import that fails: what was made before stays, what was typed stays, and the file is taken again."""

import io
import zipfile
from datetime import timedelta

import pytest

from fiches.admin.importation import import_tasks
from fiches.models import EtatImport, FichePage, Importation
from fiches.models.importation import private_storage
from fiches.upkeep import retention
from tests import pictures
from tests.factories import PartenaireFactory
from tests.formulaires import filled_form
from tests.redaction.import_problems import SCREEN, problems

pytestmark = [pytest.mark.django_db, pytest.mark.nightly]
DESCRIBED = "innovation;organisation;effectif;photo;photo décorative\n"
STORAGE_DOWN = (
    "Le travail s’est arrêté sur une erreur du site (OSError). Réessayez ; si l’erreur revient, prévenez "
    "l’administrateur du site."
)


def archive_of(*names):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name in names:
            archive.writestr(name, pictures.picture())
    return output.getvalue()


def screen(client, importation):
    answer = client.get(f"{SCREEN}{importation.pk}/")
    return " ".join(answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ").split())


def corrected_form(client, importation, **texts):
    """The form of the screen, with the wrong texts replaced; ``texts`` has what each becomes."""
    form = filled_form(client.get(f"{SCREEN}{importation.pk}/"), "form.a-corriger")
    return {name: texts.get(value, value) if isinstance(value, str) else value for name, value in form.items()}


def raise_storage_error(*_args, **_kwargs):
    raise OSError("storage down")


@pytest.fixture
def partial_import(client, tree, import_file, run_action):
    """An import of two rows: the fiche of the first is made, the second has an error."""
    data = f"{DESCRIBED}Un;A;3;four.jpg;oui\nDeux;B;douze;lait.jpg;oui\n"
    importation = import_file(data, archive=archive_of("four.jpg", "lait.jpg"))
    importation = run_action(importation, "creer")
    assert (importation.etat, FichePage.objects.get().title) == (EtatImport.FAIT, "Un")
    return importation


def retry_import(client, importation, run_action):
    """Takes the file again from its screen, and creates its fiches."""
    assert "Reprendre ce fichier" in screen(client, importation)
    importation = run_action(importation, "reprendre")
    assert (importation.etat, problems(importation)) == (EtatImport.VERIFIE, [])
    return run_action(importation, "creer", **corrected_form(client, importation))


@pytest.mark.parametrize("dead", [False, True])
def test_a_check_that_fails_leaves_what_was_made_before_and_what_was_typed(
    client, monkeypatch, partial_import, run_action, dead
):
    first = FichePage.objects.get()
    monkeypatch.setattr(import_tasks, "DuplicateFinder", raise_storage_error)
    monkeypatch.setattr(import_tasks, "MOST_TRIES", 0 if dead else 5)
    importation = run_action(partial_import, "corriger", **corrected_form(client, partial_import, douze="12"))
    monkeypatch.undo()
    assert (importation.etat, FichePage.objects.get()) == (EtatImport.ECHOUE, first)
    why = "Le travail s’est arrêté 0 fois." if dead else STORAGE_DOWN
    assert problems(importation) == [("", why)]
    page = screen(client, importation)
    assert why in page and "Brouillons créés : 1." in page and "Annuler cet import" in page
    importation = retry_import(client, importation, run_action)
    assert importation.etat == EtatImport.FAIT
    assert sorted(FichePage.objects.values_list("title", "effectif")) == [("Deux", 12), ("Un", 3)]
    assert all(fiche.photo for fiche in FichePage.objects.all())


def test_a_second_making_that_fails_takes_back_only_what_it_made(client, monkeypatch, tree, import_file, run_action):
    partner = PartenaireFactory(nom="Réseau")
    head = "innovation;organisation;effectif;partenaire associé\n"
    importation = run_action(import_file(f"{head}Un;A;3;\nDeux;B;douze;\nTrois;C;onze;Réseau\n"), "creer")
    first = FichePage.objects.get()
    importation = run_action(importation, "corriger", **corrected_form(client, importation, douze="12", onze="11"))
    partner.delete()
    importation = run_action(importation, "creer", **corrected_form(client, importation))
    why = "Ligne 4 : Le site ne connaît pas « Réseau ». Ajoutez-le d’abord, ou corrigez le nom."
    assert (importation.etat, problems(importation)) == (EtatImport.ECHOUE, [("", why)])
    assert FichePage.objects.get() == first
    assert why in screen(client, importation)
    PartenaireFactory(nom="Réseau")
    retry_import(client, importation, run_action)
    assert sorted(FichePage.objects.values_list("title", "effectif")) == [("Deux", 12), ("Trois", 11), ("Un", 3)]


def test_what_was_undone_and_made_again_is_taken_back_with_the_making_that_fails(client, tree, import_file, run_action):
    """A row of an earlier run whose fiche was taken away since belongs to the run that makes it again."""
    partner = PartenaireFactory(nom="Réseau")
    head = "innovation;organisation;effectif;partenaire associé\n"
    importation = import_file(f"{head}Un;A;3;\nDeux;B;4;Réseau\nTrois;C;douze;\n")
    importation = run_action(run_action(importation, "creer"), "creer")
    assert FichePage.objects.count() == 2
    importation = run_action(run_action(importation, "annuler"), "reprendre")
    partner.delete()
    importation = run_action(importation, "creer")
    assert (importation.etat, FichePage.objects.count()) == (EtatImport.ECHOUE, 0)


def test_a_storage_that_is_down_once_all_is_made_undoes_nothing(client, monkeypatch, tree, import_file, run_action):
    importation = import_file(f"{DESCRIBED}Un;A;3;four.jpg;oui\n", archive=archive_of("four.jpg"))
    monkeypatch.setattr(type(private_storage()), "delete", raise_storage_error)
    importation = run_action(importation, "creer")
    assert (importation.etat, problems(importation), FichePage.objects.count()) == (EtatImport.FAIT, [], 1)


def test_the_retention_takes_the_fetched_pictures_of_an_import_with_it(client, partial_import):
    paths = [path for row in partial_import.importees.all() for path in row.fichiers.values()]
    assert len(paths) == 2 and all(map(private_storage().exists, paths))
    retention.delete_too_old(partial_import.cree + timedelta(days=181))
    assert not Importation.objects.exists()
    assert not any(map(private_storage().exists, paths))
    assert FichePage.objects.count() == 1
