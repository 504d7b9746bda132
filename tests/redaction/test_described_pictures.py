"""What a picture shows is typed once: with its upload."""

import pytest
from django.urls import reverse

from fiches.models import FichePage
from tests.factories import FichePageFactory, IllustrationFactory, UserFactory
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(client, tree):
    """``save(**values)``: saves the draft of a fiche without a picture with these values; returns its latest revision."""
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    client.force_login(UserFactory(role="redaction"))
    address = reverse("wagtailadmin_pages:edit", args=[fiche.pk])

    def post(**values):
        answer = client.post(address, filled_form(client.get(address)) | values)
        assert answer.status_code == 302
        return FichePage.objects.get(pk=fiche.pk).get_latest_revision_as_object()

    return post


def test_the_description_of_a_picture_is_its_alternative_text_until_another_is_typed(save):
    picture = IllustrationFactory(description="Un vélo sur un établi")
    assert save(photo=picture.pk).photo_alt == "Un vélo sur un établi"
    assert save(photo_alt="Un vélo rouge").photo_alt == "Un vélo rouge"
    assert save(photo_alt="").photo_alt == "Un vélo sur un établi"  # as the next automatic save sends it


def test_the_description_of_a_picture_goes_when_another_takes_its_place(save):
    save(photo=IllustrationFactory(description="Un vélo").pk)
    assert save(photo=IllustrationFactory(description="Un car").pk).photo_alt == "Un car"
    assert save(photo=IllustrationFactory().pk).photo_alt == ""


def test_a_decorative_picture_or_one_without_description_has_no_alternative_text(save):
    assert save(photo=IllustrationFactory().pk).photo_alt == ""
    described = IllustrationFactory(description="Un vélo")
    assert save(photo=described.pk, photo_decorative="on").photo_alt == ""
