"""Subprocess program (see `sandboxed_reader`) that decodes an uploaded image and encodes it again.

It imports neither Django nor settings. Refusals are codes, for which ``images`` has the messages.
"""

import json
import struct
import sys
import zlib
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageFile, ImageOps

with suppress(ImportError):  # an extra, rallynov[heic]: its wheel holds code under the GPL
    import_module("pillow_heif.HeifImagePlugin")  # teaches Pillow to read HEIC

JPEG_QUALITY = 88
JPEG_SCANS = 100  # a progressive JPEG has about ten; thousands make a decoder work for hours
SMALL_PIXELS = 1_000_000
HEADER_ONLY = {"JPEG", "PNG"}
MAX_OUTPUT_PIXELS = 6_000_000  # 3000 × 2000; larger images are reduced, so that making renditions takes little memory

# What Pillow and its plugins raise on malformed files. MemoryError is not among them: it ends the program.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Image.DecompressionBombError,
    ImageCms.PyCMSError,
    struct.error,
    zlib.error,
)

# Output format of each input format. A still GIF loses nothing as PNG.
WRITTEN_AS = {"JPEG": "JPEG", "HEIF": "JPEG", "AVIF": "JPEG", "PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}
ANIMATED_FORMATS = {"AVIF", "GIF", "PNG", "WEBP"}  # several pictures in a JPEG or a HEIC are versions of one photograph


class ImageRefused(Exception):  # noqa: N818 - an answer, not a fault
    """The image is not accepted; ``answer`` is ``{"refused": code, …}``."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.answer = {"refused": code, **details}


def clean(data: bytes, source: str, *, max_pixels: int, max_side: int) -> tuple[dict[str, int], bytes]:
    """Decodes an image and encodes it upright, in sRGB, without metadata, with at most ``MAX_OUTPUT_PIXELS``.

    :param source: Pillow's name of its format.
    :param max_pixels: largest number of pixels of the input; ``max_side``: largest width or height.
    :returns: ``({"width", "height"}, encoded image)``.
    :raises ImageRefused: with the code too_large, animated, hidden_data or damaged.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, sets it for the whole process
    try:
        with Image.open(BytesIO(data), formats=(source,)) as image:
            _check(image, data, source, max_pixels, max_side)
            pixels = _decode(image)
        content = _encode(pixels, WRITTEN_AS[source], lossless=b"VP8L" in data)
    except UNREADABLE as error:
        raise ImageRefused("hidden_data" if "MAX_TEXT" in str(error) else "damaged") from None
    return {"width": pixels.width, "height": pixels.height}, content


def is_small(data: bytes, source: str) -> bool:
    """Returns whether an image needs only a few megabytes to decode: at most ``SMALL_PIXELS``, in a format whose header Pillow
    reads without decoding."""
    if source not in HEADER_ONLY:
        return False
    try:
        with Image.open(BytesIO(data), formats=(source,)) as image:
            return image.width * image.height <= SMALL_PIXELS
    except UNREADABLE:
        return False


def _check(image: Image.Image, data: bytes, source: str, max_pixels: int, max_side: int) -> None:
    """Refuses an image by its header, before its pixels are decoded."""
    if image.width * image.height > max_pixels or max(image.size) > max_side:
        raise ImageRefused("too_large", size=image.size)
    if source == "JPEG" and _count_scans(data) > JPEG_SCANS:
        raise ImageRefused("damaged")
    if source in ANIMATED_FORMATS and getattr(image, "is_animated", False):
        raise ImageRefused("animated")


def _count_scans(data: bytes) -> int:
    """Returns the number of scans of a JPEG, up to its end marker."""
    position, scans = 2, 0
    while (position := data.find(b"\xff", position)) >= 0 and position + 4 <= len(data):
        marker = data[position + 1]
        if marker == 0xD9:
            break
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:  # markers without length
            position += 1 if marker == 0xFF else 2
            continue
        scans += marker == 0xDA
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return scans


def _decode(image: Image.Image) -> Image.Image:
    """Returns the pixels upright, in sRGB, in a mode that JPEG, PNG and WebP support, without metadata."""
    profile = image.info.get("icc_profile")
    transparency = "transparency" in image.info
    reduced = _reduced_size(image.size)
    image.draft(None, reduced)  # a JPEG is decoded directly at a smaller size
    image.load()
    if image.mode == "I;16":
        image = image.point(lambda value: value * (1 / 256))
    if image.mode in ("1", "P", "PA", "I;16"):
        image = image.convert(_output_mode(image, transparency))
    if image.width * image.height > MAX_OUTPUT_PIXELS:
        image = image.resize(reduced, Image.Resampling.LANCZOS, reducing_gap=2.0)
    with suppress(*UNREADABLE):  # Exif that can't be read
        ImageOps.exif_transpose(image, in_place=True)
    pixels = _in_srgb(image, profile)
    pixels = pixels.convert(_output_mode(pixels, transparency))  # always a new image, even in the same mode
    pixels.info.clear()
    return pixels


def _reduced_size(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    scale = min(1, (MAX_OUTPUT_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * scale)), max(1, int(height * scale))


def _in_srgb(image: Image.Image, profile: Any) -> Image.Image | None:
    """Converts an image to sRGB; returns it unchanged when its colour profile is missing or invalid."""
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


def _output_mode(image: Any, transparency: bool) -> str:
    if image.mode in ("1", "L", "I;16"):
        return "RGBA" if transparency else "L"
    return "RGBA" if image.has_transparency_data else "RGB"


def _encode(pixels: Image.Image, target: str, *, lossless: bool) -> bytes:
    output = BytesIO()
    if target == "JPEG":
        _on_white(pixels).save(output, "JPEG", quality=JPEG_QUALITY, optimize=True)
    elif target == "WEBP":
        pixels.save(output, "WEBP", quality=JPEG_QUALITY, lossless=lossless)
    else:
        pixels.save(output, "PNG")
    return output.getvalue()


def _on_white(pixels: Image.Image) -> Image.Image:
    if pixels.mode != "RGBA":
        return pixels
    page = Image.new("RGB", pixels.size, "white")
    page.paste(pixels, mask=pixels.getchannel("A"))
    return page


def answer(data: bytes, **arguments: Any) -> tuple[dict[str, Any], bytes]:
    """Returns the result of :func:`clean`, or ``({"refused": code, …}, b"")``."""
    try:
        return clean(data, **arguments)
    except ImageRefused as refused:
        return refused.answer, b""


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = None  # the limit is an argument
    header, content = answer(sys.stdin.buffer.read(), **json.loads(sys.argv[1]))
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + content)
