"""Each form that takes a picture accepts a phone's photograph of 50 megapixels, and stores it smaller, upright, without metadata."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Collection

from fiches.candidatures.models import PieceJointe, Signalement
from tests.candidatures.screens import send
from tests.pictures import SECRET, phone_photograph

pytestmark = pytest.mark.django_db


def photograph():
    return SimpleUploadedFile("20260704_1512.jpg", phone_photograph(), content_type="image/jpeg")


def alone(visitor, staff):
    fields = {"title": "Lac", "collection": Collection.get_first_root_node().pk, "file": photograph()}
    staff.post(reverse("wagtailimages:add"), fields)
    return get_image_model().objects.get().file


def among_several(visitor, staff):
    fields = {"title": "Lac", "collection": Collection.get_first_root_node().pk, "files[]": photograph()}
    sent = {"headers": {"x-requested-with": "XMLHttpRequest"}}
    answer = staff.post(reverse("wagtailimages:add_multiple"), fields, **sent).json()
    assert answer["success"], answer
    return get_image_model().objects.get().file


def from_the_page_of_an_etape(visitor, staff):
    fields = {"title": "Lac", "collection": Collection.get_first_root_node().pk, "file": photograph()}
    fields = {f"image-chooser-upload-{name}": value for name, value in fields.items()}
    answer = staff.post(reverse("wagtailimages_chooser:create"), fields).json()
    assert answer["step"] == "chosen", answer["htmlFragment"]
    return get_image_model().objects.get().file


def in_a_dossier(visitor, staff):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill(link, "images", {"photo": photograph(), "photo_alt": "Un lac"})
    return PieceJointe.objects.get().fichier


def with_a_tip(visitor, staff):
    send(visitor, photo=photograph())
    return Signalement.objects.get().photo


OTHERS = (alone, among_several, from_the_page_of_an_etape, with_a_tip)


@pytest.mark.parametrize("way", [in_a_dossier, *(pytest.param(way, marks=pytest.mark.nightly) for way in OTHERS)])
def test_a_photograph_of_50_megapixels_is_stored_smaller_upright_and_silent(visitor, staff, way):
    with way(visitor, staff).open("rb") as file:
        data = file.read()
    stored = Image.open(BytesIO(data))
    assert (stored.format, stored.size) == ("JPEG", (2121, 2828))
    top, bottom = stored.getpixel((1000, 500)), stored.getpixel((1000, 2300))
    assert top[0] > top[2] + 100 and bottom[2] > bottom[0] + 100  # red above, blue below
    assert dict(stored.getexif()) == {}
    assert SECRET not in data and b"Exif" not in data
