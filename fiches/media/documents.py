"""Validates and cleans uploaded documents: the content must match the extension, active content is refused, and personal metadata
is removed.

PDF, Office and OpenDocument files are read by ``document_reader``, in a subprocess with limited memory and time.
"""

import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.documents.fields import WagtailDocumentField

from fiches import formats
from fiches.machine_lock import Busy
from fiches.media import document_reader, document_text, sandboxed_reader
from fiches.media.document_text import BYTE_ORDER_MARKS as BYTE_ORDER_MARKS  # re-exported for the import of tables
from fiches.media.document_text import READABLE as READABLE
from fiches.media.images import overwrite, refusal, sanitise_image
from fiches.media.office_documents import OFFICE_DOCUMENTS, OPEN_DOCUMENTS

PICTURES = {"jpeg", "jpg", "png"}
TEXTS = {"csv", "txt"}
ALLOWED = ("pdf", *OPEN_DOCUMENTS, *OFFICE_DOCUMENTS, *sorted(TEXTS), *sorted(PICTURES))

# What zipfile raises on malformed archives.
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
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # the container of Office before 2007, and of an Office file locked by a password
REFUSALS = {
    "active": _(
        "This PDF runs, opens or holds something else: a programme, another file, a film, an address or a dangerous link. "
        "Print it to a new PDF, then send that."
    ),
    "encrypted": _("This file is protected by a password. Send it without the password."),
    "fetches": _(
        "This file holds an object of another programme, former versions, or what is fetched from elsewhere when it is opened. "
        "Send it as PDF."
    ),
    "incomplete": _("This file is incomplete or damaged. Export it anew, then send that."),
    "macros": _("This file contains macros. Send it without them, or as PDF."),
    "too_much": _(
        "This file is too large once it is open, or asks for too much work to be read. Send a smaller or simpler one."
    ),
}
WHAT_IS_REMOVED = _(
    "The author’s name and the properties of a PDF, Word, Excel, PowerPoint or OpenDocument file are removed. Pictures inside a Word, "
    "Excel, PowerPoint or OpenDocument file keep what the camera wrote (place, date). To remove that too, send a PDF."
)
MARKUP = ("<!doctype", "<html", "<script", "<svg", "<?xml", "<?php", "#!", "%pdf-", "{\\rtf")


@dataclass(frozen=True)
class DocumentLimits:
    """The largest size of a document, in bytes, and its allowed extensions. With ``values_only``, a workbook may fetch
    something when an office suite opens it: only its values are read, and it is not stored."""

    max_bytes: int = 20 * 1024 * 1024
    extensions: tuple = ALLOWED
    values_only: bool = False


def site_limits() -> DocumentLimits:
    """Returns the limits of Wagtail's settings, with ours as defaults."""
    chosen = getattr(settings, "WAGTAILDOCS_EXTENSIONS", None) or ALLOWED
    return DocumentLimits(
        max_bytes=getattr(settings, "WAGTAILDOCS_MAX_UPLOAD_SIZE", None) or DocumentLimits.max_bytes,
        extensions=tuple(extension for extension in ALLOWED if extension in chosen),
    )


def check_document(file: Any, *, limits: Any = None) -> File | UploadedFile:
    """Validates a document and removes its personal metadata.

    :param limits: :func:`site_limits` by default.
    :returns: the document written again; for an image, a ``CleanImage``; for a text, ``file`` itself.
    :raises ValidationError: with a message for the sender; for a file of another extension or type, encrypted, with active content,
        too large, too large when unpacked, or empty. No other exception is raised.
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
    if extension in TEXTS:
        _check_text(file, extension)
        return file
    file.seek(0)
    return _rewrite(file.read(), extension, file.name, values_only=limits.values_only)


def _rewrite(data: bytes, extension: str, name: str, *, values_only: bool) -> File:
    """Returns what ``document_reader`` makes of a PDF, Office or OpenDocument file."""
    _check_start(data, extension)
    try:
        answer, content = sandboxed_reader.read(document_reader, data, extension=extension, values_only=values_only)
    except sandboxed_reader.TooMuch:
        answer = {"refused": "too_much"}
    except Busy:
        raise refusal("busy", _("Other files are being read at the moment. Send this one again in a minute.")) from None
    if answer.get("refused") == "lies":
        raise _type_mismatch(extension)
    if "refused" in answer:
        raise refusal(answer["refused"], REFUSALS[answer["refused"]])
    return ContentFile(content, name)


def _check_weight(file: Any, limits: Any) -> None:
    if not file.size:
        raise refusal("empty", _("This file is empty."))
    if file.size > limits.max_bytes:
        raise refusal(
            "too_heavy",
            _("This file is too heavy (%(size)s). Send one of %(max)s at most."),
            size=formats.size(file.size),
            max=formats.size(limits.max_bytes),
        )


def _type_mismatch(extension: Any) -> ValidationError:
    return refusal("lies", _("The content of this file is not that of a .%(extension)s file."), extension=extension)


def _check_start(data: bytes, extension: str) -> None:
    """Refuses a file by its first and last bytes, before the subprocess is started."""
    if extension == "pdf":
        if not data[:1024].lstrip(b"\xef\xbb\xbf\r\n\t \x00").startswith(b"%PDF-"):
            raise _type_mismatch(extension)
        if b"%%EOF" not in data[-4096:]:
            raise refusal("incomplete", REFUSALS["incomplete"])
    elif extension in OFFICE_DOCUMENTS and data.startswith(OLD_OFFICE):
        raise refusal("encrypted", REFUSALS["encrypted"])
    elif not data.startswith(b"PK\x03\x04"):
        raise _type_mismatch(extension)


def _check_text(file: UploadedFile, extension: str) -> None:
    """Accepts text in UTF-8, in UTF-16 with a byte order mark, or in Windows-1252; refuses binary data and markup."""
    file.seek(0)
    data = file.read()
    file.seek(0)
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if any(ord(character) < 32 and character not in "\t\n\r\f" for character in set(text)) or "\ufffd" in text:
        raise _type_mismatch(extension)
    if text[:4096].lstrip().lower().startswith(MARKUP):
        raise _type_mismatch(extension)


def text_of(file: Any, extension: str) -> str:
    """Returns the text of an open file on one line; ``""`` for a file that can't be read.

    :param extension: one of ``READABLE``.
    :raises Busy: other files are being read.
    """
    try:
        _answer, content = sandboxed_reader.read(document_text, file.read(), extension=extension)
    except sandboxed_reader.TooMuch:
        return ""
    return content.decode()


class SafeDocumentField(WagtailDocumentField):
    """A form field for documents, public or in the admin, that applies ``check_document``."""

    def __init__(self, *args: Any, limits: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help_text = format_lazy("{} {}", self.help_text, WHAT_IS_REMOVED)
        self.limits = limits

    def to_python(self, data: UploadedFile | None) -> File | None:
        sent = forms.FileField.to_python(self, data)
        if sent is None:
            return None
        clean = check_document(sent, limits=self.limits)
        if clean is not sent:
            overwrite(sent, clean)
        return clean
