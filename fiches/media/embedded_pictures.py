"""Removes the metadata of pictures inside PDF and Office files; their pixels are unchanged.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

import base64
import re
import struct
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

from fiches.media.bitmaps import clean_bmp, clean_gif
from fiches.media.metafiles import GZIP, Uncleanable, clean_compressed, clean_metafile, is_metafile

PNG = b"\x89PNG\r\n\x1a\n"
JP2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
CODESTREAM = b"\xff\x4f\xff\x51"  # JPEG 2000 without a container
TIFF = (b"II*\0", b"MM\0*", b"II\xbc\x01")  # the last one is JPEG XR, in directories like those of TIFF
BIG_TIFF = (b"II+\0", b"MM\0+")
HEIF = (b"avif", b"avis", b"heic", b"heim", b"heis", b"heix", b"hevc", b"mif1", b"msf1")

# Markers of JPEG and of JPEG 2000.
END, SCAN, COMMENT = 0xD9, 0xDA, 0xFE
TILE, COMMENT_2000 = 0x90, 0x64
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
# The only application segments that a decoder needs, by marker, and how they start.
APPLICATION_SEGMENTS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
THUMBNAIL_SIZE = 16  # position in a JFIF segment, from its marker; the thumbnail follows

# The optional chunks of a PNG that a decoder needs. A name with a capital first letter is not optional.
PNG_CHUNKS = {
    b"acTL",
    b"bKGD",
    b"cHRM",
    b"cICP",
    b"fcTL",
    b"fdAT",
    b"gAMA",
    b"iCCP",
    b"pHYs",
    b"sBIT",
    b"sPLT",
    b"sRGB",
    b"tRNS",
}
JP2_METADATA = {b"jp2i", b"uinf", b"uuid", b"xml "}

# The chunks of a WebP that a decoder needs, and the flags that announce Exif and XMP.
WEBP_CHUNKS = {b"ALPH", b"ANIM", b"ANMF", b"ICCP", b"VP8 ", b"VP8L", b"VP8X"}
WEBP_METADATA_FLAGS = 0x08 | 0x04
FRAME_HEADER = 16  # bytes of an ANMF chunk before its own chunks

# The tags of a TIFF that a decoder needs (then those of JPEG XR), the size of each type of value, and the pairs of tags that say where
# pixels start and how many bytes they are.
TIFF_TAGS = {
    *(
        254,
        255,
        256,
        257,
        258,
        259,
        262,
        263,
        266,
        273,
        274,
        277,
        278,
        279,
        280,
        281,
        282,
        283,
        284,
        290,
        291,
        292,
        293,
        296,
    ),
    *(
        297,
        301,
        317,
        318,
        319,
        320,
        321,
        322,
        323,
        324,
        325,
        332,
        334,
        336,
        338,
        339,
        340,
        341,
        347,
        512,
        513,
        514,
        529,
        530,
    ),
    *(531, 532, 34675, 0xBC01, 0xBC02, 0xBC03, 0xBC04, 0xBC80, 0xBC81, 0xBC82, 0xBC83, *range(0xBCC0, 0xBCC6)),
}
TIFF_TYPES = {
    1: "B",
    2: "B",
    3: "H",
    4: "I",
    5: "Q",
    6: "B",
    7: "B",
    8: "H",
    9: "I",
    10: "Q",
    11: "I",
    12: "Q",
    13: "I",
}
TIFF_PIXELS = ((273, 279), (324, 325), (513, 514), (0xBCC0, 0xBCC1), (0xBCC2, 0xBCC3))
JPEG_TABLES = 347


# What a drawing (SVG) shows nothing of, by name without namespace; the namespaces of what its programme writes there, such as a path.
SVG_ELEMENTS = {"metadata", "namedview", "script"}
SVG_PROGRAMMES = ("{http://www.inkscape.org/", "{http://sodipodi.sourceforge.net/", "{http://ns.adobe.com/")


# A picture in the address of an SVG, written out.
INLINE = re.compile(r"data:\s*(?:image|application)/", re.IGNORECASE)
SVG = re.compile(rb"<(?:\w+:)?svg[\s>]")


def clean_picture(content: bytes) -> bytes:
    """Returns a picture without metadata or anything after its end; returns what is not a picture as it is.

    :raises Uncleanable: for HEIC, AVIF, TIFF of more than four gigabytes, and what :mod:`fiches.media.metafiles` doesn't clean.
    :raises struct.error: for a truncated TIFF or drawing of Windows.
    :raises xml.etree.ElementTree.ParseError: for a malformed SVG.
    """
    if content.startswith(BIG_TIFF) or (content[4:8] == b"ftyp" and content[8:12] in HEIF):
        raise Uncleanable
    clean = _cleaner(content)
    return clean(content) if clean else content


def is_picture(content: bytes) -> bool:
    """Whether :func:`clean_picture` cleans pictures of this kind."""
    return _cleaner(content) is not None


def _cleaner(content: bytes) -> Callable[[bytes], bytes] | None:
    for starts, clean in CLEANERS:
        if content.startswith(starts):
            return clean
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _webp
    if is_metafile(content):
        return clean_metafile
    return _svg if SVG.search(content[:2000]) else None


def _svg(content: bytes) -> bytes:
    """Removes the metadata, the scripts and the DTD of a drawing, and the metadata of its photographs; returns it as it is without
    any, or if its root is another element."""
    root = ElementTree.fromstring(content)  # noqa: S314 - in the subprocess, with its limits; expat fetches nothing
    if _local(root.tag) != "svg":
        return content
    changed = b"<!" in content or b"<?xml-stylesheet" in content
    for element in root.iter():
        children = [child for child in element if _local(child.tag) in SVG_ELEMENTS]
        names = [name for name in element.attrib if name.startswith(("on", *SVG_PROGRAMMES))]
        for child in children:
            element.remove(child)
        for name in names:
            del element.attrib[name]
        changed = changed or bool(children or names)
        for name, value in element.attrib.items():
            element.attrib[name] = _shown(value)
            changed = changed or element.attrib[name] != value
        if INLINE.search(element.text or ""):  # in a style sheet
            raise Uncleanable
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) if changed else content


def _shown(value: str) -> str:
    """Returns the value of an attribute; the picture that it is, without metadata."""
    if not INLINE.search(value):
        return value
    start, comma, coded = value.partition(",")
    if not start.strip().casefold().endswith(";base64") or INLINE.search(coded):
        raise Uncleanable
    picture = base64.b64decode(coded)
    if not is_picture(picture):
        raise Uncleanable
    cleaned = clean_picture(picture)
    return value if cleaned == picture else f"{start}{comma}{base64.b64encode(cleaned).decode()}"


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _jpeg(content: bytes) -> bytes:
    """Rebuilds a JPEG from its segments up to its end marker. A truncated one keeps all its pixels."""
    parts, position = [content[:2]], 2
    while (position := content.find(b"\xff", position)) >= 0 and position + 2 <= len(content):
        marker = content[position + 1]
        if marker in (0x00, 0xFF):  # padding
            position += 1
            continue
        if marker == END:
            parts.append(content[position : position + 2])
            break
        if marker in WITHOUT_LENGTH:
            end = position + 2
        else:
            end = position + 2 + int.from_bytes(content[position + 2 : position + 4], "big")
        parts.append(_segment(marker, content[position:end]))
        position = end
        if marker == SCAN:
            position = _end_of_scan(content, end)
            parts.append(content[end:position])
    return b"".join(parts)


def _segment(marker: int, segment: bytes) -> bytes:
    """Returns a segment of a JPEG; ``b""`` for metadata, and a JFIF segment without its thumbnail."""
    if marker == COMMENT:
        return b""
    if not 0xE0 <= marker <= 0xEF:
        return segment
    start = APPLICATION_SEGMENTS.get(marker)
    if not start or not segment[4:].startswith(start):
        return b""
    if marker == 0xE0 and len(segment) > THUMBNAIL_SIZE + 2:
        return b"\xff\xe0\x00\x10" + segment[4:THUMBNAIL_SIZE] + b"\x00\x00"
    return segment


def _end_of_scan(content: bytes, position: int) -> int:
    """Returns where the compressed pixels that start at ``position`` end: at the next marker that is not part of them."""
    while (position := content.find(b"\xff", position)) >= 0 and position + 2 <= len(content):
        following = content[position + 1]
        if following == 0xFF:
            position += 1
        elif following == 0x00 or 0xD0 <= following <= 0xD7:
            position += 2
        else:
            return position
    return len(content)


def _png(content: bytes) -> bytes:
    chunks, position = [PNG], len(PNG)
    while position + 12 <= len(content):
        end = position + 12 + int.from_bytes(content[position : position + 4], "big")
        kind = content[position + 4 : position + 8]
        if kind[:1].isupper() or kind in PNG_CHUNKS:
            chunks.append(content[position:end])
        if kind == b"IEND":
            break
        position = end
    return b"".join(chunks)


def _jp2(content: bytes) -> bytes:
    return b"".join(_jp2_boxes(content))


def _jp2_boxes(content: bytes) -> Iterator[bytes]:
    """Yields the boxes of a JPEG 2000 file that are not metadata."""
    position, ended = 0, False
    while position + 8 <= len(content) and not ended:
        length, kind, header = (
            int.from_bytes(content[position : position + 4], "big"),
            content[position + 4 : position + 8],
            8,
        )
        if length == 1:
            length, header = int.from_bytes(content[position + 8 : position + 16], "big"), 16
        end = position + length if length >= header else len(content)  # 0: until the end of the file
        if kind == b"jp2c":
            stream = _codestream(content[position + header : end])
            yield (len(stream) + 8).to_bytes(4, "big") + kind + stream
            ended = True
        elif kind not in JP2_METADATA:
            yield content[position:end]
        position = end


def _codestream(content: bytes) -> bytes:
    """Returns a JPEG 2000 codestream without the comments of its main header, up to its end marker."""
    parts, position = [content[:2]], 2
    while content[position : position + 1] == b"\xff" and content[position + 1] != TILE:
        end = position + 2 + int.from_bytes(content[position + 2 : position + 4], "big")
        if content[position + 1] != COMMENT_2000:
            parts.append(content[position:end])
        position = end
    last = content.rfind(b"\xff\xd9", position)
    return b"".join([*parts, content[position : last + 2 if last >= 0 else len(content)]])


def _webp(content: bytes) -> bytes:
    chunks = b"WEBP" + b"".join(_webp_chunks(content, 12))
    return b"RIFF" + len(chunks).to_bytes(4, "little") + chunks


def _webp_chunks(content: bytes, position: int) -> Iterator[bytes]:
    """Yields the chunks of a WebP, or of one of its frames, that are not metadata."""
    while position + 8 <= len(content):
        kind, length = content[position : position + 4], int.from_bytes(content[position + 4 : position + 8], "little")
        data = content[position + 8 : position + 8 + length]
        position += 8 + length + length % 2
        if kind == b"VP8X" and data:
            data = bytes([data[0] & ~WEBP_METADATA_FLAGS]) + data[1:]
        if kind == b"ANMF":
            data = data[:FRAME_HEADER] + b"".join(_webp_chunks(data, FRAME_HEADER))
        if kind in WEBP_CHUNKS:
            yield kind + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)


def _tiff(content: bytes) -> bytes:
    """Returns a TIFF in which all that a decoder does not need is zeros. What it needs stays at its place."""
    order = ">" if content.startswith(b"MM") else "<"
    cleaned_tiff, pointer, seen = bytearray(len(content)), 4, set()
    cleaned_tiff[:8] = content[:8]
    while (start := struct.unpack_from(f"{order}I", content, pointer)[0]) and start not in seen:
        seen.add(start)
        pointer = _keep_directory(content, cleaned_tiff, start, order)
    return bytes(cleaned_tiff)


def _keep_directory(content: bytes, cleaned_tiff: bytearray, start: int, order: str) -> int:
    """Copies a directory of a TIFF, what its tags say and its pixels; returns the position of the pointer to the next directory."""
    [number] = struct.unpack_from(f"{order}H", content, start)
    end = start + 2 + 12 * number
    entries = [content[position : position + 12] for position in range(start + 2, end, 12)]
    needed = {struct.unpack(f"{order}H", entry[:2])[0]: entry for entry in entries}
    needed = {tag: entry for tag, entry in needed.items() if tag in TIFF_TAGS}
    directory = struct.pack(f"{order}H", len(needed)) + b"".join(needed.values()) + content[end : end + 4]
    cleaned_tiff[start : start + len(directory)] = directory
    for tag, entry in needed.items():
        position, size = _place(entry, order)
        if position:
            _keep(content, cleaned_tiff, position, size, is_jpeg=tag == JPEG_TABLES)
    for starts, sizes in TIFF_PIXELS:
        if starts in needed and sizes in needed:
            places = zip(*(_numbers(content, needed[tag], order) for tag in (starts, sizes)), strict=False)
            for position, size in places:
                _keep(content, cleaned_tiff, position, size, is_jpeg=True)
    return end


def _place(entry: bytes, order: str) -> tuple[int, int]:
    """Returns where the values of a tag stand, 0 if within the directory, and their size in bytes."""
    kind, number, position = struct.unpack(f"{order}HII", entry[2:])
    size = number * struct.calcsize(f"{order}{TIFF_TYPES.get(kind, 'B')}")
    return (position if size > 4 else 0), size


def _numbers(content: bytes, entry: bytes, order: str) -> tuple[int, ...]:
    kind, number = struct.unpack(f"{order}HI", entry[2:8])
    position, _size = _place(entry, order)
    source, position = (content, position) if position else (entry, 8)
    return struct.unpack_from(f"{order}{number}{TIFF_TYPES.get(kind, 'B')}", source, position)


def _keep(content: bytes, cleaned_tiff: bytearray, position: int, size: int, *, is_jpeg: bool) -> None:
    """Copies a range of a TIFF; a JPEG in it without its metadata, padded with zeros."""
    part = content[position : position + size]
    cleaned = _jpeg(part) if is_jpeg and part.startswith(b"\xff\xd8\xff") else part
    cleaned_tiff[position : position + len(part)] = cleaned.ljust(len(part), b"\0")


CLEANERS: tuple[tuple[bytes | tuple[bytes, ...], Callable[[bytes], bytes]], ...] = (
    (b"\xff\xd8\xff", _jpeg),
    (PNG, _png),
    (JP2, _jp2),
    (CODESTREAM, _codestream),
    (TIFF, _tiff),
    ((b"GIF87a", b"GIF89a"), clean_gif),
    (b"BM", clean_bmp),
    (GZIP, clean_compressed),
)
