"""Blocks that another app adds to the texts of fiches, étapes, carnets and editorial pages (:func:`register_block`)."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from wagtail.blocks import Block, StreamBlock

# Keys that the API adds to those of the block.
OUR_KEYS = {"type", "html"}


@dataclass(frozen=True)
class RegisteredBlock:
    """A block of another app; see :func:`register_block`."""

    name: str
    block: Block
    schema: Any


_registered: dict[str, RegisteredBlock] = {}
_bodies: list[StreamBlock] = []


def register_block(name: str, block: Block, *, schema: Any = None) -> None:
    """Adds a block to the text of fiches and carnets, to the reports of étapes, and to any other ``BodyField`` of the site.
    Called from ``AppConfig.ready()``.

    Pages show it with its template. The API gives what its ``get_api_representation`` returns, and the HTML of its template.

    :param name: the block's type, in the database and in the API.
    :param schema: a ``ninja.Schema`` of what ``get_api_representation`` returns, when the block overrides it. By default, the
        schema follows the child blocks.
    :raises ImproperlyConfigured: a block has this name already, or a child block has the name of a key of the API.
    """
    if name in _registered:
        raise ImproperlyConfigured(f"There is a block “{name}” already: choose another name for yours.")
    if taken := OUR_KEYS & {*getattr(block, "child_blocks", ())}:
        raise ImproperlyConfigured(
            f"In the block “{name}”, choose another name for “{taken.pop()}”: it is a key of the API."
        )
    added = RegisteredBlock(name, block, schema)
    for body in _bodies:
        _add(added, body)
    _registered[name] = added


def extend(body: StreamBlock) -> None:
    """Adds to ``body`` the blocks that are registered, and those that will be."""
    _bodies.append(body)
    for each in _registered.values():
        _add(each, body)


def _add(each: RegisteredBlock, body: StreamBlock) -> None:
    if each.name in body.child_blocks:
        raise ImproperlyConfigured(f"There is a block “{each.name}” already: choose another name for yours.")
    each.block.set_name(each.name)
    body.child_blocks[each.name] = each.block


def registered_blocks() -> dict[str, RegisteredBlock]:
    """``{name: block}`` of the blocks that other apps added."""
    return _registered
