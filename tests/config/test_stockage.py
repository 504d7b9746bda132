"""Files that are kept: a full disk is said to be passing, and a private file has no address."""

import errno
import os

import pytest
from django.test import RequestFactory

from config import errors
from config.s3_storage import PrivateBucketStorage


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_to_be_passing(code):
    try:
        raise OSError(code, os.strerror(code))
    except OSError:
        response = errors.server_error(RequestFactory().post("/candidature/"))
    assert (response.status_code, response["Retry-After"]) == (503, "60")


def test_an_applicant_s_file_has_no_address(settings):
    storage = PrivateBucketStorage(bucket_name="seau", location="prive")
    with pytest.raises(ValueError, match="no public address"):
        storage.url("dossiers/1/x.pdf")
