import pytest

from fiches.models.enums import tranche


@pytest.mark.parametrize(
    ("effectif", "key"),
    [(None, ""), (0, "0"), (1, "1-2"), (9, "6-9"), (10, "10-19"), (15, "10-19"), (199, "100-199"), (80_000, "10000")],
)
def test_a_staff_size_falls_in_its_band(effectif, key):
    assert tranche(effectif) == key
