"""Pictures, documents and applicants' files in a bucket that speaks S3. Loaded where the operator names one: its library
weighs 38 MB in each process.

A bucket is private: the site itself hands out what it holds, so the same rules say who sees what, and no browser calls a
third party.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


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
