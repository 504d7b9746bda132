"""Reach without tracking: loads by site and by day, and what staff read of them."""

import csv
import datetime
import io

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from fiches.diffusion.embeds import reach
from fiches.diffusion.models import Chargement
from fiches.upkeep.retention import delete_too_old
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def load(client, address="/integration/liste/", **headers):
    given = {"user-agent": BROWSER, "referer": "https://www.partenaire.example/page", "sec-fetch-dest": "iframe"}
    return client.get(address, headers={**given, **headers})


def stored():
    return list(Chargement.objects.order_by("pk").values_list("hote", "nature", "question", "nombre"))


def test_a_load_is_counted_for_its_site_its_day_and_its_question(client, tree):
    load(client)
    load(client)
    load(client, "/integration/liste/?departement=25&page=3&theme=sombre")
    assert stored() == [
        ("www.partenaire.example", "liste", "", 2),
        ("www.partenaire.example", "liste", "departement=25", 1),
    ]
    assert Chargement.objects.first().jour == timezone.localdate()


def test_a_load_keeps_nothing_about_who_reads():
    """Four facts, and none of a person: a new column is a decision."""
    names = {field.name for field in Chargement._meta.get_fields()}
    assert names == {"id", "jour", "hote", "nature", "question", "nombre"}


def test_counts_are_kept_three_years():
    today = timezone.localdate()
    Chargement.objects.create(
        jour=today - reach.RETENTION - datetime.timedelta(days=1), hote="a", nature="liste", nombre=1
    )
    Chargement.objects.create(jour=today - reach.RETENTION, hote="a", nature="liste", nombre=1)
    delete_too_old()
    assert Chargement.objects.get().jour == today - reach.RETENTION


# --- What is read of them


def create_loads(days, host, number, nature="liste", question=""):
    day = timezone.localdate() - datetime.timedelta(days=days)
    return Chargement.objects.create(jour=day, hote=host, nature=nature, question=question, nombre=number)


@pytest.fixture
def loads(tree, epicerie):
    """A region's two sites and a stranger's; one of the region's embeds fell silent a month ago."""
    create_loads(0, "www.region.example", 5)
    create_loads(1, "www.region.example", 7, question="departement=25")
    create_loads(1, "eco.region.example", 2, nature="fiche", question="epicerie")
    create_loads(2, "ailleurs.example", 40)
    for day in (40, 41, 42):
        create_loads(day, "www.region.example", 3, nature="carte")
    create_loads(300, "ailleurs.example", 9, nature="carte")


def rows(client, user, query=""):
    """``[cells of a row]`` of the report that ``user`` reads."""
    client.force_login(user)
    response = client.get(f"/admin/portee/{query}")
    assert response.status_code == 200
    table = BeautifulSoup(response.content, "html.parser").select("table.listing tbody tr")
    return [[cell.get_text(strip=True) for cell in row.select("td")] for row in table]


def test_staff_read_which_site_shows_what_and_how_often(client, loads):
    user = UserFactory(role="redaction")
    assert rows(client, user)[:2] == [
        ["ailleurs.example", "la liste", "40", rows(client, user)[0][3]],
        ["ailleurs.example", "la carte", "9", rows(client, user)[1][3]],
    ]
    silent = rows(client, user, "?silencieux=true")
    assert [row[:3] for row in silent] == [["www.region.example", "la carte", "9"]]
    today = timezone.localdate()
    recent = rows(client, user, f"?jour_from={today - datetime.timedelta(days=1)}&jour_to={today}")
    assert sorted(int(row[2]) for row in recent) == [2, 5, 7]


def test_every_number_leaves_as_csv_that_no_spreadsheet_runs(client, loads):
    create_loads(1, "mechant.example", 1, question="=1+1")
    client.force_login(UserFactory(role="redaction"))
    text = b"".join(client.get("/admin/portee/?export=csv").streaming_content).decode("utf-8-sig")
    _head, *lines = csv.reader(io.StringIO(text))
    assert sum(int(line[3]) for line in lines) == 73
    assert [line[2] for line in lines if line[0] == "mechant.example"] == ["'=1+1"]
