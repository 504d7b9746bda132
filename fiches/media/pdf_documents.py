"""Rewrites a PDF without personal metadata, and refuses one with active content.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError, LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from fiches.media.office_documents import DocumentRefused

# Types of actions and annotations that run, open or send something, and keys that hold such things.
ACTIVE = {
    *("/3D", "/FileAttachment", "/GoToE", "/GoToR", "/ImportData", "/JavaScript", "/Launch", "/Movie", "/Rendition"),
    *("/RichMedia", "/Sound", "/SubmitForm"),
}
ACTIVE_KEYS = ("/EF", "/EmbeddedFiles", "/JS", "/XFA")
# Schemes that a link may have. One without a scheme is a web address; one on a network share would send the reader's user name there.
SAFE_LINK = re.compile(r"(ftps?|geo|https?|mailto|sms|tel):|(?!\\\\|//|[a-z][a-z0-9+.-]*:)", re.IGNORECASE)
IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0]+")  # characters that PDF readers ignore in an address
METADATA_KEYS = ("/Metadata", "/PieceInfo", "/Thumb", "/Perms")


def cleaned_pdf(data: bytes) -> bytes:
    """Returns the document without metadata, authors of remarks and signatures.

    :raises DocumentRefused: with the code encrypted, active or too_large. Other exceptions mean that it can't be read.
    """
    try:
        return _cleaned(PdfReader(BytesIO(data), strict=False))
    except DependencyError:  # an encryption that asks for another library
        raise DocumentRefused("encrypted") from None
    except LimitReachedError:  # a stream that unpacks to more than pypdf reads
        raise DocumentRefused("too_large") from None


def _cleaned(reader: PdfReader) -> bytes:
    if reader.is_encrypted and not reader.decrypt(""):
        raise DocumentRefused("encrypted")
    writer = PdfWriter(clone_from=reader)
    metadata: Any = reader.metadata or {}
    title = metadata.get("/Title")
    writer.metadata = {"/Title": title} if title else None  # screen readers read the title
    for dictionary in _dictionaries(writer.root_object):
        _refuse_active(dictionary)
        _remove_metadata(dictionary)
    writer.compress_identical_objects(remove_duplicates=False)  # drops objects without references
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _dictionaries(root: Any) -> Iterator[Any]:
    """Yields every dictionary and stream reachable from the document's root."""
    seen, pending = set(), [root]
    while pending:
        item = pending.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in seen:
                continue
            seen.add(item.idnum)
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            yield item
            pending.extend(dict.values(item))
        elif isinstance(item, ArrayObject):
            pending.extend(list.__iter__(item))


def _refuse_active(dictionary: Any) -> None:
    """Refuses a dictionary that runs, opens, sends or embeds something, or links to something that is no web address."""
    active = any(_value(dictionary, key) in ACTIVE for key in ("/S", "/Subtype"))
    active = active or any(_value(dictionary, key) is not None for key in ACTIVE_KEYS)
    address = _value(dictionary, "/URI")
    if isinstance(address, bytes):
        address = address.decode("latin-1")
    if active or (isinstance(address, str) and not SAFE_LINK.match(IGNORED.sub("", address))):
        raise DocumentRefused("active")


def _value(dictionary: Any, key: str) -> Any:
    """Returns a value of a dictionary, also one that stands in another object; None if it isn't there."""
    return dictionary[key] if key in dictionary else None  # noqa: SIM401 - `get` leaves a reference as it is


def _remove_metadata(dictionary: Any) -> None:
    """Removes metadata, authors of annotations and signatures, in place."""
    for key in METADATA_KEYS:
        dictionary.pop(key, None)
    if "/Rect" in dictionary and _value(dictionary, "/Subtype") != "/Widget":
        dictionary.pop("/T", None)
    if _value(dictionary, "/FT") == "/Sig":
        dictionary.pop("/V", None)
