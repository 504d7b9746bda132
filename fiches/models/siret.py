"""Validation of SIRET numbers (establishments) and NAF codes (activities), both issued by INSEE."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# The SIRETs of La Poste don't follow Luhn's rule: the sum of their digits is a multiple of 5 (INSEE).
LA_POSTE = "356000000"


def luhn(digits: str) -> int:
    """Luhn's sum of a string of digits: a multiple of 10 for a valid number."""
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled)


def clean_siret(text: str) -> str:
    """The 14 digits of ``text``, written with or without spaces.

    :raises ValidationError: for a wrong length or a wrong key.
    """
    digits = re.sub(r"[\s.\u00a0\u202f-]", "", text)
    if not re.fullmatch(r"[0-9]{14}", digits):
        raise ValidationError(_("A SIRET has 14 digits."))
    if digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return digits
    if luhn(digits) % 10 or digits == "0" * 14:
        raise ValidationError(_("This SIRET is not valid: its key is wrong. Check for a typing error."))
    return digits


naf_rev2 = RegexValidator(r"^[0-9]{2}\.[0-9]{2}[A-Z]$", _("A NAF code reads “10.85Z”."))
naf_2025 = RegexValidator(r"^[0-9]{2}\.[0-9]{2}[A-Z]$", _("A NAF 2025 code reads “10.85Y”."))
