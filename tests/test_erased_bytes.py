"""What is erased leaves the files of SQLite at once, while the server still runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.factories import FichePageFactory

pytestmark = pytest.mark.nightly
ROOT = Path(__file__).parents[1]
MARKER = "zorglubine"
ERASE = """
import django, sys
from pathlib import Path
django.setup()
from django.contrib.auth import get_user_model
from django.db import connection
from fiches.models import FichePage
from fiches.upkeep.personal_data.erasure import erase_person
file = Path(sys.argv[1])
held = lambda: sorted(each.name for each in file.parent.glob(file.name + "*") if b"zorglubine" in each.read_bytes().lower())
get_user_model().objects.create_user("someone", "zorglubine@ferme.test", "x", first_name="Jeanne", last_name="Zorglubine")
fiche = FichePage.objects.get(contact_nom="Jeanne Zorglubine")
fiche.save_revision().publish(skip_permission_checks=True)
print("before:", held())
erase_person("zorglubine@ferme.test", "Jeanne Zorglubine")
print("after:", held())
"""


def on_a_copy(program, tmp_path):
    """The lines that a program of another process prints, given a file that holds the test's database."""
    file = tmp_path / "db.sqlite3"
    file.write_bytes(connection.connection.serialize())
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": f"sqlite:///{file}",
        "MEDIA_ROOT": str(tmp_path / "media"),
        "RALLYNOV_PRIVATE_ROOT": str(tmp_path / "private"),
    }
    done = subprocess.run([sys.executable, "-c", program, str(file)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a file of SQLite")
def test_an_erased_person_is_in_no_file_of_the_database_while_it_is_open(tree, tmp_path):
    FichePageFactory(
        parent=tree.fiches,
        contact_nom="Jeanne Zorglubine",
        contact_nom_public=True,
        contact_courriel="zorglubine@ferme.test",
        chapo="Par Jeanne Zorglubine.",
    )
    before, after = [line for line in on_a_copy(ERASE, tmp_path) if line.startswith(("before:", "after:"))]
    assert (before, after) == ("before: ['db.sqlite3', 'db.sqlite3-wal']", "after: []")


READ = """
import django, sqlite3, sys, time
django.setup()
from django.conf import settings
from django.db import connection
from fiches.models import Courriel
from fiches.upkeep.database_journal import empty_journal
reader = sqlite3.connect(sys.argv[1], isolation_level=None)
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM rallynov_fiches_courriel").fetchone()
Courriel.objects.create(cle="x", modele="x", destinataires=[])
start = time.monotonic()
print("while read:", empty_journal(), time.monotonic() - start < 2)
reader.execute("COMMIT")
print("afterwards:", empty_journal())
print("usual wait:", connection.connection.execute("PRAGMA busy_timeout").fetchone()[0] > 1000)
"""


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a file of SQLite")
def test_an_erasure_waits_for_no_reader_and_the_journal_is_emptied_later(tree, tmp_path):
    done = on_a_copy(READ, tmp_path)
    assert done == ["while read: False True", "afterwards: True", "usual wait: True"]
