"""A site of its own for each test of faults: its database copied from one that is made once, its servers real."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.pannes.serveurs import AS_ROOT, ROOT, PostgreSQL, Site, owned_folder

ROUNDS = int(os.environ.get("RALLYNOV_TOURS", "0"))
"""How often the tests of faults do what they do; 0: each as often as the continuous integration has time for."""


@pytest.fixture
def rounds():
    """``rounds(few)``: few in the continuous integration, ``RALLYNOV_TOURS`` where somebody takes the time."""
    return lambda few: ROUNDS or few


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A folder that the processes of one run of pytest share; ``RALLYNOV_MODELE`` names one that outlives it."""
    kept = os.environ.get("RALLYNOV_MODELE")
    base = tmp_path_factory.getbasetemp()
    folder = Path(kept) if kept else base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    (folder / "modele").mkdir(exist_ok=True)
    return folder / "modele"


@pytest.fixture(scope="session")
def modele(shared):
    """``(the data of a stopped PostgreSQL, seed)``: a base « modele », migrated and filled, made by who comes first."""
    seed = shared / "semence.json"
    with (shared / "verrou").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not seed.exists():
            with owned_folder() as folder:
                server = PostgreSQL(folder).create().start()
                try:
                    server.query('CREATE DATABASE "modele"')
                    written = fill(Site(shared / "site", server.url("modele"), RALLYNOV_TOURS=ROUNDS))
                finally:
                    server.stop("fast")
                shutil.copytree(server.data, shared / "data", symlinks=True)
            seed.write_text(written)
    return shared / "data", json.loads(seed.read_text())


def fill(site):
    script = ROOT / "tests/services/pannes/semence.py"
    done = subprocess.run(
        [sys.executable, script], cwd=ROOT, env=site.env, capture_output=True, text=True, timeout=1200
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.fixture(scope="session")
def cluster(modele):
    """A PostgreSQL that tests may mistreat; it runs when each begins."""
    data, _seed = modele
    with owned_folder() as folder:
        server = PostgreSQL(folder)
        shutil.copytree(data, server.data, symlinks=True)
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
def site(cluster, base, shared, tmp_path):
    """The site on this test's database, with its own files; nothing runs yet."""
    for folder in ("media", "private"):
        if (shared / "site" / folder).exists():
            shutil.copytree(shared / "site" / folder, tmp_path / "site" / folder)
    site = Site(tmp_path / "site", cluster.url(base))
    yield site
    site.stop()


@pytest.fixture(scope="session")
def modele_sqlite(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sqlite")
    return folder, json.loads(fill(Site(folder, f"sqlite:///{folder / 'site.sqlite3'}")))


@pytest.fixture
def site_sqlite(modele_sqlite, tmp_path):
    folder, seed = modele_sqlite
    shutil.copytree(folder, tmp_path / "site")
    return Site(tmp_path / "site", f"sqlite:///{tmp_path / 'site' / 'site.sqlite3'}"), seed
