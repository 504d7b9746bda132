"""Pictures that people send: decoded under limits, freed of what they carry, written anew.

What is stored is never what was sent. Whatever hides in a file (position, serial number, thumbnail of what was cropped,
script, archive glued to the end) is gone, since only the pixels are kept. They are decoded by ``image_reader``, a process
apart of limited memory and time.
"""

import re
import struct
from dataclasses import dataclass
from importlib.util import find_spec

from anyascii import anyascii
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_text_list, slugify
from django.utils.translation import gettext_lazy as _

from fiches.media import bounded, image_reader
from fiches.media.image_reader import WRITTEN_AS
from fiches.media.turns import Busy
from fiches.nombres import thousands

LONGEST_NAME = 60
# How many pixels of each format the reader decodes in the memory that it has (bounded.MEMORY): a JPEG is read smaller from
# the start, a WebP is held four times.
MOST_PIXELS = {
    "JPEG": 64_000_000,
    "PNG": 40_000_000,
    "GIF": 40_000_000,
    "HEIF": 40_000_000,
    "AVIF": 40_000_000,
    "WEBP": 24_000_000,
}

NAMES = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "GIF": "GIF", "HEIF": "HEIC", "AVIF": "AVIF"}
"""As people call them."""
ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82", "GIF": b";"}
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


@dataclass(frozen=True)
class ImageLimits:
    """What a picture may weigh (bytes) and measure (pixels in all, pixels along a side) before it is decoded."""

    max_bytes: int = 15 * 1024 * 1024
    max_pixels: int = 64_000_000
    max_side: int = 16_000


def site_limits():
    """The limits of Wagtail's own settings, ours where the site says nothing."""
    return ImageLimits(
        max_bytes=getattr(settings, "WAGTAILIMAGES_MAX_UPLOAD_SIZE", None) or ImageLimits.max_bytes,
        max_pixels=getattr(settings, "WAGTAILIMAGES_MAX_IMAGE_PIXELS", None) or ImageLimits.max_pixels,
    )


class CleanImage(ContentFile):
    """A picture that ``sanitise_image`` wrote; the only kind that an image field of ours stores."""

    def __init__(self, content, name, *, content_type, width, height):
        super().__init__(content, name)
        self.content_type = content_type
        self.width = width
        self.height = height


def sanitise_image(file, *, name=None, limits=None):
    """The picture in ``file``, upright, in sRGB, without metadata, as a JPEG, PNG or WebP ``CleanImage``.

    The format is read from the content, never from the name; the name is made safe and ends as the format wants.
    Raises ``ValidationError`` with a message for the sender, and nothing else, when the file is no still picture within
    ``limits`` (``site_limits()`` unless given).
    """
    limits = limits or site_limits()
    data = _read(file, limits)
    source = _format(data)
    answer, content = _written_anew(data, source, limits)
    target = WRITTEN_AS[source]
    return CleanImage(
        content,
        safe_name(name or getattr(file, "name", ""), EXTENSIONS[target]),
        content_type=f"image/{target.lower()}",
        width=answer["width"],
        height=answer["height"],
    )


def _written_anew(data, source, limits):
    """What ``image_reader`` makes of the picture. Raises the ``ValidationError`` that says why it makes nothing of it."""
    most = min(limits.max_pixels, MOST_PIXELS[source])
    arguments = {"source": source, "max_pixels": most, "max_side": limits.max_side}
    try:
        if image_reader.is_small(data, source):  # a logo needs no process of its own
            answer, content = image_reader.answer(data, **arguments)
        else:
            answer, content = bounded.read(image_reader, data, **arguments)
    except bounded.TooMuch:
        raise refusal(
            "too_much",
            _("This picture asks for too much work to be read. Export it anew as a JPEG, then send that."),
        ) from None
    except Busy:
        raise refusal("busy", _("Other files are being read at the moment. Send this one again in a minute.")) from None
    if "refused" in answer:
        raise _refused(answer, data, source, limits, most)
    return answer, content


def overwrite(sent, clean):
    """Puts the clean file in the request too: Wagtail keeps that one while it asks for the rest of the form."""
    sent.seek(0)
    sent.truncate()
    sent.write(clean.read())
    sent.flush()
    sent.seek(0)
    clean.seek(0)
    sent.size = clean.size
    sent.content_type = getattr(clean, "content_type", sent.content_type)


def safe_name(name, extension):
    """``name`` in ASCII, short, without folders, ending in ``extension``: "Été au lac.HEIC" → "ete-au-lac.jpg"."""
    base = re.split(r"[\\/]", name or "")[-1]
    stem = base.rpartition(".")[0] or base
    return f"{slugify(anyascii(stem))[:LONGEST_NAME].strip('-') or 'image'}.{extension}"


def refusal(code, message, **params):
    """A ``ValidationError`` to raise."""
    return ValidationError(message, code=code, params=params)


def _read(file, limits):
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
            size=filesizeformat(getattr(file, "size", None) or len(data)),
            max=filesizeformat(limits.max_bytes),
        )
    return data


def _format(data):
    """Pillow's name for the format that the first bytes announce."""
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


def _format_of_brands(data):
    """HEIC and AVIF live in the same box; the brands that it lists tell one from the other."""
    brands = data[8 : min(struct.unpack(">I", data[:4])[0], 256)]
    if b"avif" in brands or b"avis" in brands:
        return "AVIF"
    if any(brand in brands for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")):
        if not reads_heic():
            raise refusal("heic", _("Photos in HEIC format can't be read here. Send yours as a JPEG."))
        return "HEIF"
    raise _not_a_picture()


def _not_a_picture():
    return refusal(
        "not_a_picture",
        _("This file is not a picture that we can read. Send a %(formats)s file.") % {"formats": format_names()},
    )


def format_names():
    """« JPEG, PNG… ou AVIF »: what labels announce and what a refusal asks for."""
    return get_text_list([NAMES[source] for source in NAMES if source != "HEIF" or reads_heic()])


def accepted():
    """The ``accept`` of a file field: pictures, with the extensions that browsers don't know as such and that are read here."""
    return "image/*,.avif" + (",.heic,.heif" if reads_heic() else "")


def reads_heic():
    """Whether the extra that reads HEIC is installed: its wheel holds code under the GPL, so the site does without."""
    return find_spec("pillow_heif") is not None


def _refused(answer, data, source, limits, most):
    """Why ``image_reader`` refused the picture, as the sender can act on it."""
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


def _too_large(size, limits, most):
    return refusal(
        "too_large",
        _(
            "This picture is too large (%(width)s × %(height)s pixels). Send one of %(max)s million pixels at most, and"
            " of %(side)s pixels at most along a side."
        ),
        width=thousands(size[0]),
        height=thousands(size[1]),
        max=f"{most / 1_000_000:g}",
        side=thousands(limits.max_side),
    )
