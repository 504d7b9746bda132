"""The portraits that staff give themselves, on their account's page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.users.models import UserProfile

from tests import pictures

pytestmark = pytest.mark.django_db


def send(client, user, data, name="moi.jpg", **fields):
    return client.post(
        reverse("wagtailadmin_account"),
        {
            "name_email-first_name": "Ada",
            "name_email-last_name": "Renaud",
            "name_email-email": user.email,
            "theme-theme": "system",
            "theme-contrast": "system",
            "theme-density": "default",
            "avatar-avatar": SimpleUploadedFile(name, data) if data else "",
            **fields,
        },
    )


def test_a_portrait_is_stored_small_upright_and_silent(admin_client, admin_user):
    size = (1200, 900)
    data = pictures.picture(image=pictures.pixels(size), exif=pictures.exif_of_phone())
    response = send(admin_client, admin_user, data)
    assert response.status_code == 302
    avatar = UserProfile.objects.get(user=admin_user).avatar
    image = Image.open(avatar)
    assert (image.size, dict(image.getexif())) == ((300, 400), {})
    assert send(admin_client, admin_user, None).status_code == 302
    assert UserProfile.objects.get(user=admin_user).avatar.name == avatar.name
    assert send(admin_client, admin_user, None, **{"avatar-avatar-clear": "on"}).status_code == 302
    assert not UserProfile.objects.get(user=admin_user).avatar


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pictures.truncated(pictures.picture()), "Cette image est abîmée"),
        (pictures.png_of((12_000, 12_000)), "Cette image est trop grande"),
        (pictures.animation("GIF"), "Les images animées ne sont pas acceptées"),
        (b"Bonjour", "d’un type que le site ne lit pas"),
    ],
)
def test_a_hostile_portrait_is_refused_in_words(admin_client, admin_user, data, message):
    response = send(admin_client, admin_user, data)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not UserProfile.objects.filter(user=admin_user).exclude(avatar="").exists()


def test_a_portrait_as_thin_as_a_thread_is_stored(admin_client, admin_user):
    thin = pictures.picture("PNG", image=pictures.pixels((9000, 2)))
    assert send(admin_client, admin_user, thin, "fil.png").status_code == 302
    assert Image.open(UserProfile.objects.get(user=admin_user).avatar).size == (400, 1)
