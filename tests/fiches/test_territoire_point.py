"""Coordinates as people type them."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from fiches.models.location import Point, parse_point

NBSP = "\u00a0"


def refusal(text, parse=parse_point):
    with pytest.raises(ValidationError) as refused:
        parse(text)
    return refused.value.code, " ".join(refused.value.messages)


@pytest.mark.parametrize(
    "text",
    [
        "47.64 6.86",
        "47,64 6,86",
        "47,64 ; 6,86",
        f"47,64{NBSP};{NBSP}6,86",
        "47,64;6,86",
        "47.64, 6.86",
        "47.64,6.86",
        "47,64, 6,86",
        "47,64,6,86",
        "47.64 / 6.86",
        "(47.64, 6.86)",
        "  47.64   6.86  ",
        "+47.64 +6.86",
        "47,64° 6,86°",
        "47,64° N ; 6,86° E",
        "N 47,64 E 6,86",
        "6,86 E ; 47,64 N",
        "47°38'24\" N 6°51'36\" E",
        "47° 38′ 24″ N, 6° 51′ 36″ E",
        "47°38,4' N 6°51,6' E",
        "POINT(6.86 47.64)",
        "POINT (6.86 47.64)",
        "SRID=4326;POINT(6.86 47.64)",
        "srid=4326;point(6.86  47.64)",
    ],
)
def test_a_pair_is_read_as_people_write_it(text):
    point = parse_point(text)
    assert (round(point.lat, 9), round(point.lon, 9)) == (47.64, 6.86)


@pytest.mark.parametrize(
    "text",
    [
        None,
        47.64,
        "",
        " ",
        "garbage",
        "nan nan",
        "inf inf",
        "1e400 6.86",
        "47.64 6.86 12",
        "47.64 x 6.86",
        "47,64,6",
        "47..64 6.86",
        "47.64\x00 6.86",
        "47°75'00\" N 6°51'36\" E",
        "47,64 N 6,86 N",
        "SRID=2154;POINT(6.86 47.64)",
        "POINT(6.86)",
        "POINT(nan nan)",
        "47.64 6." + "8" * 300,
        "😀 😀",
        "٤٧ ٦",
    ],
)
def test_what_is_no_pair_is_refused_with_an_example(text):
    expected = f"Écrivez une latitude puis une longitude, par exemple «{NBSP}47,24{NBSP}; 6,02{NBSP}»."
    assert refusal(text) == ("unreadable", expected)


def test_a_latitude_beyond_the_poles_is_refused():
    message = f"La latitude va de −90 à 90{NBSP}: 147 est incorrect."
    assert refusal("147 6,86") == ("latitude", message)


def test_a_swapped_pair_is_refused_with_the_right_one():
    message = f"La latitude et la longitude semblent inversées. Écrivez d’abord la latitude{NBSP}: 47,64{NBSP}; 6,86."
    assert refusal("6.86, 47.64") == ("swapped", message)
    assert refusal("SRID=4326;POINT(47.64 6.86)") == ("swapped", message)


def test_a_point_outside_the_region_is_refused_with_what_was_understood():
    message = f"Ce point est hors de Franche-Comté. Le site a lu{NBSP}: latitude et longitude 48,8566{NBSP}; 2,3522. Corrigez le point."
    assert refusal("48,8566 2,3522") == ("outside", message)


def test_a_point_is_stored_as_the_map_widget_stores_it():
    assert Point(47.64, 6.86).wkt == "SRID=4326;POINT(6.86 47.64)"
    assert Point(-0.0, 1e-9).wkt == "SRID=4326;POINT(0 0)"
    assert Point(47.12345678, 6.0).wkt == "SRID=4326;POINT(6 47.123457)"


def test_a_distance_is_in_kilometres():
    besancon, belfort = Point(47.24878, 6.01815), Point(47.64218, 6.85385)
    assert round(besancon.distance(belfort), 1) == 76.6
    assert besancon.distance(besancon) == 0


@given(st.text(max_size=400))
def test_any_text_is_a_point_of_the_region_or_a_refusal(text):
    try:
        point = parse_point(text)
    except ValidationError:
        return
    assert 46 < point.lat < 49 and 5 < point.lon < 8
