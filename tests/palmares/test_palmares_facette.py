"""The facet of the prizes counts public prizes only, from the end of the embargo."""

import datetime

import pytest
from django.http import QueryDict
from django.utils import timezone
from wagtail.models import PageViewRestriction

from fiches.palmares.models import Rang
from fiches.query.fiche_filter import FicheFilter
from tests.palmares.conftest import Rally

pytestmark = pytest.mark.django_db


def prizes(query=""):
    """Returns the choices of the facet: ``[(value, count, ticked)]``."""
    facets = {facet["parametre"]: facet["valeurs"] for facet in FicheFilter.parse(QueryDict(query)).facets()}
    return [(value["valeur"], value["nombre"], value["retenu"]) for value in facets.get("prime", ())]


def announced(tree, at):
    rally = Rally(tree)
    rally.open()
    rally.close()
    rally.decide((0, Rang.PREMIER, "Bravo"), (1, Rang.DEUXIEME, "Bien"))
    rally.announce(at)
    return rally


def test_a_prize_under_embargo_is_in_no_facet_and_in_no_count(tree):
    announced(tree, timezone.now() + datetime.timedelta(hours=1))
    assert prizes() == []
    assert prizes("prime=1") == [("1", 0, True)]
    assert FicheFilter.parse(QueryDict("prime=1")).count == 0


def test_the_facet_counts_from_the_minute_of_the_announcement(tree, client, monkeypatch):
    at = timezone.now() + datetime.timedelta(hours=1)
    rally = announced(tree, at)
    before = client.get("/fiches/carte.geojson?prime=1")
    monkeypatch.setattr(timezone, "now", lambda: at + datetime.timedelta(seconds=1))
    assert prizes() == [("1", 2, False)]
    assert FicheFilter.parse(QueryDict("prime=1")).ids == [rally.fiches[1].pk, rally.fiches[0].pk]
    after = client.get("/fiches/carte.geojson?prime=1", headers={"if-none-match": before["ETag"]})
    assert (after.status_code, after["ETag"] != before["ETag"]) == (200, True)


def test_a_fiche_that_may_not_be_seen_counts_for_no_prize(tree, monkeypatch):
    hour, now = datetime.timedelta(hours=1), timezone.now
    rally = announced(tree, now() + hour)
    monkeypatch.setattr(timezone, "now", lambda: now() + hour)
    PageViewRestriction.objects.create(page=rally.fiches[0], restriction_type="login")
    assert prizes() == [("1", 1, False)]
    rally.fiches[1].unpublish()
    assert prizes() == []
