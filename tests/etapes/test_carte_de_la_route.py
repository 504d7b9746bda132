from types import SimpleNamespace

from etapes.route import road_on_map


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
