"""The list of the accounts, which only an administrator reads."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/users/"


@pytest.fixture
def admin(client):
    user = UserFactory(role="admin", username="admin")
    client.force_login(user)
    return user


def test_each_account_stands_with_its_roles(client, admin):
    UserFactory(role="redaction", username="redactrice")
    UserFactory(role="moderation", username="moderateur")
    table = BeautifulSoup(client.get(LIST).content, "html.parser").find("table", class_="listing")
    headings = [cell.get_text(" ", strip=True) for cell in table.thead.find_all("th")]
    column = headings.index("Rôles")
    rows = [row.find_all("td") for row in table.tbody.find_all("tr")]
    told = {row[headings.index("Identifiant")].get_text(strip=True): row[column].get_text(strip=True) for row in rows}
    assert told == {"admin": "", "redactrice": "Rédaction", "moderateur": "Modération"}
