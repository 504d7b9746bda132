"""Colleagues are named as they are called; by their account where they gave no name."""

import pytest
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_receipt_of_an_erasure_names_who_erased(client, tree):
    client.force_login(UserFactory(role="admin", username="adm7", first_name="Ada", last_name="Lovelace"))
    data = {"courriel": "a@b.example", "confirmation": "a@b.example", "action": "effacer"}
    page = client.post(reverse("fiches_donnees_personnelles"), data, follow=True)
    assert "<dd>Ada Lovelace</dd>" in page.text
