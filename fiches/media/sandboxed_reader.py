"""Runs a reader of untrusted files in a subprocess with limited memory and time, and without secrets in its environment.

The program is a module of this package that imports neither Django nor settings, directly or through another: it gets the file on
standard input, and writes a line of JSON, then bytes.
"""

import json
import logging
import os
import resource
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from fiches.upkeep.machine_lock import hold_machine_lock

logger = logging.getLogger(__name__)

# Bytes, and seconds, that the program may use.
MEMORY = 640 * 1024 * 1024
SECONDS = 20
# Seconds to wait for the lock: one file at a time is read on the machine.
WAIT = 25
# The directory from which the programs are imported.
PACKAGES = Path(__file__).resolve().parents[2]
# Environment variables passed to the program: no secret key, no database URL.
ENVIRONMENT = ("LANG", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH")


class TooMuch(Exception):  # noqa: N818 - describes the file
    """Reading the file takes more memory or time than allowed."""


def read(program: ModuleType, data: bytes, **arguments: Any) -> tuple[dict, bytes]:
    """Runs ``program`` on ``data``; returns its line of JSON, decoded, and the bytes after it.

    :param arguments: JSON-serializable values, which the program gets as its only command-line argument.
    :raises TooMuch: when the program exceeds its limits, or fails.
    :raises fiches.upkeep.machine_lock.Busy: when the machine-wide lock isn't free within ``WAIT`` seconds.
    """
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    path = [str(PACKAGES), *filter(None, [environment.get("PYTHONPATH")])]
    with (
        hold_machine_lock("reader", wait=WAIT),
        subprocess.Popen(
            [sys.executable, "-P", "-m", program.__name__, json.dumps(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**environment, "PYTHONPATH": os.pathsep.join(path), "MALLOC_ARENA_MAX": "1"},
        ) as process,
    ):
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))  # before it gets any data
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
