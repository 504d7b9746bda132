"""Model fields and validators shared by the page types: bodies, lists of choices, phone numbers, SIRET and NAF codes (of INSEE)."""

import re
from functools import lru_cache
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block, StreamBlock, StreamValue
from wagtail.blocks.base import BlockField
from wagtail.fields import StreamField

# ``{name: block}`` of the blocks that other apps added, and the bodies that offer them.
REGISTERED_BLOCKS: dict[str, Block] = {}
_bodies: list[StreamBlock] = []


def register_block(name: str, block: Block) -> None:
    """Adds a block to the text of fiches and carnets, to the reports of étapes, and to any other ``BodyField`` of the site.
    Called from ``AppConfig.ready()``.

    Pages show it with its template. The API gives what its ``get_api_representation`` returns, and the HTML of its template.

    :param name: the block's type, in the database and in the API.
    """
    block.set_name(name)
    REGISTERED_BLOCKS[name] = block
    for body in _bodies:
        body.child_blocks[name] = block


class BodyFormField(BlockField):
    """The form field of :class:`BodyField`. Differences in the ids and keys that the editor adds are no change."""

    def has_changed(self, initial_value: StreamValue, data_value: StreamValue) -> bool:
        from fiches.models.revisions import comparable

        one, other = (self.block.get_prep_value(value) for value in (initial_value, data_value))
        return comparable(one) != comparable(other)


class BodyField(StreamField):
    """A StreamField whose block definitions are left out of migrations. If it is made from a list of blocks, other apps may add
    theirs (:func:`register_block`)."""

    @cached_property
    def stream_block(self) -> StreamBlock:
        body = super().stream_block
        if isinstance(self.block_types_arg, list):
            _bodies.append(body)
            body.child_blocks.update(REGISTERED_BLOCKS)
        return body

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs

    def formfield(self, **kwargs: Any) -> BodyFormField:
        return super().formfield(**{"form_class": BodyFormField, **kwargs})


class ChoiceListField(models.JSONField):
    """Several values of a list of choices, stored as a JSON list and edited as checkboxes.

    :param of: the choices, as ``[(value, label)]``.
    """

    def __init__(self, *args: Any, of: Any, **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["of"] = []
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return forms.MultipleChoiceField(
            choices=self.of,
            widget=forms.CheckboxSelectMultiple,
            label=kwargs.get("label", self.verbose_name),
            required=not self.blank,
            help_text=self.help_text,
        )

    def validate(self, value: Any, model_instance: Any) -> Any:
        super().validate(value, model_instance)
        unknown = set(value or []) - {key for key, _label in self.of}
        if unknown:
            raise ValidationError(
                _("Unknown choice: %(values)s."), params={"values": ", ".join(sorted(map(str, unknown)))}
            )


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


class SiretField(models.CharField):
    """A SIRET, stored as its 14 digits."""

    def clean(self, value: Any, model_instance: Any) -> Any:
        value = super().clean(value, model_instance)
        return clean_siret(value) if value else value


naf_rev2 = RegexValidator(r"^[0-9]{2}\.[0-9]{2}[A-Z]$", _("A NAF code reads “10.85Z”."))
naf_2025 = RegexValidator(r"^[0-9]{2}\.[0-9]{2}[A-Z]$", _("A NAF 2025 code reads “10.85Y”."))


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
