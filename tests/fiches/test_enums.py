import pytest

from fiches.models.enums import TRANCHES, tranche


@pytest.mark.parametrize(
    ("effectif", "key"),
    [(None, ""), (0, "0"), (1, "1-2"), (9, "6-9"), (10, "10-19"), (15, "10-19"), (199, "100-199"), (80_000, "10000")],
)
def test_a_staff_size_falls_in_its_band(effectif, key):
    assert tranche(effectif) == key


def test_the_bands_leave_no_gap():
    assert [low for _, low, _ in TRANCHES[1:]] == [high + 1 for _, _, high in TRANCHES[:-1]]
