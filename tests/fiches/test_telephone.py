import pytest
from django.core.exceptions import ValidationError

from fiches.models.fields import format_phone, phone_uri


@pytest.mark.parametrize(
    "typed",
    ["03 8140 57 57", "0381405757", "03.81.40.57.57", "+33 3 81 40 57 57", "0033381405757", "03-81-40-57-57"],
)
def test_a_number_reads_in_frances_form_however_it_was_typed(typed):
    assert format_phone(typed) == "03 81 40 57 57"


def test_a_number_from_abroad_keeps_its_country():
    assert format_phone("+41 32 889 60 00") == "+41 32 889 60 00"


def test_no_number_stays_no_number():
    assert format_phone("") == ""


@pytest.mark.parametrize("typed", ["12", "téléphone", "03 81 40 57", "\x00", "9" * 10_000, "03 81 40 57 57 57"])
def test_what_is_no_number_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError) as refused:
        format_phone(typed)
    assert "Exemple\xa0: 03 53 01 00 12." in refused.value.messages[0]


def test_a_phone_can_be_called():
    assert phone_uri("03 81 40 57 57") == "tel:+33-3-81-40-57-57"
