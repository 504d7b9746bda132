"""The text of a document, where it can be read without a library: plain text, Word and OpenDocument files."""

import re
import zipfile
from html import unescape

PARTS = {"docx": "word/document.xml", "odt": "content.xml", "odp": "content.xml"}
LONGEST = 2_000_000
UNREADABLE = (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, EOFError, ValueError)


def document_text(document):
    """At most two million characters of text; "" for what can't be read."""
    extension = document.file_extension.lower()
    if extension not in {"txt", "csv", *PARTS}:
        return ""
    try:
        with document.open_file() as file:
            if extension in PARTS:
                return _from_archive(file, PARTS[extension])
            return file.read(LONGEST).decode("utf-8", "replace")
    except UNREADABLE:
        return ""


def _from_archive(file, part):
    with zipfile.ZipFile(file) as archive, archive.open(part) as text:
        return unescape(re.sub(r"<[^>]*>", " ", text.read(LONGEST).decode("utf-8", "replace")))
