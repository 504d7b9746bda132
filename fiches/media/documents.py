"""Validates and cleans uploaded documents: the content must match the extension, active content is refused, and personal metadata
is removed.

PDF, Office and OpenDocument files are read by ``document_reader``, in a subprocess with limited memory and time.
"""

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
from fiches.media import document_reader, document_text, sandboxed_reader
from fiches.media.document_text import BYTE_ORDER_MARKS as BYTE_ORDER_MARKS  # re-exported for the import of tables
from fiches.media.document_text import READABLE as READABLE
from fiches.media.images import BUSY, overwrite, sanitise_image
from fiches.media.office_documents import OFFICE_DOCUMENTS, OPEN_DOCUMENTS
from fiches.upkeep.machine_lock import Busy

PICTURES = {"jpeg", "jpg", "png"}
TEXTS = {"csv", "txt"}
ALLOWED = ("pdf", *OPEN_DOCUMENTS, *OFFICE_DOCUMENTS, *sorted(TEXTS), *sorted(PICTURES))
MAX_BYTES = 20 * 1024 * 1024

OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # the container of Office before 2007, and of an Office file locked by a password
REFUSALS = {
    "active": _(
        "This file runs or fetches something: macros, a script, an object of another programme, a dangerous link. "
        "Print it to a new PDF, then send that."
    ),
    "busy": BUSY,
    "encrypted": _("This file is protected by a password. Send it without the password."),
    "extension": _("This kind of file is not accepted. Send one of these: %(extensions)s."),
    "too_large": _("This file is too large, or too complex to be read. Send a simpler one, of %(max)s at most."),
    "unreadable": _("This file is incomplete, damaged, or no .%(extension)s file. Export it anew, then send that."),
}
WHAT_IS_REMOVED = _(
    "The author’s name and the properties of a PDF, Word, Excel, PowerPoint or OpenDocument file are removed. Pictures inside a file "
    "keep what the camera wrote (place, date)."
)
MARKUP = ("<!doctype", "<html", "<script", "<svg", "<?xml", "<?php", "#!", "%pdf-", "{\\rtf")


def max_bytes() -> int:
    """Returns the largest size of an uploaded document, by Wagtail's setting."""
    return getattr(settings, "WAGTAILDOCS_MAX_UPLOAD_SIZE", None) or MAX_BYTES


def check_document(file: Any) -> File | UploadedFile:
    """Validates a document and removes its personal metadata. Its size and extension are limited by Wagtail's settings.

    :returns: the document written again; for an image, a ``CleanImage``; for a text, ``file`` itself.
    :raises ValidationError: with a message for the sender and the code of :data:`REFUSALS`. No other exception is raised.
    """
    extension = PurePosixPath(file.name or "").suffix.lower().lstrip(".")
    chosen = getattr(settings, "WAGTAILDOCS_EXTENSIONS", None) or ALLOWED
    extensions = [each for each in ALLOWED if each in chosen]
    content, code = b"", ""
    if extension not in extensions:
        code = "extension"
    elif file.size > max_bytes():
        code = "too_large"
    elif extension in PICTURES:
        return sanitise_image(file)
    else:
        file.seek(0)
        content, code = _read(file.read(), extension)
        file.seek(0)
    if code:
        params = {"extension": extension, "extensions": ", ".join(extensions), "max": formats.size(max_bytes())}
        raise ValidationError(REFUSALS[code], code=code, params=params)
    return file if extension in TEXTS else ContentFile(content, file.name)


def _read(data: bytes, extension: str) -> tuple[bytes, str]:
    """Returns the cleaned content of a document, and the code of :data:`REFUSALS` or ``""``."""
    if extension in TEXTS:
        return data, "" if _is_text(data) else "unreadable"
    if extension in OFFICE_DOCUMENTS and data.startswith(OLD_OFFICE):
        return b"", "encrypted"
    if extension == "pdf" and b"%%EOF" not in data[-4096:]:
        return b"", "unreadable"
    try:
        answer, content = sandboxed_reader.read(document_reader, data, extension=extension)
    except sandboxed_reader.TooMuch:
        return b"", "too_large"
    except Busy:
        return b"", "busy"
    return content, answer.get("refused", "")


def _is_text(data: bytes) -> bool:
    """Whether it is text in UTF-8, in UTF-16 with a byte order mark, or in Windows-1252, and no markup."""
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    is_binary = any(ord(character) < 32 and character not in "\t\n\r\f" for character in set(text)) or "\ufffd" in text
    return bool(data) and not is_binary and not text[:4096].lstrip().lower().startswith(MARKUP)


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help_text = format_lazy("{} {}", self.help_text, WHAT_IS_REMOVED)

    def to_python(self, data: UploadedFile | None) -> File | None:
        sent = forms.FileField.to_python(self, data)
        if sent is None:
            return None
        clean = check_document(sent)
        if clean is not sent:
            overwrite(sent, clean)
        return clean
