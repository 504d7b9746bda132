"""A result under embargo is shown nowhere; at the end of the embargo, and not a second before, it is everywhere."""

import datetime
import io
import time
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Revision

from fiches.palmares.models import Prix
from fiches.palmares.transitions import publish_now, withdraw_announcement
from tests.addresses import lines
from tests.factories import UserFactory

# Words of a juror's comment, of the citation, of the reasons, and of the prize.
SECRETS = ("zibeline", "zinzolin", "zymase", "premier prix")
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def clock(monkeypatch):
    """``clock(instant)`` sets the current time."""

    def set_to(instant):
        monkeypatch.setattr(timezone, "now", lambda: instant)
        monkeypatch.setattr(time, "time", lambda: instant.timestamp())

    return set_to


def body(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.get("Content-Type", "").startswith("application/vnd.openxml"):
        files = ZipFile(io.BytesIO(content))
        content = b"".join(files.read(name) for name in files.namelist())
    return content.decode("utf-8", "replace").lower()


def secrets_shown(response):
    text = body(response)
    return [word for word in SECRETS if word in text]


def places(embargoed):
    """Returns ``{address: text shown there once the prize is public}``."""
    fiche, page = embargoed.fiche, embargoed.rally.page
    return {
        page.url: "zinzolin",
        f"{page.url}2013/": "zinzolin",
        fiche.url: "premier prix, coop",
        "/api/v1/palmares": "zinzolin",
        f"/api/v1/pages?chemin={page.url}": "zinzolin",
        f"/api/v1/pages?chemin={page.url}2013/": "zinzolin",
        f"/api/v1/fiches/{fiche.slug}": "zinzolin",
        "/api/v1/fiches": "zinzolin",
        "/api/v1/fiches?prime=1": "zinzolin",
        "/fiches/flux.atom": "premier prix",
        "/fiches/?prime=1": "fiche 1",
    }


# These give « Premier prix » as an example of a value.
EXAMPLES = ("/api/v1/openapi.json",)


def test_nothing_of_it_is_told_anywhere(client, embargoed):
    """Reads the public addresses of the table of accesses, those of the prize and its fiche, and searches."""
    diploma = f"{embargoed.rally.page.url}2013/diplome-{Prix.objects.get().uid}.pdf"
    assert client.get(diploma).status_code == 404
    table = [a for a, _below, _roles in lines() if not a.startswith("/admin/") and "{" not in a]
    fiche = embargoed.fiche
    own = [
        f"{fiche.url}fiche.pdf",
        f"/integration/fiche/{fiche.slug}/",
    ]
    searches = [
        f"{path}{word}" for word in SECRETS[:3] for path in ("/recherche/?q=", "/fiches/?q=", "/api/v1/fiches?q=")
    ]
    leaks = {}
    for address in [*table, *places(embargoed), *own, *searches]:
        asked = [word for word in SECRETS if address.endswith(word) or (address in EXAMPLES and word == SECRETS[3])]
        leaks[address] = [word for word in secrets_shown(client.get(address)) if word not in asked]
    assert {address: words for address, words in leaks.items() if words} == {}
    assert client.get("/api/v1/fiches?prime=1").json()["count"] == 0
    assert client.get("/sitemap.xml").content.count(b"diplome") == 0


@pytest.mark.parametrize("role", ["partenaire", "redaction"])
def test_who_does_not_decide_is_told_nothing_in_the_admin(client, embargoed, role):
    client.force_login(UserFactory(role=role))
    palmares, category, fiche = embargoed.rally.palmares, embargoed.rally.categorie, embargoed.fiche
    addresses = [
        "/admin/",
        "/admin/palmares/",
        f"/admin/palmares/{palmares.pk}/",
        f"/admin/palmares/{palmares.pk}/decision/{category.pk}/",
        f"/admin/palmares/{palmares.pk}/diplome/{Prix.objects.get().pk}/",
        f"/admin/palmares/history/{palmares.pk}/",
        f"/admin/palmares/usage/{palmares.pk}/",
        f"/admin/palmares-categories/edit/{category.pk}/",
        f"/admin/palmares-categories/history/{category.pk}/",
        f"/admin/pages/{fiche.pk}/edit/",
        f"/admin/pages/{fiche.pk}/history/",
        f"/admin/pages/usage/{fiche.pk}/",
        "/admin/reports/site-history/",
    ]
    leaks = {}
    for address in addresses:
        response = client.get(address)
        leaks[address] = secrets_shown(response) if "decision" not in address or response.status_code == 200 else []
    assert {address: words for address, words in leaks.items() if words} == {}


def test_no_revision_holds_it(embargoed):
    embargoed.fiche.save_revision()
    embargoed.rally.page.save_revision()
    kept = " ".join(str(revision.content) for revision in Revision.objects.all()).lower()
    assert [word for word in SECRETS if word in kept] == []


def test_it_is_told_at_its_instant_and_not_a_second_before(client, embargoed, clock):
    """No scheduled task is run."""
    clock(embargoed.at - SECOND)
    expected = places(embargoed)
    early = {address for address, words in expected.items() if words in body(client.get(address))}
    assert early == set()
    clock(embargoed.at)
    late = {address for address, words in expected.items() if words not in body(client.get(address))}
    assert late == set()


def test_its_fiche_says_it_in_json_ld_and_wears_its_badge(client, embargoed, clock):
    clock(embargoed.at)
    page = body(client.get(embargoed.fiche.url))
    assert '"award": ["premier prix, coopération (2013)"]' in page or '"award":["premier prix, coop' in page
    assert '<li class="badge badge--gold">premier prix, coopération (2013)</li>' in page


def test_a_kept_answer_ends_with_the_embargo(embargoed, clock, enabled_response_cache):
    reader = Client()
    clock(embargoed.at - 30 * SECOND)
    addresses = [embargoed.fiche.url, embargoed.rally.page.url]
    for address in addresses * 2:
        reader.get(address)
    clock(embargoed.at - SECOND)
    before = [reader.get(address) for address in addresses]
    assert [response["Cache-Status"].rpartition(" ")[2] for response in before] == ["hit", "hit"]
    assert [secrets_shown(response) for response in before] == [[], []]
    clock(embargoed.at)
    assert [secrets_shown(reader.get(address)) for address in addresses] == [
        ["premier prix"],
        ["zinzolin", "premier prix"],
    ]


def prizes_in_api(reader, fiche):
    """Returns ``prix`` of the fiche in the API, alone and in the list, and the number of fiches with a prize."""
    [listed] = [each for each in reader.get("/api/v1/fiches").json()["items"] if each["id"] == fiche.pk]
    alone = reader.get(f"/api/v1/fiches/{fiche.slug}").json()
    return alone["prix"], listed["prix"], reader.get("/api/v1/fiches?prime=1").json()["count"]


def prize_of(embargoed):
    [prize] = Prix.objects.all()
    return {
        "edition": 2013,
        "categorie": "Coopération",
        "rang": 1,
        "libelle": "Premier prix",
        "citation": prize.citation,
        "url": embargoed.fiche.full_url,
    }


def test_the_api_gives_the_prize_of_a_fiche_within_a_second_of_the_embargo_s_end(
    embargoed, clock, enabled_response_cache
):
    """The API's answers were cached before, and no scheduled task is run."""
    reader = Client()
    clock(embargoed.at - SECOND)
    assert [prizes_in_api(reader, embargoed.fiche) for _twice in range(2)] == [([], [], 0)] * 2
    clock(embargoed.at + SECOND)
    assert prizes_in_api(reader, embargoed.fiche) == ([prize_of(embargoed)], [prize_of(embargoed)], 1)


def test_no_copy_elsewhere_outlives_the_embargo_or_a_withdrawal(client, embargoed):
    for address in (
        "/api/v1/palmares",
        f"/api/v1/fiches/{embargoed.fiche.slug}",
        f"/fiches/apercu/{embargoed.fiche.pk}/",
        "/fiches/suggestions.json?q=fiche",
        "/recherche/suggestions/?q=fiche",
        "/etapes/carte.geojson",
    ):
        assert "max-age=0, must-revalidate" in client.get(address)["Cache-Control"], address


def test_no_kept_answer_outlives_a_withdrawal(embargoed, enabled_response_cache):
    reader = Client()
    addresses = list(places(embargoed))
    for address in addresses:
        reader.get(address)
    publish_now(embargoed.rally.palmares)
    expected = places(embargoed)
    for _kept in range(2):
        assert [address for address in addresses if expected[address] not in body(reader.get(address))] == []
    withdraw_announcement(embargoed.rally.palmares)
    assert [address for address in addresses if "zinzolin" in body(reader.get(address))] == []


def test_the_prize_of_a_fiche_taken_offline_is_told_no_more(client, embargoed):
    publish_now(embargoed.rally.palmares)
    embargoed.fiche.unpublish()
    assert secrets_shown(client.get("/palmares/")) == []
    assert client.get("/api/v1/palmares").json()["count"] == 0


def test_the_address_of_a_juror_never_leaves(client, embargoed):
    publish_now(embargoed.rally.palmares)
    juror = embargoed.rally.jury[0]
    assert [a for a in places(embargoed) if juror.nom.lower() in body(client.get(a))] == []
    juror.accord_le = timezone.now()
    juror.save()
    assert juror.nom.lower() in body(client.get("/palmares/"))
    assert juror.compte.email not in body(client.get("/palmares/"))
