"""Where pictures, documents and applicants' files are kept: this machine's disk, or a bucket that speaks S3.

A file is there whole or not at all: whoever is killed, or finds the disk full, leaves nothing under its name. A bucket is
private: the site itself hands out what it holds, so the same rules say who sees what, and no browser calls a third party.
"""

import errno
import os
import posixpath
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

BEGUN = ".partiel-"
"""How the name of a file begins that isn't whole yet; see `manage.py sauvegarder`, which leaves these out."""
UNFINISHED = 24 * 3600
"""Seconds after which nobody is still writing it."""
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


@contextmanager
def told_as_the_disk_does() -> Iterator[None]:
    """A bucket that refuses or doesn't answer is an OSError, for whoever reads or writes a file."""
    try:
        yield
    except (BotoCoreError, ClientError, S3UploadFailedError) as error:
        raise OSError(errno.EIO, f"The bucket fails: {type(error).__name__}") from error


class WholeBucketStorage(S3Storage):
    def _open(self, name: str, mode: str = "rb") -> File:
        with told_as_the_disk_does():
            file = super()._open(name, mode)
            if "r" in mode:
                file.file  # noqa: B018 - fetched now, so that what fails is told here
            return file

    def _save(self, name: str, content: File) -> str:
        with told_as_the_disk_does():
            return super()._save(name, content)

    def exists(self, name: str) -> bool:
        with told_as_the_disk_does():
            return super().exists(name)

    def delete(self, name: str) -> None:
        with told_as_the_disk_does():
            super().delete(name)


class BucketStorage(WholeBucketStorage):
    """What the site hands out: its addresses are the site's own."""

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        return settings.MEDIA_URL + filepath_to_uri(name)


class PrivateBucketStorage(WholeBucketStorage):
    """What views hand out to whom they know: no address at all."""

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        raise ValueError("This file has no public address.")
