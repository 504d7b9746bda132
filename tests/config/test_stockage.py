"""A file is there whole or not at all, on a disk and in a bucket."""

import errno
import os
import time

import pytest
from django.core.files.base import ContentFile
from django.test import RequestFactory

from config import errors
from config.disk_storage import WholeFileStorage
from config.s3_storage import PrivateBucketStorage


@pytest.fixture
def storage(tmp_path):
    return WholeFileStorage(location=tmp_path, file_permissions_mode=0o600)


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_gets_its_name_once_it_is_whole(storage, tmp_path):
    assert storage.save("a/un.txt", ContentFile(b"un")) == "a/un.txt"
    assert files(tmp_path) == ["a/un.txt"]
    assert (tmp_path / "a/un.txt").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_process_left_goes_after_a_day_and_nothing_else(storage, tmp_path):
    storage.save("a/un.txt", ContentFile(b"un"))
    for name, hours in (("a/.partiel-vieux", 25), (".partiel-en-cours", 1)):
        (tmp_path / name).write_bytes(b"u")
        os.utime(tmp_path / name, (time.time() - hours * 3600,) * 2)
    os.utime(tmp_path / "a/un.txt", (0, 0))
    assert storage.forget_unfinished() == 1
    assert files(tmp_path) == [".partiel-en-cours", "a/un.txt"]


def test_a_name_that_was_taken_meanwhile_is_left_to_its_file(storage, tmp_path, monkeypatch):
    storage.save("un.txt", ContentFile(b"un"))
    free = iter(["un.txt", "deux.txt"])  # another process took the first between the look and the writing
    monkeypatch.setattr(storage, "get_available_name", lambda name, max_length=None: next(free))
    assert storage.save("un.txt", ContentFile(b"autre")) == "deux.txt"
    assert [(tmp_path / name).read_bytes() for name in ("un.txt", "deux.txt")] == [b"un", b"autre"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_nothing_behind_and_is_said_to_be_passing(storage, tmp_path, monkeypatch, code):
    def full(descriptor):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=os.strerror(code)):
        storage.save("un.txt", ContentFile(b"un"))
    assert files(tmp_path) == []
    try:
        storage.save("un.txt", ContentFile(b"un"))
    except OSError:
        response = errors.server_error(RequestFactory().post("/candidature/"))
    assert (response.status_code, response["Retry-After"]) == (503, "60")


def test_an_applicant_s_file_has_no_address(settings):
    storage = PrivateBucketStorage(bucket_name="seau", location="prive")
    with pytest.raises(ValueError, match="no public address"):
        storage.url("dossiers/1/x.pdf")
