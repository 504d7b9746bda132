"""Where pictures, documents and applicants' files are kept: this machine's disk, unless it is :mod:`config.seau`.

A file is there whole or not at all: whoever is killed, or finds the disk full, leaves nothing under its name.
"""

import errno
import os
import posixpath
import time
import uuid
from contextlib import suppress
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

# How the name of a file begins that isn't whole yet; see `manage.py sauvegarder`, which leaves these out.
BEGUN = ".partiel-"
# Seconds after which nobody is still writing it.
UNFINISHED = 24 * 3600
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}


def is_storage_failure(error: BaseException | None) -> bool:
    """True for a disk that is full or broken, and for a bucket that doesn't answer: a person has to act, or time."""
    return isinstance(error, OSError) and error.errno in DISK


class WholeFileStorage(FileSystemStorage):
    """Writes aside, then gives the file its name in one act, which never takes another file's."""

    def _save(self, name: str, content: File) -> str:
        draft = posixpath.join(posixpath.dirname(name), f"{BEGUN}{uuid.uuid4().hex}")
        try:
            super()._save(draft, content)  # type: ignore[misc]
            with open(self.path(draft), "rb") as written:
                os.fsync(written.fileno())
            return self._named(draft, name)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(self.path(draft))

    def forget_unfinished(self) -> int:
        """Deletes what a process left that was killed while it wrote; returns how many files."""
        long_ago, old = time.time() - UNFINISHED, []
        for draft in Path(self.location).rglob(f"{BEGUN}*"):
            with suppress(FileNotFoundError):
                if draft.stat().st_mtime < long_ago:
                    old.append(draft)
        for draft in old:
            draft.unlink(missing_ok=True)
        return len(old)

    def _named(self, draft: str, name: str) -> str:
        while True:
            try:
                os.link(self.path(draft), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name.replace("\\", "/")
