"""The site on one's own machine: when one of its parts ends, one line says which."""

import os

import pytest

from tools import serve

WAITS = ["-c", "import time; time.sleep(60)"]
KILLED = ["-c", "import os; os.kill(os.getpid(), 9)"]
FAILED = ["-c", "raise SystemExit(3)"]


@pytest.mark.parametrize(
    ("ends", "name", "how"),
    [
        (KILLED, "le travailleur des tâches", "signal 9"),
        (FAILED, "le site", "code 3"),
        (KILLED, "le travail périodique", "signal 9"),
    ],
)
def test_the_part_that_ended_is_named_in_one_line(monkeypatch, capfd, ends, name, how):
    parts = {part: ends if part == name else WAITS for part in serve.commands(8000)}
    monkeypatch.setattr(serve, "commands", lambda port: parts)
    assert serve.serve(8000, "http://127.0.0.1:8000", dict(os.environ)) == 1
    assert capfd.readouterr().err == f"Arrêt inattendu : {name} ({how}). Le reste est arrêté aussi.\n"
