"""Serializes images for the API: named sizes (renditions), alternative text, credit, focal point. Makes addresses absolute."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Model, prefetch_related_objects
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.models import Page, Site

from fiches.publications.version import memoize

if TYPE_CHECKING:
    from fiches.models import FichePage

logger = logging.getLogger(__name__)

SIZES = {
    "vignette": "fill-480x320|format-webp",
    "moyenne": "max-960x960|format-webp",
    "grande": "max-1920x1920|format-webp",
}
# The size that social networks show.
SHARED = "fill-1200x630|format-jpeg"

_origin: ContextVar[str] = ContextVar("origin_of_addresses", default="")


@contextmanager
def on_the_site_of(page: Page) -> Iterator[None]:
    """Context manager: :func:`absolute` completes addresses with the origin of the site of ``page``."""
    parts = page.get_url_parts()
    token = _origin.set(parts[1] if parts else "")
    try:
        yield
    finally:
        _origin.reset(token)


def absolute(address: str) -> str:
    """Returns ``address`` with scheme and host: those set by :func:`on_the_site_of`, else those of the default site."""
    return address if "://" in address else f"{_origin.get() or default_origin()}{address}"


def default_origin() -> str:
    """Returns the scheme and host of Wagtail's default site; of the admin (``WAGTAILADMIN_BASE_URL``) without one."""
    sites = Site.objects.filter(is_default_site=True)
    site = memoize("default_site", sites.first, shared=True)
    return site.root_url if site else settings.WAGTAILADMIN_BASE_URL.rstrip("/")


def pictures_by_key(pks: Any) -> dict[int, Model]:
    """Returns ``{pk: image}`` with their renditions prefetched, in two queries."""
    if not pks:
        return {}
    images = get_image_model().objects.in_bulk(set(pks))
    prefetch_related_objects(list(images.values()), "renditions")
    return images


def social_picture(fiche: "FichePage") -> dict[str, Any] | None:
    """Returns ``{"url", "largeur", "hauteur", "alt"}`` of a fiche's photo for social networks; None without a photo, or when its file
    is lost: the picture of the site is shown then."""
    if fiche.photo is None:
        return None
    try:
        rendition = fiche.photo.get_rendition(SHARED)
    except (InvalidFilterSpecError, OSError) as error:
        _raise_if_passing(error)
        return None
    return {
        "url": absolute(rendition.url),
        "largeur": rendition.width,
        "hauteur": rendition.height,
        "alt": fiche.photo_alt,
    }


def _raise_if_passing(error: Exception) -> None:
    """Raises the machine's errors, which have a number, such as that of a full disk: they pass, so that nobody may keep None."""
    if getattr(error, "errno", None):
        raise error


def picture_resource(image: Any, *, alt: str = "", decorative: bool | None = False) -> dict[str, Any] | None:
    """Returns ``{"alt", "decorative", "credit", "licence", "foyer", "tailles": {name: {"url", "largeur", "hauteur", "formats"}}}``.

    ``url`` is the WebP file; ``formats`` lists the same picture in each format, the best one first. Returns None without an image,
    or when its file is lost or damaged (which is logged), so that the page can be shown without it.
    """
    if image is None:
        return None
    other = _other_format(image)
    try:
        renditions = image.get_renditions(*both_formats(other))
    except (InvalidFilterSpecError, OSError) as error:
        _raise_if_passing(error)
        logger.warning("picture_unreadable", extra={"picture": image.pk, "error": type(error).__name__})
        return None
    return {
        "alt": "" if decorative else alt,
        "decorative": bool(decorative),
        "credit": getattr(image, "credit", ""),
        "licence": getattr(image, "licence", ""),
        "foyer": _focal_point(image),
        "tailles": {name: _size(renditions[spec], renditions[in_format(spec, other)]) for name, spec in SIZES.items()},
    }


def _size(best: Any, other: Any) -> Any:
    url = absolute(best.url)
    kind = "png" if other.file.name.endswith(".png") else "jpeg"
    formats = [{"type": "image/webp", "url": url}, {"type": f"image/{kind}", "url": absolute(other.url)}]
    return {"url": url, "largeur": best.width, "hauteur": best.height, "formats": formats}


def in_format(spec: str, other: str) -> str:
    return spec.replace("format-webp", f"format-{other}")


def both_formats(other: str) -> list[str]:
    """Returns the rendition specs of all sizes, as WebP and as ``other``: ``jpeg`` or ``png``."""
    return [*SIZES.values(), *(in_format(spec, other) for spec in SIZES.values())]


def _other_format(image: Any) -> str:
    """Returns ``png`` for drawings and logos, which may be transparent, and ``jpeg`` for the others, which is much lighter."""
    return "png" if image.file.name.lower().endswith((".png", ".gif", ".svg")) else "jpeg"


def _focal_point(image: Any) -> Any:
    """Returns the focal point as fractions of the width and of the height, from the top left; None without one."""
    if not image.has_focal_point() or not (image.width and image.height):
        return None
    return {
        "x": round(image.focal_point_x / image.width, 4),
        "y": round(image.focal_point_y / image.height, 4),
    }
