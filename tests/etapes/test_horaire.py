from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from etapes.schedule import bounds, check_hours

PARIS = ZoneInfo("Europe/Paris")


def check(**given):
    check_hours(**{"debut": None, "fin": None, "moment": "", **given})


def test_a_date_alone_hours_or_a_moment_are_all_fine():
    check()
    check(debut=time(9), fin=time(13))
    check(moment="apres-midi")


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"debut": time(13), "fin": time(9)}, "fin", "L’heure de fin est avant l’heure de début."),
        ({"debut": time(9), "fin": time(9)}, "fin", "L’heure de fin est avant l’heure de début."),
        ({"fin": time(9)}, "debut", "Écrivez l’heure de début, ou effacez l’heure de fin."),
        (
            {"debut": time(9), "moment": "matin"},
            "moment",
            "Donnez des heures ou un moment de la journée, mais pas les deux.",
        ),
    ],
)
def test_hours_that_can_not_be_are_refused_beside_the_field(given, field, message):
    with pytest.raises(ValidationError) as refused:
        check(**given)
    assert refused.value.message_dict == {field: [message]}


def test_an_afternoon_is_not_over_at_noon_nor_begins_at_midnight():
    start, end = bounds(date=date(2013, 9, 26), debut=None, fin=None, moment="apres-midi")
    assert start == datetime(2013, 9, 26, 12, tzinfo=PARIS)
    assert end > datetime(2013, 9, 26, 18, tzinfo=PARIS)


def test_an_end_that_nobody_gave_is_not_before_the_end_of_the_day():
    _, end = bounds(date=date(2013, 9, 26), debut=time(17), fin=None, moment="")
    assert end == datetime(2013, 9, 26, 23, 59, tzinfo=PARIS)
