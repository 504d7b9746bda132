"""Storages in an S3 bucket. Imported only if STORAGE_URL names one: the library takes 38 MB per process.

The bucket is private. The site serves its files itself, so that the same access rules apply and no browser calls a third
party.
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
def errors_as_os_error() -> Iterator[None]:
    """Converts the S3 client's exceptions to OSError, as a disk would raise."""
    try:
        yield
    except (BotoCoreError, ClientError, S3UploadFailedError) as error:
        raise OSError(errno.EIO, f"The bucket fails: {type(error).__name__}") from error


class WholeBucketStorage(S3Storage):
    def _open(self, name: str, mode: str = "rb") -> File:
        with errors_as_os_error():
            file = super()._open(name, mode)
            if "r" in mode:
                file.file  # noqa: B018 - fetches the file now, so that errors are raised here
            return file

    def _save(self, name: str, content: File) -> str:
        with errors_as_os_error():
            return super()._save(name, content)

    def exists(self, name: str) -> bool:
        with errors_as_os_error():
            return super().exists(name)

    def delete(self, name: str) -> None:
        with errors_as_os_error():
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with errors_as_os_error():
            return super().listdir(name)


class BucketStorage(WholeBucketStorage):
    """Public files: their URLs are the site's own."""

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        return settings.MEDIA_URL + filepath_to_uri(name)


class PrivateBucketStorage(WholeBucketStorage):
    """Private files, served by views only: they have no URL."""

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        raise ValueError("This file has no public address.")
