"""How long a text is, so that print can choose a smaller type for a longer one."""

import re

from django import template

register = template.Library()

TAG = re.compile(r"<[^>]*>")


@register.filter
def signes(stream):
    """How many characters a StreamField holds, tags and identifiers left out; nothing is rendered."""
    return sum(_length(block["value"]) for block in stream.raw_data if block.get("value"))


def _length(value):
    if isinstance(value, str):
        return len(TAG.sub("", value))
    if isinstance(value, list):
        return sum(map(_length, value))
    if isinstance(value, dict):
        return _length(value["value"]) if value.keys() == {"type", "value", "id"} else sum(map(_length, value.values()))
    return 0
