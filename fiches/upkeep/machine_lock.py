"""Locks of a site on a machine for work that takes much memory or processor time (PDF, reading uploads): one at a time.

A lock is a file lock, which the system releases when the process that holds it ends, however it ends.
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

# Seconds between two tries to get a lock.
POLL_INTERVAL = 0.05


class Busy(Exception):  # noqa: N818 - a state of the machine, not a fault of the caller
    """The lock was not free within the time that the caller could wait."""


@contextmanager
def hold_machine_lock(name: str, *, wait: float) -> Iterator[None]:
    """Context manager: holds the site’s lock ``name`` on this machine. Also excludes other threads; not reentrant.

    :param wait: seconds to wait at most; 0 tries once.
    :raises Busy: when the lock isn't free within that time.
    """
    with open(_folder() / f"{name}-{_site()}", "w") as lock:
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise Busy(name) from None
            time.sleep(POLL_INTERVAL)
        yield


def _site() -> str:
    """Tells this site from another one on the same machine: its database and its pictures."""
    database = settings.DATABASES["default"]
    identity = [str(database.get(key, "")) for key in ("ENGINE", "HOST", "PORT", "NAME")]
    return hashlib.sha256("\0".join([*identity, str(settings.MEDIA_ROOT)]).encode()).hexdigest()[:12]


def _folder() -> Path:
    """Returns the folder of the locks, which no other account of the machine can write to."""
    folder = Path(
        getattr(settings, "RALLYNOV_LOCKS_FOLDER", None) or Path(tempfile.gettempdir(), f"rallynov-{os.getuid()}")
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another account")
    return folder
