"""Pictures as the outside gets them: named sizes, alternative text, credit."""

import logging

from django.conf import settings
from django.db.models import prefetch_related_objects
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

logger = logging.getLogger(__name__)

SIZES = {
    "vignette": "fill-480x320|format-webp",
    "moyenne": "max-960x960|format-webp",
    "grande": "max-1920x1920|format-webp",
}


def absolute(address):
    """A web address that can be read from another site."""
    return address if "://" in address else f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{address}"


def read_pictures(pks):
    """``{pk: picture}`` with their sizes, in two queries."""
    if not pks:
        return {}
    found = get_image_model().objects.in_bulk(set(pks))
    prefetch_related_objects(list(found.values()), "renditions")
    return found


def picture(image, *, alt="", decorative=False):
    """``{"alt", "decorative", "credit", "tailles": {name: {"url", "largeur", "hauteur"}}}``; ``None`` without a picture.

    A picture whose file is lost is left out, and logged: a page is shown without it.
    """
    if image is None:
        return None
    try:
        renditions = image.get_renditions(*SIZES.values())
    except (SourceImageIOError, InvalidFilterSpecError, OSError) as error:
        logger.warning("picture_unreadable", extra={"picture": image.pk, "error": type(error).__name__})
        return None
    sizes = {
        name: {"url": absolute(found.url), "largeur": found.width, "hauteur": found.height}
        for name, found in ((name, renditions[spec]) for name, spec in SIZES.items())
    }
    return {
        "alt": "" if decorative else alt,
        "decorative": bool(decorative),
        "credit": getattr(image, "credit", ""),
        "tailles": sizes,
    }
