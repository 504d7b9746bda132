"""Subprocess program (see `sandboxed_reader`) that decodes an uploaded image and encodes it again.

It imports neither Django nor settings. Refusals are codes, for which ``images`` has the messages.
"""

import json
import sys
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps

READ = ["AVIF", "GIF", "JPEG", "PNG", "WEBP"]
with suppress(ImportError):  # an extra, rallynov[heic]: its wheel holds code under the GPL
    import_module("pillow_heif.HeifImagePlugin")  # teaches Pillow to read HEIC
    READ.append("HEIF")

JPEG_QUALITY = 88
MAX_OUTPUT_PIXELS = 6_000_000  # 3000 × 2000; larger images are reduced, so that making renditions takes little memory
# Output format of each input format. A still GIF loses nothing as PNG; several pictures in a JPEG (MPO) or a HEIC are versions of one.
WRITTEN_AS = {"JPEG": "JPEG", "MPO": "JPEG", "HEIF": "JPEG", "AVIF": "JPEG", "PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}
ANIMATED_FORMATS = {"AVIF", "GIF", "PNG", "WEBP"}


class ImageRefused(Exception):  # noqa: N818 - an answer, not a fault
    """The image is not accepted; the message is the code of the reason."""


def clean(data: bytes, *, max_pixels: int, max_side: int) -> tuple[dict[str, Any], bytes]:
    """Decodes an image and encodes it upright, in sRGB, without metadata, with at most ``MAX_OUTPUT_PIXELS``.

    :param max_pixels: largest number of pixels of the input; ``max_side``: largest width or height.
    :returns: ``({"format", "width", "height"}, encoded image)``.
    :raises ImageRefused: with the code too_large or animated.
    """
    with Image.open(BytesIO(data), formats=READ) as image:
        if image.width * image.height > max_pixels or max(image.size) > max_side:
            raise ImageRefused("too_large")
        if image.format in ANIMATED_FORMATS and getattr(image, "is_animated", False):
            raise ImageRefused("animated")
        written = WRITTEN_AS[image.format]
        pixels = _decode(image)
    if written == "JPEG" and pixels.mode == "RGBA":
        pixels = Image.alpha_composite(Image.new("RGBA", pixels.size, "white"), pixels).convert("RGB")
    output = BytesIO()
    options = {} if written == "PNG" else {"quality": JPEG_QUALITY}
    pixels.save(output, written, lossless=b"VP8L" in data, **options)
    return {"format": written, "width": pixels.width, "height": pixels.height}, output.getvalue()


def _decode(image: Image.Image) -> Image.Image:
    """Returns the pixels upright, in sRGB, in RGB or RGBA, without metadata."""
    scale = min(1, (MAX_OUTPUT_PIXELS / (image.width * image.height)) ** 0.5)
    reduced = [max(1, int(side * scale)) for side in image.size]
    image.draft(None, reduced)  # a JPEG is decoded directly at a smaller size
    profile, mode = image.info.get("icc_profile"), "RGBA" if image.has_transparency_data else "RGB"
    if image.mode == "I;16":
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode in ("P", "1"):  # modes that can't be reduced smoothly
        image = image.convert(mode)
    if scale < 1:
        image = image.resize(reduced, Image.Resampling.LANCZOS, reducing_gap=2.0)
    with suppress(Exception):  # Exif that can't be read
        ImageOps.exif_transpose(image, in_place=True)
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):  # an invalid profile, or that of another mode
            profiles = [ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")]
            image = ImageCms.profileToProfile(image, *profiles, outputMode=mode)
    pixels = image.convert(mode)  # always a new image, even in the same mode
    pixels.info.clear()
    return pixels


def answer(data: bytes, **arguments: Any) -> tuple[dict[str, Any], bytes]:
    """Returns the result of :func:`clean`, or ``({"refused": code}, b"")``."""
    try:
        return clean(data, **arguments)
    except ImageRefused as refused:
        return {"refused": str(refused)}, b""
    except MemoryError:  # ends the program: the image takes too much
        raise
    except Exception:  # whatever Pillow and its plugins raise on a malformed file
        return {"refused": "unreadable"}, b""


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = None  # the limit is an argument
    header, content = answer(sys.stdin.buffer.read(), **json.loads(sys.argv[1]))
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + content)
