"""The lists of the road books, public and of staff, cost the same at any length."""

import pytest
from django.urls import reverse

from tests.factories import CarnetPageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 30])
def test_the_archive_costs_the_same_at_any_length(client, tree, number, django_assert_num_queries):
    for each in range(number):
        CarnetPageFactory(parent=tree.carnets, numero=each, title=f"Carnet {each}")
    client.get("/carnets/")
    with django_assert_num_queries(6):
        client.get("/carnets/")


@pytest.mark.parametrize("number", [1, 30])
def test_the_subscribers_cost_the_same_at_any_number(client, subscribe, number, django_assert_num_queries):
    subscribe(number)
    client.force_login(UserFactory(role="redaction"))
    client.get(reverse("abonnes:index"))
    with django_assert_num_queries(12):
        client.get(reverse("abonnes:index"))
