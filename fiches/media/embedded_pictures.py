"""Removes the metadata of pictures inside PDF and Office files; their pixels are unchanged.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

from collections.abc import Iterator

PNG = b"\x89PNG\r\n\x1a\n"
JP2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
CODESTREAM = b"\xff\x4f\xff\x51"  # JPEG 2000 without a container

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


def clean_picture(content: bytes) -> bytes:
    """Returns a JPEG, PNG or JPEG 2000 without metadata or anything after its end; returns anything else as it is."""
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith(PNG):
        return _png(content)
    if content.startswith(JP2):
        return b"".join(_jp2(content))
    if content.startswith(CODESTREAM):
        return _codestream(content)
    return content


def _jpeg(content: bytes) -> bytes:
    """Rebuilds a JPEG from its segments up to its end marker. A truncated one keeps all its pixels."""
    kept, position = [content[:2]], 2
    while (position := content.find(b"\xff", position)) >= 0 and position + 2 <= len(content):
        marker = content[position + 1]
        if marker in (0x00, 0xFF):  # padding
            position += 1
            continue
        if marker == END:
            kept.append(content[position : position + 2])
            break
        if marker in WITHOUT_LENGTH:
            end = position + 2
        else:
            end = position + 2 + int.from_bytes(content[position + 2 : position + 4], "big")
        kept.append(_segment(marker, content[position:end]))
        position = end
        if marker == SCAN:
            position = _end_of_scan(content, end)
            kept.append(content[end:position])
    return b"".join(kept)


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


def _jp2(content: bytes) -> Iterator[bytes]:
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
    kept, position = [content[:2]], 2
    while content[position : position + 1] == b"\xff" and content[position + 1] != TILE:
        end = position + 2 + int.from_bytes(content[position + 2 : position + 4], "big")
        if content[position + 1] != COMMENT_2000:
            kept.append(content[position:end])
        position = end
    last = content.rfind(b"\xff\xd9", position)
    return b"".join([*kept, content[position : last + 2 if last >= 0 else len(content)]])
