"""The list of the accounts, which only an administrator reads."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/users/"


@pytest.fixture
def admin(client):
    user = UserFactory(role="admin", username="admin")
    client.force_login(user)
    return user


def cost(client):
    client.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST)
    return len(captured)


def test_each_account_stands_with_its_roles(client, admin):
    UserFactory(role="redaction", username="redactrice")
    UserFactory(role="moderation", username="moderateur")
    table = BeautifulSoup(client.get(LIST).content, "html.parser").find("table", class_="listing")
    headings = [cell.get_text(" ", strip=True) for cell in table.thead.find_all("th")]
    column = headings.index("Rôles")
    rows = [row.find_all("td") for row in table.tbody.find_all("tr")]
    told = {row[headings.index("Identifiant")].get_text(strip=True): row[column].get_text(strip=True) for row in rows}
    assert told == {"admin": "", "redactrice": "Rédaction", "moderateur": "Modération"}


def test_the_accounts_cost_the_same_for_one_and_for_thirty(client, admin):
    UserFactory(role="redaction")
    one = cost(client)
    for _each in range(29):
        UserFactory(role="redaction")
    assert (one, cost(client)) == (11, 11)
