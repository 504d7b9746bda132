"""Documents that people send: what the name says is what the content is, or the file is refused."""

import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.documents.fields import WagtailDocumentField

from fiches.images import refusal, sanitise_image

PICTURES = {"jpeg", "jpg", "png"}
TEXTS = {"csv", "txt"}
OPEN_DOCUMENTS = {  # extension: what the archive's "mimetype" says
    "odp": b"application/vnd.oasis.opendocument.presentation",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odt": b"application/vnd.oasis.opendocument.text",
}
OFFICE_DOCUMENTS = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "xlsx": "xl/workbook.xml"}
ALLOWED = ("pdf", *OPEN_DOCUMENTS, *OFFICE_DOCUMENTS, *sorted(TEXTS), *sorted(PICTURES))

MAX_UNPACKED = 300 * 1024 * 1024
MAX_ENTRIES = 10_000
# What zipfile raises on archives made to break it.
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
MARKUP = ("<!doctype", "<html", "<script", "<svg", "<?xml", "<?php", "#!", "%pdf-", "{\\rtf")


@dataclass(frozen=True)
class DocumentLimits:
    """What a document may weigh, in bytes, and which extensions it may have."""

    max_bytes: int = 20 * 1024 * 1024
    extensions: tuple = ALLOWED


def site_limits():
    """The limits of Wagtail's own settings, ours where the site says nothing."""
    chosen = getattr(settings, "WAGTAILDOCS_EXTENSIONS", None) or ALLOWED
    return DocumentLimits(
        max_bytes=getattr(settings, "WAGTAILDOCS_MAX_UPLOAD_SIZE", None) or DocumentLimits.max_bytes,
        extensions=tuple(extension for extension in ALLOWED if extension in chosen),
    )


def check_document(file, *, limits=None):
    """``file``, when its content is what its extension says; a picture comes back cleaned (``sanitise_image``).

    Raises ``ValidationError`` with a message for the sender, and nothing else: an extension that isn't in ``limits``
    (``site_limits()`` unless given), another content than announced, a file with macros, an archive that unpacks to a
    flood, an empty or too heavy file.
    """
    limits = limits or site_limits()
    extension = PurePosixPath(file.name or "").suffix.lower().lstrip(".")
    if extension not in limits.extensions:
        raise refusal(
            "extension",
            _("This kind of file is not accepted. Send one of these: %(extensions)s."),
            extensions=", ".join(limits.extensions),
        )
    _check_weight(file, limits)
    if extension in PICTURES:
        return sanitise_image(file)
    file.seek(0)
    if extension == "pdf":
        _check_pdf(file)
    elif extension in TEXTS:
        _check_text(file, extension)
    else:
        _check_archive(file, extension)
    file.seek(0)
    return file


def _check_weight(file, limits):
    if not file.size:
        raise refusal("empty", _("This file is empty."))
    if file.size > limits.max_bytes:
        raise refusal(
            "too_heavy",
            _("This file is too heavy (%(size)s). Send one of %(max)s at most."),
            size=filesizeformat(file.size),
            max=filesizeformat(limits.max_bytes),
        )


def _lies(extension):
    return refusal("lies", _("The content of this file is not that of a .%(extension)s file."), extension=extension)


def _incomplete():
    return refusal("incomplete", _("This file is incomplete or damaged. Export it anew, then send that."))


def _check_pdf(file):
    if not file.read(1024).lstrip(b"\xef\xbb\xbf\r\n\t \x00").startswith(b"%PDF-"):
        raise _lies("pdf")
    file.seek(max(0, file.size - 4096))
    if b"%%EOF" not in file.read():
        raise _incomplete()


def _check_text(file, extension):
    """Text in UTF-8, in UTF-16 with its mark, or in Windows' western encoding; neither binary nor markup."""
    data = file.read()
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if any(ord(character) < 32 and character not in "\t\n\r\f" for character in set(text)) or "\ufffd" in text:
        raise _lies(extension)
    if text.lstrip().lower().startswith(MARKUP):
        raise _lies(extension)


def _check_archive(file, extension):
    """An OpenDocument or Office file: the right parts in a sound archive, of a sane size unpacked, without macros."""
    if file.read(4) != b"PK\x03\x04":
        raise _lies(extension)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_flood(entries)
            names = {entry.filename for entry in entries}
            is_right = _is_announced(archive, names, extension)
    except BROKEN_ARCHIVE:
        raise _incomplete() from None
    if not is_right:
        raise _lies(extension)
    if any(name.endswith("vbaProject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names):
        raise refusal("macros", _("This file contains macros. Send it without them, or as PDF."))


def _check_flood(entries):
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise refusal("flood", _("This file unpacks to too large a volume."))


def _is_announced(archive, names, extension):
    if extension in OFFICE_DOCUMENTS:
        return {"[Content_Types].xml", OFFICE_DOCUMENTS[extension]} <= names
    if "mimetype" not in names:
        return False
    with archive.open("mimetype") as mimetype:
        return mimetype.read(200).strip() == OPEN_DOCUMENTS[extension]


class SafeDocumentField(WagtailDocumentField):
    """A form's document, for the public and for the admin: refuses what ``check_document`` refuses."""

    def __init__(self, *args, limits=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.limits = limits

    def to_python(self, data):
        sent = forms.FileField.to_python(self, data)
        return None if sent is None else check_document(sent, limits=self.limits)
