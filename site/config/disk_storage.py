"""Storage on this machine's disk with atomic writes. For S3, see :mod:`config.s3_storage`.

A file exists completely or not at all: a killed process or a full disk leaves nothing under its name.
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

# Prefix of the names of files still being written; `manage.py sauvegarder` leaves them out.
BEGUN = ".partiel-"
# Seconds after which such a file is abandoned.
UNFINISHED = 24 * 3600
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}


def is_storage_failure(error: BaseException | None) -> bool:
    """Whether ``error`` means a full or broken disk, or a bucket that does not answer."""
    return isinstance(error, OSError) and error.errno in DISK


class WholeFileStorage(FileSystemStorage):
    """Writes to a temporary file, then links it to its final name atomically, without ever overwriting a file."""

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

    def forget_unfinished(self, after: float = UNFINISHED) -> int:
        """Deletes temporary files that killed processes left, older than ``after`` seconds; returns their number."""
        long_ago, old = time.time() - after, []
        for draft in Path(self.location).rglob(f"{BEGUN}*"):
            with suppress(FileNotFoundError):
                if draft.stat().st_mtime <= long_ago:
                    old.append(draft)
        for draft in old:
            draft.unlink(missing_ok=True)
        return len(old)

    def _named(self, draft: str, name: str) -> str:
        """Links the temporary file to ``name``, or to another name if it is taken; returns the name."""
        while True:
            try:
                os.link(self.path(draft), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name.replace("\\", "/")
