"""A site of its own for each test of faults: its database copied from one that is made once, its servers real."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.services.pannes.serveurs import AS_ROOT, ROOT, PostgreSQL, Site, owned_folder

# What waits for the night: leases and clocks, whose tests wait a minute and more, and what stands around the site.
BY_NIGHT = {"test_baux", "test_pannes_alentours", "test_travaux_a_plusieurs"}


def pytest_itemcollected(item):
    """Each test has servers of its own: any worker takes it."""
    item.add_marker(pytest.mark.xdist_group(item.name))
    if item.path.stem in BY_NIGHT:
        item.add_marker(pytest.mark.nightly)


@pytest.fixture(scope="session")
def modele(make_once):
    """``(folder, seed)``: there « data » of a stopped PostgreSQL whose base « modele » is filled, and its site's files."""

    def make(made):
        with owned_folder() as folder:
            server = PostgreSQL(folder).create().start()
            try:
                server.migrated_base("modele")
                seed = fill(Site(made / "site", server.url("modele")))
            finally:
                server.stop("fast")
            shutil.copytree(server.data, made / "data", symlinks=True)
        return seed

    return make_once("postgresql", make)


def fill(site):
    """Migrates and fills; what the tests need to know of it."""
    script = ROOT / "tests/services/pannes/semence.py"
    env = {**site.env, "RALLYNOV_TOURS": os.environ.get("RALLYNOV_TOURS", "0")}
    done = subprocess.run([sys.executable, script], cwd=ROOT, env=env, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def cluster(modele):
    """A PostgreSQL that tests may mistreat; it runs when each begins."""
    with owned_folder() as folder:
        server = PostgreSQL(folder)
        shutil.copytree(modele[0] / "data", server.data, symlinks=True)
        if AS_ROOT:
            subprocess.run(["chown", "-R", "postgres:", server.data], check=True)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def seed(modele):
    return modele[1]


@pytest.fixture
def base(cluster, request):
    """The name of this test's own database."""
    name = f"essai_{abs(hash(request.node.name)) % 10**8}"
    cluster.copy_base(name, "modele")
    yield name
    cluster.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def site(cluster, base, modele, tmp_path):
    """The site on this test's database, with its own files; nothing runs yet."""
    shutil.copytree(modele[0] / "site", tmp_path / "site", ignore=shutil.ignore_patterns("mails"))
    site = Site(tmp_path / "site", cluster.url(base))
    yield site
    site.close()


@pytest.fixture
def site_sqlite(make_once, migrated_sqlite, tmp_path):
    """``(site, seed)``: the same on one file."""
    folder, seed = make_once("sqlite-rempli", lambda made: fill(migrated_sqlite(made)))
    shutil.copytree(folder, tmp_path / "site")
    site = Site(tmp_path / "site", f"sqlite:///{tmp_path / 'site' / 'site.sqlite3'}")
    yield site, seed
    site.close()
