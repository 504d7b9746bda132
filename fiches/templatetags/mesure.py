"""The template filter ``signes``: the length of a text, by which paper chooses the size of its type."""

import re
from typing import Any

from django import template
from wagtail.blocks import StreamValue

register = template.Library()

TAG = re.compile(r"<[^>]*>")


@register.filter
def signes(stream: StreamValue) -> int:
    """The number of characters in a StreamField's raw data, without tags and identifiers."""
    return sum(_length(block["value"]) for block in stream.raw_data if block.get("value"))


def _length(value: dict[str, Any] | int | str) -> int:
    if isinstance(value, str):
        return len(TAG.sub("", value))
    if isinstance(value, list):
        return sum(map(_length, value))
    if isinstance(value, dict):
        return _length(value["value"]) if value.keys() == {"type", "value", "id"} else sum(map(_length, value.values()))
    return 0
