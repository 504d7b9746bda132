"""Pictures and applicants' files in a bucket, held against a server that speaks S3's own protocol."""

from pathlib import Path
from urllib.parse import quote

import boto3
import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from moto.server import ThreadedMotoServer
from wagtail.images import get_image_model

from config import environment
from config.errors import is_storage_failure
from fiches.diffusion.paper import pdf
from tests import pictures
from tests.factories import FichePageFactory
from tests.services.conftest import free_port


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(server, settings, monkeypatch):
    """The site's bucket, empty, as the operator's variable names it: what its own protocol tells of it."""
    requests.post(f"{server}/moto-api/reset", timeout=30).raise_for_status()
    told = boto3.resource(
        "s3", endpoint_url=server, region_name="eu-west-3", aws_access_key_id="cle", aws_secret_access_key="secret"
    ).Bucket("seau")
    told.create(CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    kept_in(server, settings, monkeypatch)
    return told


def kept_in(server, settings, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", f"s3://cle:secret@seau/site?endpoint={quote(server, safe='')}&region=eu-west-3")
    settings.STORAGES = settings.STORAGES | environment.storages("STORAGE_URL", Path("/data"))


def keys(bucket):
    return sorted(each.key for each in bucket.objects.all())


def test_what_is_kept_comes_back_byte_for_byte_and_goes_when_deleted(bucket):
    for name, folder in (("default", "media"), ("private", "prive")):
        storage, content = storages[name], bytes(range(256)) * 40_000  # more than one part of an upload
        kept = storage.save("dossiers/l’atelier.pdf", ContentFile(content))
        assert keys(bucket) == [f"site/{folder}/{kept}"]
        assert (storage.exists(kept), storage.size(kept), storage.open(kept).read()) == (True, len(content), content)
        storage.delete(kept)
        assert (keys(bucket), storage.exists(kept)) == ([], False)


def test_a_second_file_of_the_same_name_takes_no_other_s_place(bucket):
    storage = storages["private"]
    names = [storage.save("piece.pdf", ContentFile(content)) for content in (b"une", b"deux")]
    assert [storage.open(name).read() for name in names] == [b"une", b"deux"]


def test_the_site_s_own_address_is_the_only_one_and_a_private_file_has_none(bucket):
    assert storages["default"].url("images/a b.jpg") == "/media/images/a%20b.jpg"
    with pytest.raises(ValueError, match="no public address"):
        storages["private"].url("piece.pdf")


@pytest.mark.django_db
def test_a_fiche_s_picture_comes_from_the_bucket_and_its_original_does_not(bucket, tree):
    image = get_image_model().objects.create(title="p", file=ContentFile(pictures.picture(), name="atelier.jpg"))
    FichePageFactory(parent=tree.fiches, photo=image, photo_alt="Un atelier")
    rendition = image.get_rendition("max-100x100").file.name
    assert {f"site/media/{rendition}", f"site/media/{image.file.name}"} <= set(keys(bucket))
    answer = Client().get(f"/media/{rendition}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.getvalue() == bucket.Object(f"site/media/{rendition}").get()["Body"].read()
    assert Client().get(f"/media/{image.file.name}").status_code == 404


def test_a_server_that_is_gone_is_told_as_a_disk_that_fails(bucket, settings, monkeypatch):
    kept = storages["private"].save("piece.pdf", ContentFile(b"une"))
    kept_in(f"http://127.0.0.1:{free_port()}", settings, monkeypatch)
    for act in (
        lambda: storages["private"].save("autre.pdf", ContentFile(b"deux")),
        lambda: storages["private"].open(kept),
        lambda: storages["private"].listdir("diffusion"),
    ):
        with pytest.raises(OSError, match="The bucket fails") as told:
            act()
        assert is_storage_failure(told.value)


def test_a_file_that_the_bucket_lost_is_a_lost_file_and_a_bucket_that_is_gone_takes_none(bucket):
    kept = storages["private"].save("piece.pdf", ContentFile(b"une"))
    bucket.objects.all().delete()
    with pytest.raises(FileNotFoundError):
        storages["private"].open(kept)
    bucket.delete()
    with pytest.raises(OSError, match="The bucket fails") as told:
        storages["private"].save("autre.pdf", ContentFile(b"deux"))
    assert is_storage_failure(told.value)


@pytest.mark.django_db
def test_a_withdrawn_fiche_s_pdf_leaves_the_bucket(bucket, tree, django_capture_on_commit_callbacks):
    fiches = [FichePageFactory(parent=tree.fiches) for _each in range(2)]
    for fiche in fiches:
        pdf.stored_file(f"fiche-{fiche.pk}", ["lu"], lambda: b"%PDF")
    with django_capture_on_commit_callbacks(execute=True):
        fiches[0].unpublish()
    folders = [key.rsplit("/", 1)[0] for key in keys(bucket)]
    assert folders == [f"site/prive/diffusion/fiche-{fiches[1].pk}"]


def test_files_made_on_demand_do_not_fill_the_bucket_and_leave_it_together(bucket):
    for number in range(3):
        pdf.stored_file("fiche-1", [str(number)], lambda: b"%PDF")
    assert len(keys(bucket)) == 1
    pdf.clear_all()
    assert keys(bucket) == []
