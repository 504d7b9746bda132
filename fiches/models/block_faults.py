"""Error messages of a StreamField, each with its place in the text: « bloc 2, image, légende : … »."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.blocks import Block


def block_faults(error: ValidationError, block: Block, value: object) -> list[str]:
    """The messages of ``error``, which ``block.clean(value)`` raised, each with its place."""
    return [_located(path, message) for path, message in _faults(error, block, value, [])]


def _located(path: list[str], message: str) -> str:
    if not path:
        return message
    return _("%(field)s: %(message)s") % {"field": capfirst(", ".join(path)), "message": message}


def _faults(error: ValidationError, block: Block, value: Any, path: list[str]) -> Iterator[tuple[list[str], str]]:
    children = getattr(error, "block_errors", None)
    if not children and not getattr(error, "non_block_errors", None):
        yield from ((path, message) for message in error.messages)
        return
    for general in error.non_block_errors.as_data():
        yield from ((path, message) for message in general.messages)
    for key, child_error in children.items():
        yield from _faults(child_error, *_child(block, value, key, path))


def _child(block: Block, value: Any, key: int | str, path: list[str]) -> tuple[Any, Any, list[str]]:
    """``(block, value, path)`` of a child; ``key`` is its index in a stream or list, or its name in a struct."""
    if isinstance(key, int):
        part = value[key] if not hasattr(value, "bound_blocks") else value.bound_blocks[key]
        label = (
            str(part.block.label) if part.block.label and part.block is not getattr(block, "child_block", None) else ""
        )
        rank = _("block %(rank)s") % {"rank": key + 1} if label else _("n° %(rank)s") % {"rank": key + 1}
        return part.block, part.value, [*path, rank, *([label] if label else [])]
    child = getattr(block, "child_blocks", {}).get(key)
    label = str(child.label) if child is not None else ""
    inner = value.get(key) if hasattr(value, "get") else None
    return child or block, inner, [*path, *([label] if label else [])]
