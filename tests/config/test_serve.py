"""The site on one's own machine: when one of its parts ends, one line says which."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack

import pytest

from tools import serve

pytestmark = pytest.mark.nightly

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


@pytest.fixture
def served(tmp_path, monkeypatch):
    """The port of an application that answers at once, served as `make run` serves the site."""
    (tmp_path / "answers.py").write_text(
        "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'ok']\n"
    )
    with socket.socket() as probe:
        probe.bind((serve.HOST, 0))
        port = probe.getsockname()[1]
    arguments = serve.commands(port)["le site"]
    arguments[arguments.index("config.wsgi")], arguments[arguments.index("site")] = "answers", str(tmp_path)
    program = subprocess.Popen([sys.executable, *arguments])
    for _attempt in range(100):
        with socket.socket() as probe:
            if probe.connect_ex((serve.HOST, port)) == 0:
                break
        time.sleep(0.1)
    yield port
    program.terminate()
    program.wait(timeout=20)


def test_connections_that_say_nothing_do_not_keep_others_waiting(served):
    """A browser opens some in advance; two of them stopped a site of two processes without threads."""
    with ExitStack() as idle:
        for _number in range(3):
            idle.enter_context(socket.create_connection((serve.HOST, served)))
        with urllib.request.urlopen(f"http://{serve.HOST}:{served}/", timeout=10) as answer:
            assert answer.read() == b"ok"
