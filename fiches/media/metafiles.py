"""Takes what a drawing of Windows (EMF, WMF) says of its author and programme; its lines are unchanged.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

import gzip
import struct
import zlib

EMF, EMF_AT = b" EMF", 40
PLACEABLE, WMF = (
    b"\xd7\xcd\xc6\x9a",
    (b"\x01\0\x09\0\0\x01", b"\x01\0\x09\0\0\x03", b"\x02\0\x09\0\0\x01", b"\x02\0\x09\0\0\x03"),
)
GZIP = b"\x1f\x8b"
# Types of the records of EMF, then of WMF.
HEADER, END, EMF_COMMENT = 1, 14, 70
ESCAPE, WMF_COMMENT = 0x0626, 15
# What a comment that draws starts with.
DRAWS = b"EMF+"
DESCRIPTION = 60  # position of the description's length, then of its own position
# What a photograph in a drawing may tell.
TELLING = (b"Exif\0\0", b"ns.adobe.com", b"xmpmeta", b"tEXt", b"iTXt", b"zTXt", b"eXIf")


class Uncleanable(Exception):  # noqa: N818 - describes the picture
    """The picture is of a kind that may hold metadata, and that is not rewritten here."""


def is_metafile(content: bytes) -> bool:
    return content[EMF_AT : EMF_AT + 4] == EMF or content.startswith((PLACEABLE, *WMF))


def clean_metafile(content: bytes) -> bytes:
    """Returns a drawing with zeros in the place of its description and of its comments, up to its end.

    :raises Uncleanable: for a photograph in it that tells where or by whom it was taken.
    :raises struct.error: for a truncated drawing.
    """
    cleaned = _emf(content) if content[EMF_AT : EMF_AT + 4] == EMF else _wmf(content)
    if any(mark in cleaned for mark in TELLING):
        raise Uncleanable
    return cleaned


def clean_compressed(content: bytes) -> bytes:
    """The same of a compressed drawing (EMZ, WMZ), which may hold the name of the file it was made from.

    :raises Uncleanable: for anything else that is compressed.
    """
    drawing = zlib.decompressobj(wbits=31).decompress(content)
    if not is_metafile(drawing):
        raise Uncleanable
    cleaned = clean_metafile(drawing)
    is_nameless = content[3] == 0
    return content if is_nameless and cleaned == drawing else gzip.compress(cleaned, mtime=0)


def _emf(content: bytes) -> bytes:
    cleaned, position, kind = bytearray(content), 0, None
    while kind != END:
        kind, size = struct.unpack_from("<II", content, position)
        end = _end(content, position, size)
        if kind == HEADER:
            length, start = struct.unpack_from("<II", content, DESCRIPTION)
            _blank(cleaned, DESCRIPTION, DESCRIPTION + 8)
            _blank(cleaned, start, min(start + 2 * length, end))
        elif kind == EMF_COMMENT and content[position + 12 : position + 16] != DRAWS:
            _blank(cleaned, position + 12, end)
        position = end
    return bytes(cleaned[:position])


def _wmf(content: bytes) -> bytes:
    cleaned, position, function = bytearray(content), 40 if content.startswith(PLACEABLE) else 18, None
    while function != 0:
        size, function = struct.unpack_from("<IH", content, position)
        end = _end(content, position, 2 * size)
        if function == ESCAPE and struct.unpack_from("<H", content, position + 6) == (WMF_COMMENT,):
            _blank(cleaned, position + 10, end)
        position = end
    return bytes(cleaned[:position])


def _end(content: bytes, position: int, size: int) -> int:
    if size < 6 or position + size > len(content):
        raise struct.error
    return position + size


def _blank(content: bytearray, start: int, end: int) -> None:
    content[start:end] = bytes(max(0, end - start))
