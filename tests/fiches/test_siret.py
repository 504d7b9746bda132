import pytest
from django.core.exceptions import ValidationError

from fiches.models.fields import clean_siret


def test_a_siret_loses_its_spaces():
    assert clean_siret("732 829 320 00074") == "73282932000074"


def test_the_posts_own_key_is_known():
    assert clean_siret("356 000 000 09075") == "35600000009075"


@pytest.mark.parametrize(
    "typed", ["", "7328293200007", "732829320000744", "abcdefghijklmn", "７３２８２９３２００００７４"]
)
def test_another_length_or_another_alphabet_is_refused(typed):
    with pytest.raises(ValidationError, match="il a 14 chiffres."):
        clean_siret(typed)


@pytest.mark.parametrize("typed", ["73282932000075", "00000000000000"])
def test_a_wrong_key_is_refused(typed):
    with pytest.raises(ValidationError, match="un chiffre est faux"):
        clean_siret(typed)
