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
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _
from wagtail.documents.fields import WagtailDocumentField

from fiches import formats
from fiches.media import document_reader, sandboxed_reader
from fiches.media.cleaning_messages import add_message
from fiches.media.document_reader import MAX_ENTRIES as MAX_ENTRIES  # re-exported for other readers of archives
from fiches.media.document_reader import OFFICE_DOCUMENTS, OPEN_DOCUMENTS
from fiches.media.images import overwrite, refusal, sanitise_image
from fiches.media.machine_lock import Busy

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
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # the container of Office before 2007, and of an Office file locked by a password
REFUSALS = {
    "attachment": _("This PDF holds other files. Send them one by one, and the PDF without them."),
    "dde": _(
        "This file asks another programme for data (DDE). Take that field, link or formula out, or send it as PDF."
    ),
    "encrypted": _("This file is protected by a password. Send it without the password."),
    "film": _("This file holds a film or a sound. Take it out, or send the document as PDF."),
    "flood": _("This file unpacks to too large a volume."),
    "incomplete": _("This file is incomplete or damaged. Export it anew, then send that."),
    "javascript": _("This PDF holds a programme (JavaScript). Print it to a new PDF, then send that."),
    "kind_of_picture": _(
        "This file holds a picture of a kind that cannot be cleaned of what the camera or the software wrote. Put it in as JPEG or PNG, "
        "or send the document as PDF."
    ),
    "launch": _("This PDF asks to open another programme or file. Print it to a new PDF, then send that."),
    "link": _(
        "This PDF holds a link that acts: it opens a file, sends a form or starts a programme. Take that link out, or print "
        "the document to a new PDF, then send that."
    ),
    "macros": _("This file contains macros. Send it without them, or as PDF."),
    "media": _("This PDF holds a film, a sound or a 3D drawing. Print it to a new PDF, then send that."),
    "object": _("This file holds an object of another programme. Take it out, or send the document as PDF."),
    "opens": _("This PDF opens a web address by itself, without a click. Print it to a new PDF, then send that."),
    "picture": _(
        "This PDF holds a picture that cannot be cleaned of what the camera wrote. Print it to a new PDF, then send that."
    ),
    "remote": _(
        "This file fetches a picture, a template or data from elsewhere when it is opened. Put them into the file, or send it as PDF."
    ),
    "too_much": _("This file asks for too much work to be read. Export it anew as PDF, then send that."),
    "versions": _(
        "This file keeps former versions of its text. Delete them (File, Versions), or send the document as PDF."
    ),
    "xfa": _("This PDF is a form that only Adobe Reader opens (XFA). Print it to a new PDF, then send that."),
}
REMOVALS = {
    "authors": _("the names beside remarks and corrections"),
    "pictures": _("what cameras wrote in its pictures"),
    "properties": _("its properties (author, software, dates)"),
    "signature": _("its electronic signature"),
    "thumbnail": _("its preview"),
}
MARKUP = ("<!doctype", "<html", "<script", "<svg", "<?xml", "<?php", "#!", "%pdf-", "{\\rtf")


@dataclass(frozen=True)
class DocumentLimits:
    """The largest size of a document, in bytes, and its allowed extensions. With ``values_only``, a workbook may start a programme or
    fetch something when an office suite opens it: only its values are read, and it is not stored."""

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


class CleanDocument(ContentFile):
    """A document rewritten by ``check_document``; ``removed`` lists in words what was removed, ``""`` for nothing."""

    def __init__(self, content: bytes, name: str, *, removed: str) -> None:
        super().__init__(content, name)
        self.removed = removed


def check_document(file: Any, *, limits: Any = None) -> File | UploadedFile:
    """Validates a document and removes its personal metadata.

    :param limits: :func:`site_limits` by default.
    :returns: a ``CleanDocument``; for an image, a ``CleanImage``; for a text, ``file`` itself.
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
    """Returns the CleanDocument that ``document_reader`` makes of a PDF, Office or OpenDocument file."""
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
    removed = str(get_text_list([str(REMOVALS[code]) for code in answer["removed"]], _("and")))
    return CleanDocument(content, name, removed=removed)


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


class SafeDocumentField(WagtailDocumentField):
    """A form field for documents, public or in the admin, that applies ``check_document``."""

    def __init__(self, *args: Any, limits: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits = limits

    def to_python(self, data: UploadedFile | None) -> File | None:
        sent = forms.FileField.to_python(self, data)
        if sent is None:
            return None
        clean = check_document(sent, limits=self.limits)
        if clean is not sent:
            overwrite(sent, clean)
        if getattr(clean, "removed", ""):
            params = {"name": clean.name, "removed": clean.removed}
            add_message(str(_("Taken off “%(name)s” before it was kept: %(removed)s.") % params))
        return clean
