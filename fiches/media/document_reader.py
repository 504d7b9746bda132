"""Subprocess program (see `sandboxed_reader`) that checks an uploaded document and rewrites it without personal metadata.

It imports neither Django nor settings. Refusals are codes, for which ``documents`` has the messages.
"""

import json
import struct
import sys
import zipfile
import zlib
from xml.parsers.expat import ExpatError

from fiches.media.office_documents import DocumentRefused, cleaned_archive

# What parsers raise on malformed files. MemoryError is not among them: it ends the program.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ExpatError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


def answer(data: bytes, extension: str, *, values_only: bool = False) -> tuple[dict[str, str], bytes]:
    """Returns ``({}, cleaned document)``, or ``({"refused": code}, b"")``.

    :param values_only: accepts an Office document that fetches something when it is opened.
    """
    try:
        if extension == "pdf":
            # pypdf takes longer to import than most documents to read.
            from fiches.media.pdf_documents import cleaned_pdf

            return {}, cleaned_pdf(data)
        return {}, cleaned_archive(data, extension, values_only=values_only)
    except DocumentRefused as refused:
        return {"refused": str(refused)}, b""
    except UNREADABLE:
        return {"refused": "incomplete"}, b""


if __name__ == "__main__":
    header, cleaned = answer(sys.stdin.buffer.read(), **json.loads(sys.argv[1]))
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + cleaned)
