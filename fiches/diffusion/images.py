"""Pictures as the outside gets them: named sizes, alternative text, credit."""

import logging
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db.models import prefetch_related_objects
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError
from wagtail.models import Site

from fiches.publications.version import memoize

logger = logging.getLogger(__name__)

SIZES = {
    "vignette": "fill-480x320|format-webp",
    "moyenne": "max-960x960|format-webp",
    "grande": "max-1920x1920|format-webp",
}


_origin: ContextVar[str] = ContextVar("origin_of_addresses", default="")


@contextmanager
def on_the_site_of(page):
    """The addresses that :func:`absolute` completes within are on the site of ``page``, as its own address is."""
    parts = page.get_url_parts()
    token = _origin.set(parts[1] if parts else "")
    try:
        yield
    finally:
        _origin.reset(token)


def absolute(address):
    """A web address that can be read from another site: that of the page for which it is made, else the default one."""
    return address if "://" in address else f"{_origin.get() or default_origin()}{address}"


def default_origin():
    """The scheme and host of the default site's pages; where there is no site, those of the administration."""
    site = memoize("default_site", lambda: Site.objects.filter(is_default_site=True).first())
    return site.root_url if site else settings.WAGTAILADMIN_BASE_URL.rstrip("/")


def read_pictures(pks):
    """``{pk: picture}`` with their sizes, in two queries."""
    if not pks:
        return {}
    found = get_image_model().objects.in_bulk(set(pks))
    prefetch_related_objects(list(found.values()), "renditions")
    return found


def picture(image, *, alt="", decorative=False):
    """``{"alt", "decorative", "credit", "foyer", "tailles": {name: {"url", "largeur", "hauteur", "formats"}}}``; ``None`` without a
    picture. ``url`` is the WebP file; ``formats`` names the same in each format, the best one first.

    A picture whose file is lost is left out, and logged: a page is shown without it.
    """
    if image is None:
        return None
    other = _other_format(image)
    try:
        renditions = image.get_renditions(*both_formats(other))
    except (SourceImageIOError, InvalidFilterSpecError, OSError) as error:
        logger.warning("picture_unreadable", extra={"picture": image.pk, "error": type(error).__name__})
        return None
    return {
        "alt": "" if decorative else alt,
        "decorative": bool(decorative),
        "credit": getattr(image, "credit", ""),
        "foyer": _focal_point(image),
        "tailles": {name: _size(renditions[spec], renditions[in_format(spec, other)]) for name, spec in SIZES.items()},
    }


def _size(best, other):
    url = absolute(best.url)
    kind = "png" if other.file.name.endswith(".png") else "jpeg"
    formats = [{"type": "image/webp", "url": url}, {"type": f"image/{kind}", "url": absolute(other.url)}]
    return {"url": url, "largeur": best.width, "hauteur": best.height, "formats": formats}


def in_format(spec, other):
    return spec.replace("format-webp", f"format-{other}")


def both_formats(other):
    """The specs of all sizes, as WebP and as ``other``: ``jpeg``, or ``png`` for what may be transparent."""
    return [*SIZES.values(), *(in_format(spec, other) for spec in SIZES.values())]


def _other_format(image):
    return "jpeg" if image.file.name.lower().endswith((".jpg", ".jpeg", ".heic", ".heif")) else "png"


def _focal_point(image):
    """Where a crop of one's own is to be centred: parts of the width and of the height, from the top left."""
    if not image.has_focal_point() or not (image.width and image.height):
        return None
    return {
        "x": round(image.focal_point_x / image.width, 4),
        "y": round(image.focal_point_y / image.height, 4),
    }
