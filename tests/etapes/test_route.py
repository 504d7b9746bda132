"""The road: one an edition, where the rally is on it today, and what stands beside it."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from etapes.models import EtapePage
from etapes.route import current_route, road_on_map, routes
from tests.etapes.conftest import in_days, text
from tests.factories import EditionFactory, EtapePageFactory

NOON = datetime.datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def create_etape(tree):
    def make(day, number=None, **fields):
        fields = {"debut": datetime.time(10), "fin": datetime.time(16), "moment": "", "commune_id": "39198", **fields}
        return EtapePageFactory(parent=tree.etapes, date=day, numero=number, title=f"Étape du {day:%d.%m.%Y}", **fields)

    return make


def road(now=NOON):
    return routes(list(EtapePage.objects.on_the_road().for_cards()), now)


def june(day, year=2026):
    return datetime.date(year, 6, day)


def test_on_the_day_the_rally_is_at_the_etape(create_etape):
    _before, today, _after = create_etape(june(1)), create_etape(june(15)), create_etape(june(30))
    [route] = road()
    assert route.ici.sur == today
    assert route.ici.reperes == [today]


def test_between_two_etapes_it_is_on_its_way(create_etape):
    before, after = create_etape(june(1)), create_etape(june(30))
    [route] = road()
    assert (route.ici.sur, route.ici.apres, route.ici.avant) == (None, before, after)
    assert route.ici.reperes == [before, after]


def test_before_the_first_it_is_about_to_leave_and_after_the_last_nowhere(create_etape):
    first = create_etape(june(20))
    assert road()[0].ici == (None, first, None)
    assert road(NOON + datetime.timedelta(days=30))[0].ici is None


def test_cancelled_etapes_and_those_without_date_are_not_on_the_road(create_etape):
    on = create_etape(june(20), 2)
    off = create_etape(june(16), 1, statut="annulee")
    adrift = create_etape(june(18), 3, statut="reportee")
    moved = create_etape(june(25), 4, statut="reportee", ancienne_date=june(2))
    [route] = road()
    assert route.etapes == [on, moved]
    assert route.a_part == [off, adrift]
    assert route.ici.avant == on


def test_each_edition_has_its_road_the_latest_first(create_etape):
    edition = EditionFactory(annee=2026, nom="Édition 2026")
    old = create_etape(june(3, 2013), edition=EditionFactory(annee=2013))
    # an edition whose last étape falls in the next year is one road
    first, last = create_etape(june(20), edition=edition), create_etape(june(3, 2027), edition=edition)
    alone = create_etape(june(9, 2024))
    found = road()
    assert [(route.annee, route.etapes) for route in found] == [
        (2026, [first, last]),
        (2024, [alone]),
        (2013, [old]),
    ]
    assert current_route(found) == found[0]


def test_the_road_in_progress_is_the_one_that_is_shown_first(create_etape):
    create_etape(june(3, 2013))
    now, future = create_etape(june(20)), create_etape(june(20, 2027))
    found = road()
    assert [route.etapes for route in found] == [[future], [now], [EtapePage.objects.get(date=june(3, 2013))]]
    assert current_route(found).etapes == [now]
    assert current_route([]) is None


def test_the_map_draws_what_is_behind_and_where_we_are(create_etape):
    places = ((in_days(-9), 47.24, 6.02), (in_days(-5), 47.62, 6.15), (in_days(9), 46.9, 6.35))
    edition = EditionFactory(annee=2026)
    for number, (day, latitude, longitude) in enumerate(places, 1):
        create_etape(day, number, edition=edition)
        EtapePage.objects.filter(numero=number).update(latitude=latitude, longitude=longitude)
    [route] = road(timezone.now())
    drawn = road_on_map(route.etapes, route.ici)
    way = drawn["chemin"].strip("M").split("L")
    assert len(way) == 3
    assert drawn["parcouru"].strip("M").split("L") == way[:2]
    assert [stop["passee"] for stop in drawn["haltes"]] == [True, True, False]
    (x2, y2), (x3, y3) = ((stop["x"], stop["y"]) for stop in drawn["haltes"][1:])
    assert (drawn["ici"]["x"], drawn["ici"]["y"]) == ((x2 + x3) // 2, (y2 + y3) // 2)


@pytest.mark.parametrize("address", ["/etapes/", "/"])
def test_the_pages_show_the_road_where_we_are_and_the_list_alone_what_is_off(create_etape, client, address):
    create_etape(in_days(-10), 1)
    create_etape(in_days(10), 2)
    create_etape(in_days(20), 3, statut="annulee")
    page = text(client.get(address))
    route, _title, apart = page.partition("Étapes annulées ou reportées")
    assert "Le rallye</strong> est entre deux étapes" in route
    titles = [f"Étape du {in_days(days):%d.%m.%Y}" for days in (-10, 10, 20)]
    assert titles[0] in route and titles[1] in route and titles[2] not in route
    assert (titles[2] in apart and "Annulée" in apart) is (address == "/etapes/")
    assert "Les étapes de" in page


def test_the_next_etape_is_named_before_the_filters_and_the_past_ones(create_etape, client):
    for days in (-10, 10, 20):
        create_etape(in_days(days))
    before = BeautifulSoup(client.get("/etapes/").content, "html.parser").select_one("main .head").text
    assert "Prochaine étape" in before and f"Étape du {in_days(10):%d.%m.%Y}" in before.replace("\xa0", " ")
    assert f"Étape du {in_days(20):%d.%m.%Y}" not in before.replace("\xa0", " ")
