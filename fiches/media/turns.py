"""Work that a site does one at a time on a machine, because two at once would take its memory or its processors.

The lock is a file that the system lets go of with the process that holds it, however that process ends.
"""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LOOKS_EVERY = 0.05


class Busy(Exception):  # noqa: N818 - a state of the machine, not a fault of the caller
    """The turn did not come in the time that the caller could wait."""


@contextmanager
def turn(name: str, *, wait: float) -> Iterator[None]:
    """Holds the site's lock ``name`` on this machine for the block. Threads exclude each other too; a turn can't be taken again inside.

    :param wait: seconds to wait for it at most; 0 asks once.
    :raises Busy: when the turn did not come in that time.
    """
    until = time.monotonic() + wait
    with open(_folder() / f"{name}-{_site()}", "w") as lock:
        while not _taken(lock):
            if time.monotonic() >= until:
                raise Busy(name)
            time.sleep(LOOKS_EVERY)
        yield


def _taken(lock) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _site() -> str:
    """Tells this site from another one on the same machine: its database and its pictures."""
    database = settings.DATABASES["default"]
    told = [str(database.get(key, "")) for key in ("ENGINE", "HOST", "PORT", "NAME")]
    return hashlib.sha256("\0".join([*told, str(settings.MEDIA_ROOT)]).encode()).hexdigest()[:12]


def _folder() -> Path:
    """A folder that no other account of the machine can write to."""
    folder = Path(
        getattr(settings, "RALLYNOV_TURNS_FOLDER", None) or Path(tempfile.gettempdir(), f"rallynov-{os.getuid()}")
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another account")
    return folder
