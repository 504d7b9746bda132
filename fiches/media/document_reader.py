"""The program that reads a document that was sent and writes it anew without what it tells of its author (see ``bounded``).

It imports neither Django nor a setting: ``documents`` puts in words what is refused and what was taken off.
"""

import html
import json
import re
import struct
import sys
import zipfile
import zlib
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

MAX_UNPACKED = 300 * 1024 * 1024
MAX_ENTRIES = 10_000
DEEPEST = 2  # a workbook in a presentation, and what that holds

OPEN_DOCUMENTS = {  # extension: what the archive's "mimetype" says
    "odp": b"application/vnd.oasis.opendocument.presentation",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odt": b"application/vnd.oasis.opendocument.text",
}
OFFICE_DOCUMENTS = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "xlsx": "xl/workbook.xml"}
# What readers raise on files made to break them. A MemoryError is none of them: it ends the program.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    PyPdfError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """Why a document is not kept, as a code that ``documents`` puts in words."""


def answer(data, extension):
    """``({"removed": codes}, the document without them)``, or ``({"refused": code}, b"")``."""
    removed = set()
    try:
        content = _pdf(data, removed) if extension == "pdf" else _archive(data, extension, removed)
    except Refused as refused:
        return {"refused": str(refused)}, b""
    except UNREADABLE:
        return {"refused": "incomplete"}, b""
    return {"removed": sorted(removed)}, content


# --- PDF --------------------------------------------------------------------------------------------------------------

ACTIVE = {  # what an action or an annotation is, and what it makes of the file
    "/3D": "media",
    "/FileAttachment": "attachment",
    "/GoToE": "attachment",
    "/GoToR": "link",
    "/ImportData": "link",
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/Movie": "media",
    "/Rendition": "media",
    "/RichMedia": "media",
    "/Sound": "media",
    "/SubmitForm": "link",
}
# Where a link of a PDF may lead: to the web, a mailbox, a phone. One without a scheme is read as an address of the web.
LINK_SCHEMES = {"", "ftp", "ftps", "geo", "http", "https", "mailto", "sms", "tel"}
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)")
UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0]+")  # what readers leave out of an address
ACTIVE_KEYS = {"/EF": "attachment", "/EmbeddedFiles": "attachment", "/JS": "javascript", "/XFA": "xfa"}
TELLING_KEYS = {"/Metadata": "properties", "/PieceInfo": "properties", "/Thumb": "thumbnail", "/Perms": "signature"}


def _pdf(data, removed):
    reader = PdfReader(BytesIO(data), strict=False)
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("encrypted")
    except DependencyError:
        raise Refused("encrypted") from None
    writer = PdfWriter(clone_from=reader)
    told = reader.metadata or {}
    if set(told) - {"/Title"}:
        removed.add("properties")
    writer.metadata = {"/Title": told["/Title"]} if told.get("/Title") else None  # screen readers say it first
    for thing in _dictionaries(writer.root_object):
        _refuse_active(thing)
        _take_off(thing, removed)
    writer.compress_identical_objects(remove_duplicates=False)  # what nothing refers to any more goes
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _dictionaries(root):
    """Every dictionary and stream that the document's root leads to."""
    seen, waiting = set(), [root]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if thing.idnum in seen:
                continue
            seen.add(thing.idnum)
            thing = thing.get_object()
        if isinstance(thing, DictionaryObject):
            yield thing
            waiting.extend(dict.values(thing))
        elif isinstance(thing, ArrayObject):
            waiting.extend(list.__iter__(thing))


def _refuse_active(thing):
    for key in ("/S", "/Subtype"):
        if (name := thing.get(key)) in ACTIVE:
            raise Refused(ACTIVE[name])
    for key, code in ACTIVE_KEYS.items():
        if thing.get(key) is not None:
            raise Refused(code)
    if (address := thing.get("/URI")) is not None and not isinstance(address, DictionaryObject):
        _refuse_link(address)


def _refuse_link(address):
    """A link that runs a script, or that opens a file of a computer or of a share, of which the reader's machine would give
    its owner's name away."""
    text = address.decode("latin-1") if isinstance(address, bytes) else str(address)
    text = UNSEEN.sub("", text).casefold()
    scheme = SCHEME.match(text)
    if text.startswith(("\\\\", "//")) or (scheme[0] if scheme else "") not in LINK_SCHEMES:
        raise Refused("link")


def _take_off(thing, removed):
    for key, code in TELLING_KEYS.items():
        if thing.pop(key, None) is not None:
            removed.add(code)
    if "/Rect" in thing and thing.get("/Subtype") != "/Widget" and thing.pop("/T", None) is not None:
        removed.add("authors")
    if thing.get("/FT") == "/Sig" and thing.pop("/V", None) is not None:
        removed.add("signature")
    if isinstance(thing, StreamObject) and thing.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        thing._data = _picture(thing._data, removed)  # as it is stored: `set_data` would compress it


# --- Office and OpenDocument ------------------------------------------------------------------------------------------

MACRO_PARTS = re.compile(r"vba(project|data)|(^|/)(basic|scripts)/|macrosheets/")
MACRO_WORDS = re.compile(r"vbaproject|vbadata|macroenabled|macrosheet|vnd\.sun\.star\.script:")
OBJECT_PARTS = re.compile(r"(^|/)activex/|(^|/)object \d+$|/embeddings/(?!.*\.(docx|pptx|xlsx)$)")
OBJECT_WORDS = re.compile(r"oleobject\"|oleobject'|relationships/control|activexcontrol|sun\.star\.oleobject")
LOCK_WORDS = re.compile(r"manifest:encryption-data")
# The parts that say what the others are.
DECLARING = re.compile(r"\[content_types\]\.xml|.*\.rels|meta-inf/manifest\.xml|(.*/)?(content|styles)\.xml")

_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
BLANK = {  # a part that tells of the author, and what stands there instead
    r"docprops/core\.xml": f'<cp:coreProperties xmlns:cp="{_CORE}"/>',
    r"docprops/app\.xml": f'<Properties xmlns="{_OFFICE}/extended-properties"/>',
    r"docprops/custom\.xml": f'<Properties xmlns="{_OFFICE}/custom-properties"/>',
    r"(.*/)?meta\.xml": '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' office:version="1.2"><office:meta/></office:document-meta>',
}
THUMBNAIL = re.compile(r"docprops/thumbnail\..*|thumbnails/.*")
THUMBNAIL_MENTION = re.compile(
    rb'<(?:\w+:)?(?:Relationship|Override|file-entry)\b[^<>]*(?:metadata/thumbnail|"/docProps/thumbnail|"Thumbnails/)[^<>]*/>'
)


def _attributes(names):
    return re.compile(rb"""(\b(?:\w+:)?(?:%s)=)("[^"]+"|'[^']+')""" % names)


_AUTHOR, _NAMELESS = rb'\1"Author"', rb'\1""'
_CREATORS = re.compile(rb"(<(?:dc:creator|meta:creator-initials|meta:initial-creator|loext:sender-initials)>)[^<]+")
PEOPLE = (  # in which parts, what names a person, and what is written instead
    (re.compile(r"word/.*\.xml"), _attributes(rb"author|initials|userId|providerId"), _AUTHOR),
    (re.compile(r"ppt/(commentauthors|authors)\.xml"), _attributes(rb"name|initials|userId|providerId"), _AUTHOR),
    (re.compile(r"xl/comments.*\.xml"), re.compile(rb"(<(?:\w+:)?author>)[^<]+"), rb"\1Author"),
    (re.compile(r"xl/persons/.*\.xml"), _attributes(rb"displayName|userId|providerId"), _AUTHOR),
    (re.compile(r"xl/(workbook|revisions/.*)\.xml"), _attributes(rb"userName"), _AUTHOR),
    (re.compile(r"xl/workbook\.xml"), re.compile(rb'(absPath\b[^<>]*\burl=)"[^"]+"'), _NAMELESS),
    (re.compile(r"(.*/)?(content|styles)\.xml"), _CREATORS, rb"\1"),
)
# The template that a letter was made from: a path in its author's folders, or a file that Word would fetch.
TEMPLATE = re.compile(rb'(<(?:\w+:)?Relationship\b(?=[^<>]*relationships/attachedTemplate")[^<>]*\bTarget=)"[^"]*"')


def _archive(data, extension, removed, depth=0):
    """The parts of the archive, each cleaned, in an archive made anew."""
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(output, "w") as made:
        entries = _entries(archive, extension)
        for entry in entries:
            name = entry.filename.replace("\\", "/").casefold()
            if THUMBNAIL.fullmatch(name):
                removed.add("thumbnail")
                continue
            content = _part(name, archive.read(entry), removed, depth)
            made.writestr(zipfile.ZipInfo(entry.filename), content, entry.compress_type)
    return output.getvalue()


def _entries(archive, extension):
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refused("flood")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    if extension in OFFICE_DOCUMENTS:
        announced = {"[Content_Types].xml", OFFICE_DOCUMENTS[extension]} <= names
    else:
        announced = "mimetype" in names and archive.read("mimetype")[:200].strip() == OPEN_DOCUMENTS[extension]
    if not announced:
        raise Refused("lies")
    if len(names) != len(entries):
        raise Refused("incomplete")
    return entries


def _part(name, content, removed, depth):
    _refuse_part(name, content)
    for part, blank in BLANK.items():
        if re.fullmatch(part, name) and content != blank.encode():
            removed.add("properties")
            return blank.encode()
    if "/embeddings/" in name:
        if depth == DEEPEST:
            raise Refused("object")
        return _archive(content, name.rpartition(".")[2], removed, depth + 1)
    for part, mention, instead in PEOPLE:
        if part.fullmatch(name):
            content = _without(content, mention, instead, "authors", removed)
    if name.endswith((".rels", "[content_types].xml", "manifest.xml")):
        content = THUMBNAIL_MENTION.sub(b"", content)
        content = _without(content, TEMPLATE, rb'\1"Normal.dotm"', "properties", removed)
    return _picture(content, removed)


def _refuse_part(name, content):
    """Refuses what runs, by its name and by what a part declares, however that is written: in capitals, in UTF-16, in
    character references."""
    if MACRO_PARTS.search(name):
        raise Refused("macros")
    if OBJECT_PARTS.search(name):
        raise Refused("object")
    if not DECLARING.fullmatch(name):
        return
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = html.unescape(content.decode(encoding, errors="replace")).casefold()
    for words, code in ((MACRO_WORDS, "macros"), (OBJECT_WORDS, "object"), (LOCK_WORDS, "encrypted")):
        if words.search(text):
            raise Refused(code)


def _without(content, mention, instead, code, removed):
    changed = mention.sub(instead, content)
    if changed != content:
        removed.add(code)
    return changed


# --- Pictures inside --------------------------------------------------------------------------------------------------

TELLING_SEGMENTS = {0xE1, 0xED, 0xFE}  # Exif and XMP, IPTC, comment
TELLING_CHUNKS = {b"eXIf", b"iTXt", b"tEXt", b"tIME", b"zTXt"}
PNG = b"\x89PNG\r\n\x1a\n"


def _picture(content, removed):
    """A JPEG or a PNG without what its camera wrote, its pixels untouched; anything else as it is."""
    cleaned = content
    if content.startswith(b"\xff\xd8\xff"):
        cleaned = _jpeg(content)
    elif content.startswith(PNG):
        cleaned = _png(content)
    if cleaned != content:
        removed.add("pictures")
    return cleaned


def _jpeg(content):
    kept, position = [content[:2]], 2
    while content[position : position + 1] == b"\xff" and position + 4 <= len(content):
        marker = content[position + 1]
        if marker == 0xDA:  # the pixels follow, to the end
            break
        end = position + 2 + int.from_bytes(content[position + 2 : position + 4], "big")
        if marker not in TELLING_SEGMENTS:
            kept.append(content[position:end])
        position = end
    return b"".join([*kept, content[position:]])


def _png(content):
    kept, position = [PNG], len(PNG)
    while position + 12 <= len(content):
        end = position + 12 + int.from_bytes(content[position : position + 4], "big")
        if content[position + 4 : position + 8] not in TELLING_CHUNKS:
            kept.append(content[position:end])
        position = end
    return b"".join(kept)


if __name__ == "__main__":
    header, cleaned = answer(sys.stdin.buffer.read(), **json.loads(sys.argv[1]))
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + cleaned)
