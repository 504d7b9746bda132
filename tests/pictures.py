"""Pictures to send, sound and hostile, made on the spot."""

import struct
import zlib
from functools import cache
from io import BytesIO

from PIL import Image
from pillow_heif import HeifImagePlugin  # noqa: F401  (teaches Pillow to write HEIC)

GPS_IFD, GPS_LATITUDE_REF, ORIENTATION, MAKE, COPYRIGHT = 0x8825, 1, 0x0112, 0x010F, 0x8298
SECRET = b"47.2378N-6.0241E"


def pixels(size=(120, 80), mode="RGB"):
    """The left half red, the right half blue: what turning it does can be seen."""
    image = Image.new("RGB", size, "#0000ff")
    image.paste("#ff0000", (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def picture(format="JPEG", *, image=None, **options):
    """The bytes of a picture."""
    output = BytesIO()
    (image or pixels()).save(output, format, **options)
    return output.getvalue()


def animation(format):
    """Two frames."""
    other = pixels().rotate(180)
    return picture(format, save_all=True, append_images=[other], duration=100)


def exif_of_phone(orientation=6):
    """EXIF as a telephone writes it: turned, placed, signed."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE] = SECRET.decode()
    exif[COPYRIGHT] = SECRET.decode()
    exif[GPS_IFD] = {GPS_LATITUDE_REF: "N", 2: (47.0, 14.0, 16.0), 3: "E", 4: (6.0, 1.0, 27.0)}
    return exif


def jpeg_with_position():
    """A sideways JPEG that says where it was taken, in EXIF, XMP and a comment, with an archive glued to its end."""
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    return picture(exif=exif_of_phone(), xmp=xmp, comment=SECRET, quality=95) + b"PK\x03\x04" + SECRET


@cache
def phone_photograph(format="JPEG", **options):
    """A photograph of 50 megapixels, as heavy as a telephone makes it, held upright and placed: 8160 × 6120 pixels, left half red."""
    size = (8160, 6120)
    grain = Image.effect_noise(size, 60).convert("RGB")
    image = Image.blend(pixels(size), grain, 0.25)
    return picture(format, image=image, exif=exif_of_phone(), **({"quality": 95} | options))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(size, *chunks):
    """A PNG that announces any size, with hardly any pixel inside."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(bytes(10_000)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + data + chunk(b"IEND", b"")


def png_with_text_bomb():
    """Fifty megabytes of text in fifty kilobytes."""
    packed = zlib.compress(b"a" * 50_000_000)
    return png_of((10, 10), chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + packed))


def truncated(data):
    return data[: len(data) // 2]
