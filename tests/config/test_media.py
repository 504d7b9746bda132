"""Which pictures the public can fetch: the sizes that something public shows. Originals and drafts' pictures are the staff's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from tests import pictures
from tests.batch_indexing import batch_indexing
from tests.factories import FichePageFactory, IllustrationFactory, PartenaireFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }


def address(image):
    return f"/media/{image.get_rendition('max-100x100').file.name}"


@pytest.fixture
def image():
    return IllustrationFactory()


@pytest.fixture
def fiche(tree, image):
    return FichePageFactory(parent=tree.fiches, slug="recette", photo=image, photo_alt="Un atelier")


def status(address, who=None):
    client = Client()
    if who:
        client.force_login(who)
    return client.get(address).status_code


def test_the_size_that_a_live_page_shows_is_public(fiche, image):
    response = Client().get(address(image))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/jpeg")
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_an_original_is_the_staff_s(fiche, image):
    original = f"/media/{image.file.name}"
    assert image.file.name.startswith("original_images/")
    assert status(original) == 404
    assert status(original, UserFactory()) == 404
    client = Client()
    client.force_login(UserFactory(role="redaction"))
    response = client.get(original)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "private, no-store")
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "hide",
    [
        lambda fiche, image: fiche.unpublish(),
        lambda fiche, image: fiche.delete(),
        lambda fiche, image: publish_without(fiche),
        lambda fiche, image: make_collection_private(image),
    ],
    ids=["withdrawn", "deleted", "published without it", "put in a private collection"],
)
def test_it_is_no_longer_public_once_nothing_public_shows_it(fiche, image, hide):
    where = address(image)
    assert status(where) == 200
    hide(fiche, image)
    assert status(where) == 404
    assert status(where, UserFactory(role="redaction")) == 200


def test_a_reserved_page_s_picture_is_for_who_may_read_the_page(fiche, image):
    where, reader = address(image), UserFactory()
    restriction = PageViewRestriction.objects.create(page=fiche.get_parent(), restriction_type="login")
    assert (status(fiche.url), status(where)) == (302, 404)
    client = Client()
    client.force_login(reader)
    answer = client.get(where)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    restriction.restriction_type = "groups"
    restriction.save()
    assert status(where, reader) == 404
    other = IllustrationFactory()
    assert status(address(other), reader) == 404


def test_an_expired_page_s_picture_goes_at_the_minute_though_the_scheduler_be_late(fiche, image):
    fiche.expire_at = timezone.now() + timedelta(minutes=1)
    fiche.save()
    assert status(address(image)) == 200
    fiche.expire_at = timezone.now() - timedelta(minutes=1)
    fiche.save()
    assert status(address(image)) == 404


def publish_without(fiche):
    fiche.photo = None
    fiche.save_revision().publish()


def make_collection_private(image):
    image.collection = Collection.get_first_root_node().add_child(name="À part")
    image.save()
    CollectionViewRestriction.objects.create(collection=image.collection, restriction_type="login")


def test_a_draft_s_picture_is_the_staff_s_until_it_is_published(tree, image):
    draft = FichePageFactory(parent=tree.fiches, live=False, photo=image, photo_alt="Un atelier")
    assert status(address(image)) == 404
    draft.save_revision().publish()
    assert status(address(image)) == 200


def test_a_new_picture_in_a_draft_of_a_live_page_waits_for_its_publication(fiche):
    other = IllustrationFactory()
    fiche.photo = other
    revision = fiche.save_revision()
    assert status(address(other)) == 404
    revision.publish()
    assert status(address(other)) == 200


def test_a_partner_s_logo_is_public(tree, image):
    PartenaireFactory(logo=image)
    assert status(address(image)) == 200


def test_a_file_that_is_no_picture_of_ours_is_not_served(db, tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images/perdue.jpg").write_bytes(pictures.picture())
    assert status("/media/images/perdue.jpg") == 404


def test_nginx_is_told_where_the_file_is_and_the_answer_goes_when_the_page_does(
    fiche, image, enabled_response_cache, settings
):
    settings.RALLYNOV_X_ACCEL = "/media-interne/"
    where = address(image)
    for kept in ("fwd=miss; stored", "hit"):
        response = Client().get(where)
        assert (response.headers["X-Accel-Redirect"], response.content) == (
            where.replace("media", "media-interne"),
            b"",
        )
        assert response.headers["Cache-Status"] == f"rallynov; {kept}"
    fiche.unpublish()
    assert status(where) == 404


def test_asking_who_may_see_a_picture_costs_the_same_whatever_shows_it(tree, fiche, image, django_assert_num_queries):
    where = address(image)
    for number in (1, 30):
        with batch_indexing():
            for _another in range(number):
                FichePageFactory(parent=tree.fiches, photo=image, photo_alt="Un atelier")
        status(where)
        with django_assert_num_queries(2):
            assert status(where) == 200
