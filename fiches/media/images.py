"""Sanitises uploaded images: decodes them under limits, and encodes only the pixels again.

So no metadata (position, serial number, thumbnail of the uncropped picture) and no hidden content (script, appended archive) is
stored. ``image_reader`` decodes them in a subprocess with limited memory and time.
"""

import re
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from anyascii import anyascii
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.text import get_text_list, slugify
from django.utils.translation import gettext_lazy as _

from fiches import formats
from fiches.machine_lock import Busy
from fiches.media import image_reader, sandboxed_reader

LONGEST_NAME = 60
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


@dataclass(frozen=True)
class ImageLimits:
    """Limits of an uploaded image: size in bytes, number of pixels, largest width or height in pixels."""

    max_bytes: int = 30 * 1024 * 1024
    max_pixels: int = 50_000_000
    max_side: int = 16_000


def site_limits() -> ImageLimits:
    """Returns the limits of Wagtail's settings, with ours as defaults."""
    return ImageLimits(
        max_bytes=getattr(settings, "WAGTAILIMAGES_MAX_UPLOAD_SIZE", None) or ImageLimits.max_bytes,
        max_pixels=getattr(settings, "WAGTAILIMAGES_MAX_IMAGE_PIXELS", None) or ImageLimits.max_pixels,
    )


class CleanImage(ContentFile):
    """An image encoded by ``sanitise_image``; our image fields store no other file."""

    def __init__(self, content: bytes, name: str, *, content_type: str, width: int, height: int) -> None:
        super().__init__(content, name)
        self.content_type = content_type
        self.width = width
        self.height = height


def sanitise_image(file: Any, *, name: Any = None, limits: Any = None) -> File:
    """Returns the image in ``file`` as a ``CleanImage`` (JPEG, PNG or WebP): upright, in sRGB, without metadata.

    :param file: its format is detected from the content, not from the name.
    :param name: the name of the result (``file.name`` by default), made safe and with the extension of the format.
    :param limits: :func:`site_limits` by default.
    :raises ValidationError: with a message for the sender, when it isn't a still image within the limits. No other exception is
        raised.
    """
    limits = limits or site_limits()
    answer, content = _rewrite(_read(file, limits), limits)
    return CleanImage(
        content,
        safe_name(name or getattr(file, "name", ""), EXTENSIONS[answer["format"]]),
        content_type=f"image/{answer['format'].lower()}",
        width=answer["width"],
        height=answer["height"],
    )


def _rewrite(data: bytes, limits: ImageLimits) -> tuple[dict[str, Any], bytes]:
    """Returns what ``image_reader`` answers; raises the ``ValidationError`` of a refusal, which tells the sender what to do."""
    try:
        answer, content = sandboxed_reader.read(
            image_reader, data, max_pixels=limits.max_pixels, max_side=limits.max_side
        )
    except sandboxed_reader.TooMuch:
        raise refusal(
            "too_much",
            _("This picture asks for too much work to be read. Export it anew as a JPEG, then send that."),
        ) from None
    except Busy:
        raise refusal("busy", _("Other files are being read at the moment. Send this one again in a minute.")) from None
    match answer.get("refused"):
        case None:
            return answer, content
        case "too_large":
            raise _too_large(answer["size"], limits)
        case "animated":
            raise refusal("animated", _("Animated pictures are not accepted: send a still one."))
        case "damaged":
            message = _("This picture is damaged and can't be read. Export it anew, then send that.")
            raise refusal("damaged", message)
    message = _("This file is not a picture that we can read. Send a %(formats)s file.")
    raise refusal("not_a_picture", message, formats=format_names())


def overwrite(sent: Any, clean: File) -> None:
    """Overwrites the uploaded file with the clean one, since Wagtail may store the uploaded file until the form is complete."""
    sent.seek(0)
    sent.truncate()
    sent.write(clean.read())
    sent.flush()
    sent.seek(0)
    clean.seek(0)
    sent.size = clean.size
    sent.content_type = getattr(clean, "content_type", sent.content_type)


def safe_name(name: str, extension: str) -> str:
    """Returns ``name`` in ASCII, shortened, without folders, with ``extension``: "Été au lac.HEIC" → "ete-au-lac.jpg"."""
    base = re.split(r"[\\/]", name or "")[-1]
    stem = base.rpartition(".")[0] or base
    return f"{slugify(anyascii(stem))[:LONGEST_NAME].strip('-') or 'image'}.{extension}"


def refusal(code: str, message: Any, **params: Any) -> ValidationError:
    """Returns a ``ValidationError``."""
    return ValidationError(message, code=code, params=params)


def _read(file: Any, limits: Any) -> bytes:
    if getattr(file, "closed", False):
        file.open("rb")
    file.seek(0)
    data = file.read(limits.max_bytes + 1)
    file.seek(0)
    if not data:
        raise refusal("empty", _("This file is empty."))
    if len(data) > limits.max_bytes:
        raise refusal(
            "too_heavy",
            _("This picture is too heavy (%(size)s). Send one of %(max)s at most."),
            size=formats.size(getattr(file, "size", None) or len(data)),
            max=formats.size(limits.max_bytes),
        )
    return data


def format_names() -> str:
    """Returns the accepted formats in words, for labels and messages: « JPEG, PNG… ou AVIF »."""
    return get_text_list(["JPEG", "PNG", "WebP", "GIF", *(["HEIC"] if reads_heic() else []), "AVIF"])


def accepted() -> str:
    """The ``accept`` of a file field: pictures, with the extensions that browsers don't know as such and that are read here."""
    return "image/*,.avif" + (",.heic,.heif" if reads_heic() else "")


def reads_heic() -> bool:
    """Returns whether the optional package for HEIC is installed; the site doesn't ship it, since its wheel holds GPL code."""
    return find_spec("pillow_heif") is not None


def _too_large(size: list[int], limits: ImageLimits) -> ValidationError:
    return refusal(
        "too_large",
        _(
            "This picture is too large (%(width)s × %(height)s pixels). Send one of %(max)s million pixels at most, and"
            " of %(side)s pixels at most along a side."
        ),
        width=formats.thousands(size[0]),
        height=formats.thousands(size[1]),
        max=f"{limits.max_pixels / 1_000_000:g}",
        side=formats.thousands(limits.max_side),
    )
