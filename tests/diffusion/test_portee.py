"""Reach without tracking: loads by site and by day, and what staff, partners and funders read of them."""

import csv
import datetime
import io

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from fiches.diffusion.embeds import reach_counts
from fiches.diffusion.embeds.reach_report import Period
from fiches.diffusion.models import Chargement
from fiches.models import FicheFinanceur
from fiches.upkeep.retention import delete_too_old
from tests.factories import FichePageFactory, PartenaireFactory, UserFactory

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture(autouse=True)
def _without_delay(settings):
    settings.RALLYNOV_REACH_DELAY = 0
    reach_counts.tally.counts.clear()


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


def test_invented_sites_take_no_room_past_the_day_s_limit_but_a_partner_s_site_stays(client, tree, monkeypatch):
    monkeypatch.setattr(reach_counts, "HOSTS_A_DAY", 2)
    PartenaireFactory(site="https://www.region.example/")
    for host in ("un.example", "deux.example", "trois.example", "quatre.example", "fr.region.example"):
        load(client, referer=f"https://{host}/")
    assert [row[0] for row in stored()] == ["un.example", "deux.example", "*", "fr.region.example"]
    assert Chargement.objects.get(hote="*").nombre == 2


def test_counts_are_kept_three_years():
    today = timezone.localdate()
    Chargement.objects.create(
        jour=today - reach_counts.RETENTION - datetime.timedelta(days=1), hote="a", nature="liste", nombre=1
    )
    Chargement.objects.create(jour=today - reach_counts.RETENTION, hote="a", nature="liste", nombre=1)
    delete_too_old()
    assert Chargement.objects.get().jour == today - reach_counts.RETENTION


# --- What is read of them


def create_loads(days, host, number, nature="liste", question=""):
    day = timezone.localdate() - datetime.timedelta(days=days)
    return Chargement.objects.create(jour=day, hote=host, nature=nature, question=question, nombre=number)


@pytest.fixture
def region(tree):
    return PartenaireFactory(nom="Conseil", slug="conseil", site="https://www.region.example/", roles=["financeur"])


@pytest.fixture
def loads(region, epicerie):
    """Region's two sites and a stranger's; one of the region's embeds fell silent a month ago."""
    create_loads(0, "www.region.example", 5)
    create_loads(1, "www.region.example", 7, question="departement=25")
    create_loads(1, "eco.region.example", 2, nature="fiche", question="epicerie")
    create_loads(2, "ailleurs.example", 40)
    for day in (40, 41, 42):
        create_loads(day, "www.region.example", 3, nature="carte")
    create_loads(300, "ailleurs.example", 9, nature="carte")
    return Period(timezone.localdate() - datetime.timedelta(days=89), timezone.localdate())


def sites(report):
    return [(site.hote, site.nombre, site.integrations) for site in report.sites]


def page(client, user, address):
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def rows(soup, title):
    heading = soup.find("h2", string=title)
    return [
        [cell.text.strip() for cell in row.find_all("td")] for row in heading.find_next("table").tbody.find_all("tr")
    ]


def test_staff_read_the_whole_with_a_chart_that_is_read_aloud(client, loads):
    soup = page(client, UserFactory(role="redaction"), "/admin/portee/")
    assert rows(soup, "Par site")[0][:4] == ["ailleurs.example", "–", "1", "40"]
    assert rows(soup, "Intégrations qui ne s’affichent plus")[0][:2] == ["www.region.example", "la carte"]
    drawing = soup.select_one("svg.portee__svg")
    assert drawing["role"] == "img"
    assert "63 chargements du" in soup.find(id=drawing["aria-labelledby"]).text
    assert len(drawing.find_all("rect")) == 90
    assert not drawing.find_all(style=True)


def test_a_partner_s_member_reads_its_page_and_nobody_else_s(client, loads, region):
    member = UserFactory(role="partenaire")
    region.membres.add(member)
    other = PartenaireFactory(slug="autre")
    client.force_login(member)
    assert client.get("/admin/portee/").url == "/admin/portee/partenaire/conseil/"
    soup = page(client, member, "/admin/portee/partenaire/conseil/")
    assert "ailleurs.example" not in soup.text
    assert [row[0] for row in rows(soup, "Par site")] == ["www.region.example", "eco.region.example"]
    assert client.get(f"/admin/portee/partenaire/{other.slug}/").status_code == 302
    assert client.get("/admin/portee/financeur/autre/").status_code == 302


def test_a_funder_s_report_tells_the_fiches_that_it_pays_for(client, loads, region, epicerie, tree):
    draft = FichePageFactory(parent=tree.fiches, live=False, title="Brouillon QZX")
    shown = FichePageFactory(parent=tree.fiches, title="Jamais montrée")
    for fiche in (epicerie, draft, shown):
        FicheFinanceur.objects.get_or_create(fiche=fiche, partenaire=region)
    soup = page(client, UserFactory(role="moderation"), "/admin/portee/financeur/conseil/")
    told = rows(soup, "Les fiches qu’il soutient")
    assert [(row[0], row[2]) for row in told] == [("L’épicerie qui partage", "2"), ("Jamais montrée", "0")]
    assert "QZX" not in soup.text


def test_every_number_leaves_as_csv_that_no_spreadsheet_runs(client, loads, region):
    create_loads(1, "mechant.example", 1, question="=1+1")
    client.force_login(UserFactory(role="redaction"))
    response = client.get("/admin/portee/?format=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert sum(int(row["chargements"]) for row in table) == 64
    assert {row["partenaire"] for row in table} == {"Conseil", ""}
    assert [row["question"] for row in table if row["site"] == "mechant.example"] == ["'=1+1"]
