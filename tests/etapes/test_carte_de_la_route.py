from types import SimpleNamespace

import pytest

from etapes.road_map import road_on_map, span


def stage(number, latitude, longitude, *, a_lieu=True, passee=False, sans_date=False):
    return SimpleNamespace(
        numero=number,
        latitude=latitude,
        longitude=longitude,
        est_situe=latitude is not None,
        a_lieu=a_lieu and not sans_date,
        sur_la_route=a_lieu,
        passee=passee,
    )


def test_etapes_at_the_same_place_share_a_stop():
    road = road_on_map([stage(1, 47.24, 6.02), stage(2, 47.24, 6.02), stage(3, 47.62, 6.15), stage(4, 47.24, 6.02)])
    assert [stop["numeros"] for stop in road["haltes"]] == ["1, 2, 4", "3"]


def test_the_way_goes_back_where_the_road_goes_back():
    road = road_on_map([stage(1, 47.24, 6.02), stage(2, 47.62, 6.15), stage(3, 47.24, 6.02)])
    first, second, third = road["chemin"].strip("M").split("L")
    assert first == third != second


def test_an_etape_that_does_not_take_place_and_one_without_position_are_not_on_the_way():
    road = road_on_map([stage(1, 47.24, 6.02), stage(2, 47.62, 6.15, a_lieu=False), stage(3, None, None)])
    assert road["chemin"] == ""
    assert [stop["numeros"] for stop in road["haltes"]] == ["1"]


def test_an_etape_without_a_date_has_its_stop_and_no_line_leads_there():
    road = road_on_map([stage(1, 47.24, 6.02), stage(3, 47.62, 6.15), stage(2, 46.9, 6.35, sans_date=True)])
    assert len(road["chemin"].strip("M").split("L")) == 2
    assert [stop["numeros"] for stop in road["haltes"]] == ["1", "3", "2"]


def test_numbers_that_follow_one_another_read_as_a_span():
    assert span([1, 2, 3, 4]) == "1–4"
    assert span([1, 2]) == "1, 2"
    assert span([1, None, 5]) == "1, 5"
    assert span([None]) == ""


@pytest.mark.parametrize(
    ("others", "side"),
    [
        ([], (1, -1)),
        ([(47.37, 6.65)], (-1, -1)),
        ([(47.37, 6.65), (47.37, 5.75)], (1, 1)),
        ([(47.37, 6.65), (47.37, 5.75), (47.11, 6.65)], (-1, 1)),
    ],
)
def test_the_flag_covers_no_stop_where_there_is_room_elsewhere(others, side):
    around = stage(1, 47.24, 6.1), stage(2, 47.24, 6.3)
    stages = [*around, *(stage(number, *place) for number, place in enumerate(others, 3))]
    here = road_on_map(stages, SimpleNamespace(reperes=around))["ici"]
    assert (here["sens"], here["bout"]) == side


def test_the_flag_stays_inside_the_drawing():
    around = stage(1, 47.24, 6.9), stage(2, 47.24, 6.9)
    assert road_on_map(list(around), SimpleNamespace(reperes=around))["ici"]["sens"] == -1
