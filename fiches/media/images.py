"""Sanitises uploaded images: decodes them under limits, and encodes only the pixels again.

So no metadata (position, serial number, thumbnail of the uncropped picture) and no hidden content (script, appended archive) is
stored. ``image_reader`` decodes them in a subprocess with limited memory and time.
"""

import re
import struct
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
from fiches.media.image_reader import WRITTEN_AS

LONGEST_NAME = 60
# Pixels of each format that the reader can decode within sandboxed_reader.MEMORY, whatever the picture's mode: a JPEG is decoded at
# a smaller size (a progressive one in CMYK takes 617 MB), a WebP is held in memory four times, an AVIF three. Phones make JPEG and
# HEIC of 50 megapixels.
MOST_PIXELS = {
    "JPEG": 64_000_000,
    "PNG": 50_000_000,
    "GIF": 40_000_000,
    "HEIF": 50_000_000,
    "AVIF": 40_000_000,
    "WEBP": 24_000_000,
}

# Formats as people call them.
NAMES = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "GIF": "GIF", "HEIF": "HEIC", "AVIF": "AVIF"}
ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82", "GIF": b";"}
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


@dataclass(frozen=True)
class ImageLimits:
    """Limits of an uploaded image: size in bytes, number of pixels, largest width or height in pixels."""

    max_bytes: int = 30 * 1024 * 1024
    max_pixels: int = 64_000_000
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
    data = _read(file, limits)
    source = _format(data)
    answer, content = _rewrite(data, source, limits)
    target = WRITTEN_AS[source]
    return CleanImage(
        content,
        safe_name(name or getattr(file, "name", ""), EXTENSIONS[target]),
        content_type=f"image/{target.lower()}",
        width=answer["width"],
        height=answer["height"],
    )


def _rewrite(data: bytes, source: str, limits: ImageLimits) -> tuple[dict[str, int], bytes]:
    """Returns what ``image_reader`` answers; raises the ``ValidationError`` of a refusal."""
    most = min(limits.max_pixels, MOST_PIXELS[source])
    arguments = {"source": source, "max_pixels": most, "max_side": limits.max_side}
    try:
        if image_reader.is_small(data, source):  # a logo doesn't need a subprocess
            answer, content = image_reader.answer(data, **arguments)
        else:
            answer, content = sandboxed_reader.read(image_reader, data, **arguments)
    except sandboxed_reader.TooMuch:
        raise refusal(
            "too_much",
            _("This picture asks for too much work to be read. Export it anew as a JPEG, then send that."),
        ) from None
    except Busy:
        raise refusal("busy", _("Other files are being read at the moment. Send this one again in a minute.")) from None
    if "refused" in answer:
        raise _refused(answer, data, source, limits, most)
    return answer, content


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


def _format(data: bytes) -> str:
    """Returns Pillow's name of the format, from the first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _format_of_brands(data)
    if b"<svg" in data[:4096].lower():
        raise refusal("svg", _("SVG drawings are not accepted: export yours as PNG, then send that."))
    raise _not_a_picture()


def _format_of_brands(data: bytes) -> str:
    """Distinguishes HEIC and AVIF, which have the same container, by its list of brands."""
    brands = data[8 : min(struct.unpack(">I", data[:4])[0], 256)]
    if b"avif" in brands or b"avis" in brands:
        return "AVIF"
    if any(brand in brands for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")):
        if not reads_heic():
            raise refusal("heic", _("Photos in HEIC format can't be read here. Send yours as a JPEG."))
        return "HEIF"
    raise _not_a_picture()


def _not_a_picture() -> ValidationError:
    return refusal(
        "not_a_picture",
        _("This file is not a picture that we can read. Send a %(formats)s file.") % {"formats": format_names()},
    )


def format_names() -> str:
    """Returns the accepted formats in words, for labels and messages: « JPEG, PNG… ou AVIF »."""
    return get_text_list([NAMES[source] for source in NAMES if source != "HEIF" or reads_heic()])


def accepted() -> str:
    """The ``accept`` of a file field: pictures, with the extensions that browsers don't know as such and that are read here."""
    return "image/*,.avif" + (",.heic,.heif" if reads_heic() else "")


def reads_heic() -> bool:
    """Returns whether the optional package for HEIC is installed; the site doesn't ship it, since its wheel holds GPL code."""
    return find_spec("pillow_heif") is not None


def _refused(answer: dict[str, Any], data: bytes, source: str, limits: ImageLimits, most: int) -> ValidationError:
    """Returns the ``ValidationError`` of a refusal by ``image_reader``, which tells the sender what to do."""
    code = answer["refused"]
    if code == "too_large":
        return _too_large(answer["size"], limits, most)
    if code == "animated":
        return refusal(code, _("Animated pictures are not accepted: send a still one."))
    if code == "hidden_data":
        return refusal(code, _("This picture carries hidden data that is too large. Export it anew without metadata."))
    end = ENDS.get(source)
    cut_webp = source == "WEBP" and int.from_bytes(data[4:8], "little") + 8 > len(data)
    if cut_webp or (end and not data.endswith(end)):
        return refusal("incomplete", _("This picture is incomplete: the file stops before its end. Send it again."))
    return refusal(code, _("This picture is damaged and can't be read. Export it anew, then send that."))


def _too_large(size: Any, limits: Any, most: Any) -> ValidationError:
    return refusal(
        "too_large",
        _(
            "This picture is too large (%(width)s × %(height)s pixels). Send one of %(max)s million pixels at most, and"
            " of %(side)s pixels at most along a side."
        ),
        width=formats.thousands(size[0]),
        height=formats.thousands(size[1]),
        max=f"{most / 1_000_000:g}",
        side=formats.thousands(limits.max_side),
    )
