"""Phone numbers: parsing, French formatting, and a model field."""

from functools import lru_cache
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

REGION = "FR"


def parse_phone(text: str) -> Any:
    """The ``PhoneNumber`` that ``text`` names.

    :raises ValidationError: when it is no possible number.
    """
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValidationError(_("“%(text)s” is not a phone number. Example: 03 53 01 00 12."), params={"text": text})
    return number


def format_phone(text: str) -> str:
    """``text`` in the French national format (« 03 81 40 57 57 »), or with the country code for a foreign number.

    :raises ValidationError: it is no phone number.
    """
    if not text:
        return ""
    number = parse_phone(text)
    domestic = phonenumbers.region_code_for_number(number) == REGION
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, style.NATIONAL if domestic else style.INTERNATIONAL)


@lru_cache(maxsize=4096)
def phone_uri(text: str) -> str:
    """The ``tel:`` URI of a number (RFC 3966).

    :raises ValidationError: it is no phone number.
    """
    return phonenumbers.format_number(parse_phone(text), phonenumbers.PhoneNumberFormat.RFC3966)


class PhoneField(models.CharField):
    """A phone number, stored in the format of :func:`format_phone`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: Any) -> Any:
        value = super().clean(value, model_instance)
        return format_phone(value)
