"""The pictures that a page shows, and their sizes read at once."""

from django.db.models import prefetch_related_objects
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images.models import AbstractImage


def pictures_in(value):
    """Every picture of a StreamField value, however deep."""
    if isinstance(value, AbstractImage):
        yield value
    elif isinstance(value, StreamValue):
        for child in value:
            yield from pictures_in(child.value)
    elif isinstance(value, StructValue):
        for child in value.values():
            yield from pictures_in(child)
    elif isinstance(value, ListValue):
        for child in value:
            yield from pictures_in(child)


def read_renditions(*pictures):
    """One query for the sizes of all ``pictures``, where each tag would ask for its own; ``None`` is skipped."""
    prefetch_related_objects([picture for picture in pictures if picture is not None], "renditions")
