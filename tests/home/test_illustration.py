"""The site's pictures, by every way into the admin and around it."""

import json
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection, UploadedFile

from home.models import Illustration
from tests import pictures

pytestmark = pytest.mark.django_db

NOT_READ = "Cette image est abîmée, ou d’un type que le site ne lit pas. Envoyez un fichier JPEG, PNG, WebP, GIF, HEIC ou AVIF."
TOO_LARGE = (
    "Cette image est trop grande, ou trop complexe à lire. "
    "Le maximum est 30\u00a0Mo, 50 millions de pixels, et 16\u202f000 pixels de côté."
)
ANIMATED = "Les images animées ne sont pas acceptées\u00a0: envoyez une image fixe."
HOSTILE = [
    (pictures.truncated(pictures.picture()), NOT_READ),
    (b"GIF89a" + b"\xff" * 200 + b";", NOT_READ),
    (pictures.png_of((30_000, 30_000)), TOO_LARGE),
    (pictures.animation("GIF"), ANIMATED),
]


@pytest.fixture
def admin(admin_client):
    return admin_client


@pytest.fixture
def root():
    """The collection where pictures go unless said otherwise."""
    return Collection.get_first_root_node().pk


def upload(data, name="photo.jpg"):
    return SimpleUploadedFile(name, data, "image/jpeg")


def check_stored(illustration):
    """What lies in the storage, and what the record says of it."""
    with illustration.file.storage.open(illustration.file.name) as file:
        data = file.read()
    image = Image.open(BytesIO(data))
    assert image.size == (illustration.width, illustration.height) == (80, 120)
    assert dict(image.getexif()) == {}
    assert pictures.SECRET not in data and b"Exif" not in data and b"PK\x03\x04" not in data
    assert illustration.file.name.endswith(".jpg")
    assert illustration.get_file_size() == len(data)


def test_a_picture_added_alone_is_stored_clean(admin, root):
    file = upload(pictures.jpeg_with_position(), "Le lac de Frasne.HEIC")
    response = admin.post(reverse("wagtailimages:add"), {"title": "Lac", "collection": root, "file": file})
    assert response.status_code == 302
    illustration = Illustration.objects.get()
    assert (illustration.title, illustration.file.name) == ("Lac", "original_images/le-lac-de-frasne.jpg")
    check_stored(illustration)


@pytest.mark.parametrize(("data", "message"), HOSTILE)
def test_a_hostile_picture_added_alone_is_refused_beside_its_field(admin, root, data, message):
    response = admin.post(reverse("wagtailimages:add"), {"title": "Lac", "collection": root, "file": upload(data)})
    assert response.status_code == 200
    assert response.context["form"].errors == {"file": [message]}
    assert message in response.content.decode()
    assert response.context["form"]["title"].value() == "Lac"
    assert not Illustration.objects.exists()


def send_among_several(admin, data, name="photo.jpg", **fields):
    return admin.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Lac", "collection": Collection.get_first_root_node().pk, "files[]": upload(data, name), **fields},
        headers={"x-requested-with": "XMLHttpRequest"},
    )


def test_a_picture_among_several_is_stored_clean(admin):
    answer = send_among_several(admin, pictures.jpeg_with_position()).json()
    assert (answer["success"], answer["duplicate"]) == (True, False)
    check_stored(Illustration.objects.get(pk=answer["image_id"]))


@pytest.mark.parametrize(("data", "message"), HOSTILE)
def test_a_hostile_picture_among_several_is_refused_with_its_reason(admin, data, message):
    response = send_among_several(admin, data)
    assert (response.status_code, response.json()) == (200, {"success": False, "error_message": message})
    assert not Illustration.objects.exists() and not UploadedFile.objects.exists()


def test_a_picture_that_waits_for_the_rest_of_its_form_is_clean_already(admin, root):
    answer = send_among_several(admin, pictures.jpeg_with_position(), title="").json()
    waiting = UploadedFile.objects.get(pk=answer["uploaded_file_id"])
    assert pictures.SECRET not in waiting.file.read()
    prefix = f"uploaded-image-{waiting.pk}"
    done = admin.post(
        reverse("wagtailimages:create_multiple_from_uploaded_image", args=[waiting.pk]),
        {f"{prefix}-title": "Lac", f"{prefix}-collection": root, f"{prefix}-tags": ""},
        headers={"x-requested-with": "XMLHttpRequest"},
    ).json()
    assert done["success"]
    check_stored(Illustration.objects.get(pk=done["image_id"]))


def test_the_details_of_a_picture_just_sent_can_be_edited_and_its_credit_is_a_name_alone(admin, root):
    pk = send_among_several(admin, pictures.jpeg_with_position()).json()["image_id"]
    prefix = f"image-{pk}"
    answer = admin.post(
        reverse("wagtailimages:edit_multiple", args=[pk]),
        {
            f"{prefix}-title": "Le lac",
            f"{prefix}-credit": "Photo : © Rally’nov",
            f"{prefix}-collection": root,
            f"{prefix}-tags": "",
        },
        headers={"x-requested-with": "XMLHttpRequest"},
    ).json()
    assert answer == {"success": True, "image_id": pk}
    assert list(Illustration.objects.values_list("title", "credit")) == [("Le lac", "Rally’nov")]


def test_a_picture_sent_from_a_chooser_is_stored_clean_or_refused(admin, root):
    url = reverse("wagtailimages_chooser:create")

    def choose(data):
        fields = {"title": "Lac", "collection": root, "file": upload(data)}
        return admin.post(url, {f"image-chooser-upload-{name}": value for name, value in fields.items()})

    assert json.loads(choose(pictures.jpeg_with_position()).content)["step"] == "chosen"
    check_stored(Illustration.objects.get())
    for data, message in HOSTILE:
        refused = json.loads(choose(data).content)
        assert refused["step"] == "reshow_creation_form"
        assert message in refused["htmlFragment"]
    assert Illustration.objects.count() == 1


def test_a_replacement_is_cleaned_and_a_hostile_one_leaves_the_picture_in_place(admin, root):
    illustration = Illustration.objects.create(title="Lac", file=ContentFile(pictures.picture("PNG"), "lac.png"))
    url = reverse("wagtailimages:edit", args=[illustration.pk])
    refused = admin.post(
        url, {"title": "Lac", "collection": root, "file": upload(pictures.truncated(pictures.picture()))}
    )
    assert (refused.status_code, refused.context["form"].errors) == (200, {"file": [NOT_READ]})
    illustration = Illustration.objects.get()
    assert (illustration.width, illustration.file.storage.exists(illustration.file.name)) == (120, True)
    assert (
        admin.post(url, {"title": "Lac", "collection": root, "file": upload(pictures.jpeg_with_position())}).status_code
        == 302
    )
    check_stored(Illustration.objects.get())


@pytest.mark.parametrize("wrap", [ImageFile, lambda file, name: ContentFile(file.read(), name)])
def test_a_picture_stored_by_code_is_clean_and_so_is_its_record(wrap):
    illustration = Illustration(title="Lac", file=wrap(BytesIO(pictures.jpeg_with_position()), name="lac.png"))
    assert (illustration.width, illustration.height) == (80, 120)
    illustration._set_image_file_metadata()
    illustration.save()
    check_stored(Illustration.objects.get())
    illustration.file.save("autre.png", BytesIO(pictures.jpeg_with_position()))
    check_stored(Illustration.objects.get())


@pytest.mark.parametrize(("data", "message"), HOSTILE)
def test_code_cannot_store_a_hostile_picture(data, message):
    with pytest.raises(ValidationError) as caught:
        Illustration(title="Lac", file=ContentFile(data, "lac.jpg"))
    assert caught.value.messages == [message]
    illustration = Illustration(title="Lac")
    with pytest.raises(ValidationError) as caught:
        illustration.file.save("lac.jpg", ContentFile(data))
    assert caught.value.messages == [message]


def test_a_rendition_of_a_heic_is_made():
    heic = ContentFile(pictures.picture("HEIF"), "lac.heic")
    illustration = Illustration.objects.create(title="Lac", file=heic)
    rendition = illustration.get_rendition("width-60|format-webp")
    assert (rendition.width, rendition.height, rendition.file.name[-5:]) == (60, 40, ".webp")
