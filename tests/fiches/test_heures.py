"""Hours are written one way everywhere, and never break across two lines."""

import datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from fiches import formats

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "hour", "minute", "written"),
    [
        ("fr", 16, 0, f"16{SPACE}h"),
        ("fr", 9, 5, f"9{SPACE}h{SPACE}05"),
        ("fr-be", 0, 30, f"0{SPACE}h{SPACE}30"),
        ("de", 16, 0, "16:00"),
        ("en", 9, 5, "09:05"),
    ],
)
def test_an_hour_is_written_as_its_readers_write_it(language, hour, minute, written):
    with translation.override(language):
        assert formats.hour(datetime.time(hour, minute)) == written


def test_an_instant_is_told_in_the_sites_own_time_zone():
    instant = datetime.datetime(2027, 1, 25, 22, 59, tzinfo=datetime.UTC)
    assert formats.hour(instant) == f"23{SPACE}h{SPACE}59"
    assert formats.moment(instant) == f"25 janvier 2027 à 23{SPACE}h{SPACE}59"
    with translation.override("de"):
        assert formats.moment(instant) == "25. Januar 2027, 23:59 Uhr"


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("fr", "lundi 1er mars 2027", "2 mars 2027"),
        ("de", "Montag, 1. März 2027", "2. März 2027"),
        ("en", "Monday 1 March 2027", "2 March 2027"),
    ],
)
def test_a_day_is_written_as_its_readers_write_it(language, first, second):
    with translation.override(language):
        assert formats.day_of_week(datetime.date(2027, 3, 1)) == first
        assert formats.day(datetime.date(2027, 3, 1)) in first
        assert formats.day(datetime.datetime(2027, 3, 1, 23, 30, tzinfo=datetime.UTC)) == second


def test_templates_write_them_so():
    told = {"at": datetime.time(14, 30), "never": None, "end": datetime.datetime(2027, 7, 1, 12, tzinfo=datetime.UTC)}
    page = Template("{% load rallynov %}{{ at|heure }}, {{ never|heure }}{{ never|moment }}{{ end|moment }}")
    assert page.render(Context(told)) == f"14{SPACE}h{SPACE}30, 1er juillet 2027 à 14{SPACE}h"
