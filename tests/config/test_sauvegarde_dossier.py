"""A folder of backups holds whole ones, and the one that is being made."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.sauvegarde import dossier


@pytest.mark.parametrize(("days", "stays"), [(1, True), (8, False)])
def test_what_a_killed_backup_left_goes_when_nobody_can_be_writing_it(tmp_path, monkeypatch, days, stays):
    left = tmp_path / f"{dossier.BEGUN}4242"
    (left / "fichiers").mkdir(parents=True)
    (left / "fichiers" / "photo.jpg").write_bytes(b"x")
    long_ago = time.time() - days * 24 * 3600
    os.utime(left, (long_ago, long_ago))
    monkeypatch.setattr(dossier.base, "dump", lambda folder: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        dossier.make(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ([left.name] if stays else [])


def test_the_first_release_saves_a_database_in_which_nothing_is(tmp_path):
    root = Path(__file__).resolve().parents[2]
    env = {
        "PATH": os.environ["PATH"], "PYTHONPATH": f"{root}:{root / 'site'}", "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'vide.sqlite3'}", "MEDIA_ROOT": str(tmp_path / "media"),
        "RALLYNOV_PRIVATE_ROOT": str(tmp_path / "prive"),
    }  # fmt: skip
    command = [sys.executable, "manage.py", "sauvegarder", tmp_path / "sauvegardes"]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert len(dossier.all_in(tmp_path / "sauvegardes")) == 1
