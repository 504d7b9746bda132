"""Takes what a GIF or a BMP says beside its pixels.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

EXTENSION, PIXELS, CONTROL = 0x21, 0x2C, 0xF9
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def clean_gif(content: bytes) -> bytes:
    """Returns a GIF without its comments, its texts and what programmes add to it, up to its end mark."""
    position = 13 + _colours(content[10])
    parts = [content[:position]]
    while position < len(content) and content[position] in (EXTENSION, PIXELS):
        is_image = content[position] == PIXELS
        end = position + (11 + _colours(content[position + 9]) if is_image else 2)
        while content[end]:
            end += 1 + content[end]
        end += 1
        if is_image or content[position + 1] == CONTROL or content[position + 3 : position + 14] in LOOPS:
            parts.append(content[position:end])
        position = end
    return b"".join([*parts, b";"])


def _colours(flags: int) -> int:
    """The size in bytes of the table of colours that the flags of a GIF announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def clean_bmp(content: bytes) -> bytes:
    return content[: int.from_bytes(content[2:6], "little") or len(content)]
