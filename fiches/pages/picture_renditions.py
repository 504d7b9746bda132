"""Renditions of the pictures that pages show, loaded in one query."""

from collections.abc import Iterator
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images.models import AbstractImage

from fiches.models import FichePage


def pictures_context(fiche: FichePage, request: HttpRequest) -> dict[str, Any]:
    """Hook ``register_fiche_context``: loads the renditions of all pictures of a fiche's page in one query. Adds nothing."""
    funders = (funding.partenaire.logo for funding in fiche.credits)
    read_renditions(fiche.photo, fiche.logo, *funders, *pictures_in(fiche.corps))
    return {}


def pictures_in(value: object) -> Iterator[AbstractImage]:
    """Yields every picture of a StreamField value, at any depth."""
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


def read_renditions(*pictures: AbstractImage | None) -> None:
    """Loads the renditions of all ``pictures`` in one query, so that the template tags make none. Ignores None."""
    prefetch_related_objects([picture for picture in pictures if picture is not None], "renditions")
