"""Pictures that people send: decoded under limits, freed of what they carry, written anew.

What is stored is never what was sent. Whatever hides in a file (position, serial number, thumbnail of what was cropped,
script, archive glued to the end) is gone, since only the pixels are kept.
"""

import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from anyascii import anyascii
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_text_list, slugify
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageFile
from pillow_heif import HeifImagePlugin  # noqa: F401  (teaches Pillow to read HEIC)

from fiches.nombres import thousands

JPEG_QUALITY = 88
JPEG_SCANS = 100  # a progressive JPEG has about ten; thousands make a decoder work for hours
LONGEST_NAME = 60

# What Pillow and its plugins raise on files made to break them.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    ImageCms.PyCMSError,
    struct.error,
    zlib.error,
)
TOO_MANY_PIXELS = (Image.DecompressionBombError, Image.DecompressionBombWarning)

# How each format that is read is written. A still GIF loses nothing as PNG.
WRITTEN_AS = {"JPEG": "JPEG", "HEIF": "JPEG", "AVIF": "JPEG", "PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}
NAMES = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "GIF": "GIF", "HEIF": "HEIC", "AVIF": "AVIF"}
"""As people call them."""
ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82", "GIF": b";"}
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
ANIMATED_FORMATS = {"AVIF", "GIF", "PNG", "WEBP"}  # several pictures in a JPEG or a HEIC are versions of one photograph

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True)
class ImageLimits:
    """What a picture may weigh (bytes) and measure (pixels in all, pixels along a side) before it is decoded."""

    max_bytes: int = 15 * 1024 * 1024
    max_pixels: int = 40_000_000
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
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, sets it for the whole process
    limits = limits or site_limits()
    data = _read(file, limits)
    source = _format(data)
    with _open(data, source, limits) as image:
        try:
            still = source not in ANIMATED_FORMATS or not getattr(image, "is_animated", False)
            pixels = _decode(image) if still else None
        except (*UNREADABLE, *TOO_MANY_PIXELS) as error:
            raise _unreadable(data, source, error) from None
    if not still:
        raise refusal("animated", _("Animated pictures are not accepted: send a still one."))
    target = WRITTEN_AS[source]
    content = _encode(pixels, target, lossless=b"VP8L" in data)
    return CleanImage(
        content,
        safe_name(name or getattr(file, "name", ""), EXTENSIONS[target]),
        content_type=Image.MIME[target],
        width=pixels.width,
        height=pixels.height,
    )


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
        return "HEIF"
    raise _not_a_picture()


def _not_a_picture():
    return refusal(
        "not_a_picture",
        _("This file is not a picture that we can read. Send a %(formats)s file.") % {"formats": format_names()},
    )


def format_names():
    """« JPEG, PNG… ou AVIF »: what labels announce and what a refusal asks for."""
    return get_text_list([NAMES[source] for source in NAMES if source in WRITTEN_AS])


def _unreadable(data, source, error):
    """Why a decoder gave up, as the sender can act on it."""
    if "MAX_TEXT" in str(error):
        return refusal(
            "hidden_data", _("This picture carries hidden data that is too large. Export it anew without metadata.")
        )
    end = ENDS.get(source)
    cut_webp = source == "WEBP" and int.from_bytes(data[4:8], "little") + 8 > len(data)
    if cut_webp or (end and not data.endswith(end)):
        return refusal("incomplete", _("This picture is incomplete: the file stops before its end. Send it again."))
    return refusal("damaged", _("This picture is damaged and can't be read. Export it anew, then send that."))


def _open(data, source, limits):
    """The image with its header read, and within limits; its pixels are not decoded yet."""
    try:
        image = Image.open(BytesIO(data), formats=(source,))
    except TOO_MANY_PIXELS:
        raise _too_large(limits) from None
    except UNREADABLE as error:
        raise _unreadable(data, source, error) from None
    if image.width * image.height > limits.max_pixels or max(image.size) > limits.max_side:
        raise _too_large(limits, image.size)
    if source == "JPEG" and _count_scans(data) > JPEG_SCANS:
        raise _unreadable(data, source, "too many scans")
    return image


def _too_large(limits, size=None):
    params = {"max": f"{limits.max_pixels / 1_000_000:g}", "side": thousands(limits.max_side)}
    if size is None:
        return refusal(
            "too_large", _("This picture is too large. Send one of %(max)s million pixels at most."), **params
        )
    return refusal(
        "too_large",
        _(
            "This picture is too large (%(width)s × %(height)s pixels). Send one of %(max)s million pixels at most, and"
            " of %(side)s pixels at most along a side."
        ),
        width=thousands(size[0]),
        height=thousands(size[1]),
        **params,
    )


def _count_scans(data):
    """How many times a JPEG goes over its pixels, up to its end marker."""
    position, scans = 2, 0
    while (position := data.find(b"\xff", position)) >= 0 and position + 4 <= len(data):
        marker = data[position + 1]
        if marker == 0xD9:
            break
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:  # these stand alone: no length follows
            position += 1 if marker == 0xFF else 2
            continue
        scans += marker == 0xDA
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return scans


def _decode(image):
    """The pixels alone: upright, in sRGB, in a mode that JPEG, PNG and WebP know."""
    image.load()
    if image.mode == "I;16":
        image = image.point(lambda value: value * (1 / 256))
    pixels = _in_srgb(_upright(image))
    pixels = pixels.convert(_kept_mode(pixels))  # always a new image, even in the same mode
    pixels.info.clear()
    return pixels


def _upright(image):
    """The image turned as its camera says; as it is when that can't be read."""
    try:
        orientation = image.getexif().get(EXIF_ORIENTATION)
    except UNREADABLE:
        return image
    return image.transpose(UPRIGHT[orientation]) if orientation in UPRIGHT else image


def _in_srgb(image):
    """The image's colours as every screen shows them; untouched when its profile can't be read."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        return ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB" if image.mode == "CMYK" else image.mode,
        )
    except UNREADABLE:
        return image


def _kept_mode(image):
    if image.mode in ("1", "L", "I;16"):
        return "RGBA" if "transparency" in image.info else "L"
    return "RGBA" if image.has_transparency_data else "RGB"


def _encode(pixels, target, *, lossless):
    output = BytesIO()
    if target == "JPEG":
        _on_white(pixels).save(output, "JPEG", quality=JPEG_QUALITY, optimize=True)
    elif target == "WEBP":
        pixels.save(output, "WEBP", quality=JPEG_QUALITY, lossless=lossless)
    else:
        pixels.save(output, "PNG")
    return output.getvalue()


def _on_white(pixels):
    if pixels.mode != "RGBA":
        return pixels
    page = Image.new("RGB", pixels.size, "white")
    page.paste(pixels, mask=pixels.getchannel("A"))
    return page
