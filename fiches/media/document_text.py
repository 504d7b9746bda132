"""Subprocess program (see `sandboxed_reader`) that extracts the text of a document.

It imports neither Django nor settings.
"""

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from xml.etree import ElementTree

# Characters returned of one document, at most.
LONGEST = 200_000
PARTS = {  # the files of an archive that hold its text
    "docx": re.compile(r"word/(document|footnotes|endnotes)\.xml"),
    "odp": re.compile(r"content\.xml"),
    "ods": re.compile(r"content\.xml"),
    "odt": re.compile(r"content\.xml"),
    "pptx": re.compile(r"ppt/slides/slide\d+\.xml"),
    "xlsx": re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml"),
}
READABLE = ("csv", "pdf", "txt", *PARTS)
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# Elements whose content is left out: deleted text, comments, field codes, formulas, numbers.
NOT_READ = {"annotation", "delText", "f", "instrText", "tracked-changes", "v"}
# Elements that end a word; others, such as a change of style, may stand inside a word.
ENDS = {"br", "c", "h", "line-break", "p", "s", "si", "tab", "table-cell", "tc"}


def pieces(data: bytes, extension: str) -> Iterator[str]:
    """Yields the texts of the pages of a PDF, of the parts of an archive, or of a plain text."""
    if extension == "pdf":
        from pypdf import PdfReader

        for page in PdfReader(io.BytesIO(data)).pages:
            yield page.extract_text()
    elif extension in PARTS:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in sorted(filter(PARTS[extension].fullmatch, archive.namelist()), key=_number):
                yield _text_of_part(archive.read(name))
    else:
        yield _decoded(data)


def _number(name: str) -> tuple[list[int], str]:
    """Sort key of a part's name by its numbers: slide 10 comes after slide 2."""
    return [int(digits) for digits in re.findall(r"\d+", name)], name


def _text_of_part(data: bytes) -> str:
    root = ElementTree.fromstring(data)  # noqa: S314 - in the sandbox, and expat refuses entities that grow
    for element in root.iter():
        kind, after = element.tag.rpartition("}")[2], element.tail or ""
        if kind in NOT_READ:
            element.clear()
        element.tail = f" {after}" if kind in ENDS else after
    return "".join(root.itertext())


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_text(data: bytes, extension: str) -> bytes:
    """Returns the text in UTF-8: what precedes a page or part that can't be read, on one line, with the words whole that were cut
    at the end of a line, at most ``LONGEST`` characters."""
    text = ""
    with suppress(Exception):  # of hostile files, whatever the reader raises: the text before is used
        for piece in pieces(data, extension):
            text += f"{piece}\n"
            if len(text) > 2 * LONGEST:
                break
    text = re.sub(r"(?<=\w)-\s*\n\s*(?=[a-zà-ÿ])", "", text.replace("\u00ad", ""))
    text = " ".join(text.split()).replace("\x00", "")
    return text[:LONGEST].encode("utf-8", "ignore")


if __name__ == "__main__":
    sys.stdout.buffer.write(b"{}\n" + read_text(sys.stdin.buffer.read(), **json.loads(sys.argv[1])))
