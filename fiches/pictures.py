"""The pictures that a page shows, and their sizes read at once."""

from functools import cache

from django.db.models import prefetch_related_objects
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from fiches.prepared import Prepared


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


AT_ONCE = 8


def read_renditions(*pictures):
    """One query for the sizes of all ``pictures``, where each tag would ask for its own; ``None`` is skipped."""
    shown = [picture for picture in pictures if picture is not None]
    keys = {picture.pk for picture in shown}
    if len(keys) > AT_ONCE:
        prefetch_related_objects(shown, "renditions")
    elif keys:
        padded = [*keys, *[-1] * (AT_ONCE - len(keys))]
        found = _renditions()(**{f"key_{place}": key for place, key in enumerate(padded)})
        for picture in shown:
            picture.prefetched_renditions = [each for each in found if each.image_id == picture.pk]
            for each in picture.prefetched_renditions:
                each.image = picture


@cache
def _renditions():
    sizes = get_image_model()._meta.get_field("renditions").related_model.objects
    keys = {f"key_{place}": -10 - place for place in range(AT_ONCE)}
    return Prepared(lambda **keys: sizes.filter(image_id__in=keys.values()), **keys)
