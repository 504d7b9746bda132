"""Each app's last migration, undone and done again where there is content: nothing that it didn't bring is lost.

``RALLYNOV_TOURS`` says how many of each app.
"""

import shutil

import pytest

from tests.demonstration import demo as demo
from tests.services.pannes.aller_retour import ROOT
from tests.services.pannes.serveurs import Site


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.nightly), "postgresql"])
def filled(request, tmp_path):
    """The demonstration on one file; a few fiches and many dossiers on PostgreSQL."""
    if request.param == "postgresql":
        yield request.getfixturevalue("site")
        return
    shutil.copytree(request.getfixturevalue("demo"), tmp_path, dirs_exist_ok=True)
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'db.sqlite3'}")
    site.ask("demonstrate()")  # only the translations are missing
    yield site
    site.close()


def test_a_migration_that_is_undone_and_done_again_loses_nothing(filled, rounds):
    steps = filled.ask(f"steps({rounds(1)})")
    seconds = [*ROOT.glob("*/migrations/0002_*.py"), *ROOT.glob("*/*/migrations/0002_*.py")]
    assert {app.removeprefix("rallynov_") for app, _undone, _kept in steps} == {file.parts[-3] for file in seconds}
    found = {f"{app}.{undone}": filled.ask(f"losses({app!r}, {kept!r})") for app, undone, kept in steps}
    assert {name: lost for name, lost in found.items() if lost} == {}
