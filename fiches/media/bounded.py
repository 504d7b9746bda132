"""Reads files that may be hostile in a process of its own, of limited memory and time, that knows no secret.

The program is a module of ours that imports neither Django nor a setting: it gets the file on its standard input, and
writes a line of JSON, then bytes.
"""

import json
import logging
import os
import resource
import subprocess
import sys
from types import ModuleType
from typing import Any

from fiches.media.turns import turn

logger = logging.getLogger(__name__)

MEMORY = 640 * 1024 * 1024
SECONDS = 20
WAIT = 25
# All that the program is told of the environment: no key, no address of a database.
ENVIRONMENT = ("LANG", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH")


class TooMuch(Exception):  # noqa: N818 - said of the file
    """The file asked for more memory or time than it may take."""


def read(program: ModuleType, data: bytes, **arguments: Any) -> tuple[dict, bytes]:
    """What ``program`` answers to ``data``: its line of JSON and the bytes after it. One file at a time on the machine.

    :param arguments: what JSON can hold; the program gets them as its only argument.
    :raises TooMuch: when the program was stopped, or stopped by itself.
    :raises fiches.media.turns.Busy: when the turn of this file did not come in ``WAIT`` seconds.
    """
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    with (
        turn("reader", wait=WAIT),
        subprocess.Popen(
            [sys.executable, "-P", str(program.__file__), json.dumps(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**environment, "MALLOC_ARENA_MAX": "1"},
        ) as process,
    ):
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))  # before it is given anything to read
        try:
            answer, trouble = process.communicate(data, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise TooMuch from None
    if process.returncode:
        last = trouble.decode(errors="replace").strip().rpartition("\n")[2][:200]
        logger.warning("reader_stopped", extra={"code": process.returncode, "trouble": last})
        raise TooMuch
    header, _line, content = answer.partition(b"\n")
    return json.loads(header), content
