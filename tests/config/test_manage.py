"""The command line goes where each command has to."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import manage


@pytest.mark.nightly
@pytest.mark.parametrize("command", ["sauvegarder", "echeances", "showmigrations", "retention"])
def test_a_command_without_its_database_says_so_in_one_line(tmp_path, command):
    arguments = {"sauvegarder": [tmp_path / "s"], "retention": ["--a-blanc"]}.get(command, [])
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # listens to nobody
        done = run(command, *arguments, database=f"postgres://site:s3cret@127.0.0.1:{closed.getsockname()[1]}/site")
    assert (done.returncode, done.stderr) == (
        1,
        "La base de données ne répond pas : vérifiez DATABASE_URL et le serveur, puis relancez la commande.\n",
    )


@pytest.mark.nightly
def test_a_fault_of_a_command_keeps_its_traceback(tmp_path):
    done = run("roles", database=f"sqlite:///{tmp_path / 'vide.sqlite3'}")
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback") and "no such table" in done.stderr


def run(*arguments, database):
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.dev", "DATABASE_URL": database}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=Path(manage.__file__).parent, env=env, capture_output=True, text=True)
