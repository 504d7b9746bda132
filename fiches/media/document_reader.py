"""Subprocess program (see `sandboxed_reader`) that checks an uploaded document and rewrites it without personal metadata.

It imports neither Django nor settings. Refusals are codes, for which ``documents`` has the messages.
"""

import json
import sys

from fiches.media.office_documents import DocumentRefused, cleaned_archive


def answer(data: bytes, extension: str) -> tuple[dict[str, str], bytes]:
    """Returns ``({}, cleaned document)``, or ``({"refused": code}, b"")``."""
    try:
        if extension == "pdf":
            # pypdf takes longer to import than most documents to read.
            from fiches.media.pdf_documents import cleaned_pdf

            return {}, cleaned_pdf(data)
        return {}, cleaned_archive(data, extension)
    except DocumentRefused as refused:
        return {"refused": str(refused)}, b""
    except MemoryError:  # ends the program: the document takes too much
        raise
    except Exception:  # whatever parsers raise on a malformed file
        return {"refused": "unreadable"}, b""


if __name__ == "__main__":
    header, cleaned = answer(sys.stdin.buffer.read(), **json.loads(sys.argv[1]))
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + cleaned)
