"""Blocks that another app adds to the texts of fiches, étapes, carnets and editorial pages (:func:`register_block`)."""

from django.core.exceptions import ImproperlyConfigured
from wagtail.blocks import Block, StreamBlock

# Keys that the API adds to those of the block.
OUR_KEYS = {"type", "html"}


_registered: dict[str, Block] = {}
_bodies: list[StreamBlock] = []


def register_block(name: str, block: Block) -> None:
    """Adds a block to the text of fiches and carnets, to the reports of étapes, and to any other ``BodyField`` of the site.
    Called from ``AppConfig.ready()``.

    Pages show it with its template. The API gives what its ``get_api_representation`` returns, and the HTML of its template.

    :param name: the block's type, in the database and in the API.
    :raises ImproperlyConfigured: a block has this name already, or a child block has the name of a key of the API.
    """
    if name in _registered:
        raise ImproperlyConfigured(f"There is a block “{name}” already: choose another name for yours.")
    if taken := OUR_KEYS & {*getattr(block, "child_blocks", ())}:
        raise ImproperlyConfigured(
            f"In the block “{name}”, choose another name for “{taken.pop()}”: it is a key of the API."
        )
    for body in _bodies:
        _add(name, block, body)
    _registered[name] = block


def extend(body: StreamBlock) -> None:
    """Adds to ``body`` the blocks that are registered, and those that will be."""
    _bodies.append(body)
    for name, block in _registered.items():
        _add(name, block, body)


def _add(name: str, block: Block, body: StreamBlock) -> None:
    if name in body.child_blocks:
        raise ImproperlyConfigured(f"There is a block “{name}” already: choose another name for yours.")
    block.set_name(name)
    body.child_blocks[name] = block


def registered_blocks() -> dict[str, Block]:
    """``{name: block}`` of the blocks that other apps added."""
    return _registered
