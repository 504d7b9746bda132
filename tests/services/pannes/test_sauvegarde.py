"""The restore drill: a backup comes back whole, byte for byte, people log in, and who was erased since stays erased."""

import json
import shutil

import pytest

from tests.pictures import picture

CLOSED = {"django_session"}
"""What a restoration empties on purpose, and where it says that every kept response is old."""
COUNTS = (
    "[Dossier.objects.count(), FichePage.objects.live().count(), PieceJointe.objects.count(), Page.objects.count()]"
)


@pytest.fixture
def site_with_dossier(request, tmp_path):
    """``(site, seed)`` on either engine, with a dossier that has a private file."""
    if request.param == "postgresql":
        site, seed = request.getfixturevalue("site"), request.getfixturevalue("seed")
    else:
        site, seed = request.getfixturevalue("site_sqlite")
    site.serve()
    link = f"/candidature/{seed['dossiers'][0]}/images/"
    browser = site.browser()
    sent = browser.submit(link, {"photo_alt": "Une vache"}, files={"photo": ("v.jpg", picture(), "image/jpeg")})
    assert sent.status_code == 302
    yield site, seed
    site.stop()


def back_up(site, folder):
    told = site.command("sauvegarder", folder).stdout
    return type(folder)(told.split(" : ")[0])


def fingerprints(backup):
    """Of the files; the database's dump has its own dates."""
    payload = json.loads((backup / "sauvegarde.json").read_text())["empreintes"]
    return {
        name: value for name, value in payload.items() if "/effacements/" not in name and name.startswith("fichiers/")
    }


@pytest.mark.parametrize(
    "site_with_dossier", [pytest.param("postgresql", marks=pytest.mark.nightly), "sqlite"], indirect=True
)
def test_what_was_saved_comes_back_row_by_row_and_byte_by_byte(site_with_dossier, tmp_path):
    site, _seed = site_with_dossier
    site.browser().log_in()
    backup, before = back_up(site, tmp_path / "sauvegardes"), site.fingerprints()
    site.stop()
    site.ask("[d.delete() for d in Dossier.objects.all()[:5]] and FichePage.objects.all().update(chapo='Faux')")
    (site.folder / "media" / "intrus.jpg").write_bytes(b"x")
    changed = {table for table, told in site.fingerprints().items() if told != before[table]}
    assert {"rallynov_candidatures_dossier", "rallynov_fiches_fichepage"} <= changed

    site.manage("restaurer", backup, "--ecraser")
    after = site.fingerprints()
    assert {table for table in {*before, *after} if before.get(table) != after.get(table)} <= CLOSED
    assert fingerprints(back_up(site, tmp_path / "encore")) == fingerprints(backup)
    site.serve()
    assert site.browser().log_in().get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "site_with_dossier", ["postgresql", pytest.param("sqlite", marks=pytest.mark.nightly)], indirect=True
)
def test_what_was_saved_comes_back_but_for_the_erased(site_with_dossier, tmp_path):
    site, seed = site_with_dossier
    before = site.ask(COUNTS)
    backup = back_up(site, tmp_path / "sauvegardes")
    assert any(name.startswith("fichiers/prive/dossiers/") for name in fingerprints(backup))
    assert (backup.stat().st_mode & 0o077, backup.parent.stat().st_mode & 0o077) == (0, 0)

    # Life goes on, then the machine is lost: pictures gone, fiches deleted, a stranger's file left.
    staff = site.browser().log_in()
    site.command("effacer_personne", "jeanne1@x.test")
    site.ask("[d.delete() for d in Dossier.objects.filter(courriel='jeanne2@x.test')]")
    site.ask("FichePage.objects.all().first().delete()")
    site.stop()
    shutil.rmtree(site.folder / "media")
    (site.folder / "media").mkdir()
    (site.folder / "media" / "intrus.jpg").write_bytes(b"x")

    refused = site.command("restaurer", backup, check=False)
    assert "ajoutez --ecraser" in refused.stderr
    told = site.command("restaurer", backup, "--ecraser").stdout
    assert "2 effacement(s) rejoué(s)" in told  # the person, and the one dossier that was hers
    assert site.ask(COUNTS) == [before[0] - 1, *before[1:]]
    assert site.ask("Dossier.objects.filter(courriel='jeanne1@x.test').count()") == 0
    assert fingerprints(back_up(site, tmp_path / "encore")) == fingerprints(backup)

    site.serve()
    assert staff.get("/admin/").status_code == 302  # a session of before opens nothing
    assert site.browser().log_in().get("/admin/").status_code == 200
    assert site.get("/fiches/fiche-0/").status_code == 200
    assert site.get(f"/candidature/{seed['dossiers'][0]}/").status_code == 200
    assert site.get(f"/candidature/{seed['dossiers'][1]}/").status_code == 404


def test_a_backup_that_is_damaged_or_of_another_version_changes_nothing(site, seed, tmp_path):
    backup = back_up(site, tmp_path / "sauvegardes")
    payload = json.loads((backup / "sauvegarde.json").read_text())
    assert site.command("restaurer", backup, "--verifier").returncode == 0
    (backup / "sauvegarde.json").write_text(json.dumps(payload | {"version": payload["version"] - 1}))
    other = site.command("restaurer", backup, "--ecraser", check=False)
    assert "même version majeure" in other.stderr
    with (backup / "base.dump").open("r+b") as dump:
        dump.seek(100)
        dump.write(b"\0\0\0\0")
    damaged = site.command("restaurer", backup, "--ecraser", check=False)
    assert "abîmée" in damaged.stderr and "base.dump" in damaged.stderr
    assert site.ask("Dossier.objects.count()") == len(seed["dossiers"])


@pytest.mark.nightly
def test_only_as_many_backups_stay_as_the_operator_keeps(site, tmp_path):
    folder = tmp_path / "sauvegardes"
    # Started each time: a backup is named by its second.
    made = [folder / site.manage("sauvegarder", folder).stdout.split(" : ")[0] for _each in range(2)]
    assert "1 ancienne(s) retirée(s)" in site.manage("sauvegarder", folder, "--garder", 2).stdout
    left = sorted(folder.iterdir())
    assert len(left) == 2 and made[0] not in left and made[1] in left
