"""The form of an API token, and the form of a picture: they offer what works."""

import pytest
from django.test import Client
from wagtail.models import APIToken

from fiches.media.images import reads_heic
from fiches.upkeep.personal_data.accounts import forget_account
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(home_page):
    client = Client()
    client.force_login(UserFactory(role="admin"))
    return client


def test_a_token_is_offered_to_active_accounts_alone(admin):
    active, erased, idle = UserFactory(role="redaction"), UserFactory(), UserFactory(is_active=False)
    forget_account(erased)
    form = admin.get("/admin/api-tokens/new/").context["form"]
    offered = set(form.fields["user"].queryset.values_list("pk", flat=True))
    assert (active.pk in offered, offered & {erased.pk, idle.pk}) == (True, set())
    for owner in (erased, idle):
        answer = admin.post("/admin/api-tokens/new/", {"name": "essai", "user": owner.pk})
        assert list(answer.context["form"].errors) == ["user"]
    admin.post("/admin/api-tokens/new/", {"name": "essai", "user": active.pk})
    assert list(APIToken.objects.values_list("user", flat=True)) == [active.pk]


ADDRESSES = ("/admin/images/add/", "/admin/images/chooser/")


def heic_answers(client):
    return ["heic" in client.get(address).content.decode().lower() for address in ADDRESSES]


def test_the_forms_of_pictures_name_heic_only_where_it_is_read(admin, settings, monkeypatch):
    assert heic_answers(admin) == [reads_heic(), reads_heic()]
    known = settings.WAGTAILIMAGES_EXTENSIONS
    assert ("heic" in known, "heif" in known) == (reads_heic(), reads_heic())
    settings.WAGTAILIMAGES_EXTENSIONS = [each for each in known if each not in {"heic", "heif"}]
    monkeypatch.setattr("fiches.media.images.reads_heic", lambda: False)
    assert heic_answers(admin) == [False, False]
