"""Renditions of the pictures that pages show: loaded in one query, and listed when they are still to be made."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Count, Exists, Model, OuterRef, Q, prefetch_related_objects
from django.db.models.functions import Cast
from django.http import HttpRequest
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, Filter
from wagtail.models import ReferenceIndex

from fiches.media import access
from fiches.models import FichePage

# The renditions in the templates of the blocks (picture, gallery, video).
IN_TEXTS = ("format-{webp,jpeg}|width-{400,800,1216}", "format-webp|fill-{320x240,640x480}")
# ``(model, foreign key to a picture, renditions that pages show of it)``.
_sizes: list[tuple[type[Model], str, tuple[str, ...]]] = []


def register_sizes(model: type[Model], column: str, *sizes: str) -> None:
    """Declares the renditions that public pages show of the picture in ``column``, a foreign key of ``model``. Called from
    ``AppConfig.ready()``.

    :param sizes: filter specifications, as in templates.
    """
    _sizes.append((model, column, sizes))


def pictures_context(fiche: FichePage, request: HttpRequest) -> dict[str, Any]:
    """Hook ``register_fiche_context``: loads the renditions of all pictures of a fiche's page in one query. Adds nothing."""
    funders = (funding.partenaire.logo for funding in fiche.credits)
    read_renditions(fiche.photo, fiche.logo, *funders, *pictures_in(fiche.corps))
    return {}


def missing_renditions(most: int) -> Iterator[tuple[AbstractImage, list[str]]]:
    """Yields ``(picture, specs)`` of public pictures that lack a rendition which public pages show.

    :param most: pictures per kind of use, at most. They are taken at random, so that pictures that can't be rendered don't block
        the others.
    """
    model = get_image_model()
    uses = [
        (Q(pk__in=shown._default_manager.exclude(**{column: None}).values(column)), sizes)
        for shown, column, sizes in _sizes
    ]
    in_texts = ReferenceIndex.objects.filter(
        to_content_type__app_label=model._meta.app_label,
        to_content_type__model=model._meta.model_name,
        to_object_id=Cast(OuterRef("pk"), CharField()),
        model_path__contains=".",
    )
    for use, sizes in [*uses, (Exists(in_texts), IN_TEXTS)]:
        specs = [spec for size in sizes for spec in Filter.expand_spec(size)]
        drawn = Count("renditions", filter=Q(renditions__filter_spec__in=specs))
        pictures = access.visible(model).filter(use).annotate(drawn=drawn).filter(drawn__lt=len(specs))
        for picture in pictures.order_by("?")[:most]:
            yield picture, specs


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
