"""A folder of backups holds whole ones, and the one that is being made."""

import os
import time

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
