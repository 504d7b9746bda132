"""The readers of untrusted files as the tests start them: in a copy of a process that has imported them, since their imports take
longer than most files of the tests. The rest is as on the site: their limits, the turn that they wait for, what they answer."""

import multiprocessing
import os
import runpy
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from types import SimpleNamespace

import pytest

from fiches.media import sandboxed_reader

IMPORTED = [f"fiches.media.{name}" for name in ("document_reader", "document_text", "image_reader", "pdf_documents")]
FORK_SERVER = multiprocessing.get_context("forkserver")
FORK_SERVER.set_forkserver_preload([__name__, *IMPORTED])


def run(command, variables, pipe):
    """In the copy: what ``python -m`` would do with the command, once the data are here."""
    os.environ.clear()
    os.environ.update(variables)
    sys.argv[:] = command[command.index("-m") + 1 :]
    sys.stdin, sys.stdout = TextIOWrapper(BytesIO(pipe.recv_bytes())), TextIOWrapper(BytesIO())
    runpy.run_module(sys.argv[0], run_name="__main__")
    pipe.send_bytes(sys.stdout.buffer.getvalue())


class ReaderProcess:
    """What `sandboxed_reader` uses of a ``subprocess.Popen``."""

    def __init__(self, command, *, env, **_pipes):
        self.pipe, theirs = FORK_SERVER.Pipe()
        self.process = FORK_SERVER.Process(target=run, args=(command, env, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.pid, self.kill = self.process.pid, self.process.kill

    def __enter__(self):
        return self

    def __exit__(self, *_raised):
        self.process.join()

    def communicate(self, data, timeout):
        self.pipe.send_bytes(data)
        if not self.pipe.poll(timeout):
            raise subprocess.TimeoutExpired("", timeout)
        try:
            answer = self.pipe.recv_bytes()
        except EOFError:
            answer = b""
        self.process.join()
        self.returncode = self.process.exitcode
        return answer, b""


SUBPROCESS = SimpleNamespace(Popen=ReaderProcess, PIPE=subprocess.PIPE, TimeoutExpired=subprocess.TimeoutExpired)


@pytest.fixture(scope="session", autouse=True)
def _readers_already_imported():
    sandboxed_reader.subprocess = SUBPROCESS
    yield
    sandboxed_reader.subprocess = subprocess


@pytest.fixture
def readers_started_anew(monkeypatch):
    """The readers start as on the site."""
    monkeypatch.setattr(sandboxed_reader, "subprocess", subprocess)
