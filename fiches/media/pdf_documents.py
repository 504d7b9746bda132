"""Rewrites a PDF without personal metadata, and refuses one with active content.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError
from pypdf.filters import decode_stream_data
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from fiches.media.office_documents import DocumentRefused

# Types of actions and annotations that run, open or send something, and keys that hold such things.
ACTIVE = {
    *("/3D", "/FileAttachment", "/GoToE", "/GoToR", "/ImportData", "/JavaScript", "/Launch", "/Movie", "/Rendition"),
    *("/RichMedia", "/Sound", "/SubmitForm"),
}
ACTIVE_KEYS = ("/EF", "/EmbeddedFiles", "/JS", "/XFA")
# Where actions stand that no click asks for: at the opening of the document or of a page, over a field.
UNASKED = ("/AA", "/OpenAction")
# Schemes that a link may have. One without a scheme is a web address; one on a network share would send the reader's user name there.
SAFE_LINK = re.compile(r"(ftps?|geo|https?|mailto|sms|tel):|(?!\\\\|//|[a-z][a-z0-9+.-]*:)")
IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0]+")  # characters that PDF readers ignore in an address
METADATA_KEYS = ("/Metadata", "/PieceInfo", "/Thumb", "/Perms")
PHOTOGRAPH = {"/DCT", "/DCTDecode"}
# The application segments of a JPEG that a decoder needs, by marker, and how they start.
NEEDED_SEGMENTS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
COMMENT, SCAN = 0xFE, 0xDA


def cleaned_pdf(data: bytes) -> bytes:
    """Returns the document without metadata, authors of remarks, signatures and Exif of its JPEG images.

    :raises DocumentRefused: with the code encrypted, active, too_much or incomplete.
    """
    try:
        return _cleaned(PdfReader(BytesIO(data), strict=False))
    except DependencyError:  # an encryption that asks for another library
        raise DocumentRefused("encrypted") from None
    except LimitReachedError:  # a stream that unpacks to more than pypdf reads
        raise DocumentRefused("too_much") from None
    except (NotImplementedError, PyPdfError):
        raise DocumentRefused("incomplete") from None


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
    """Refuses a dictionary that runs, opens, sends or embeds something, or has an address that opens without a click."""
    active = any(_value(dictionary, key) in ACTIVE for key in ("/S", "/Subtype"))
    active = active or any(_value(dictionary, key) is not None for key in ACTIVE_KEYS)
    active = active or any(_opens_address(_value(dictionary, key)) for key in UNASKED)
    address = _value(dictionary, "/URI")
    if active or (isinstance(address, str | bytes) and not _is_safe(address)):
        raise DocumentRefused("active")


def _value(dictionary: Any, key: str) -> Any:
    """Returns a value of a dictionary, also one that stands in another object; None if it isn't there."""
    return dictionary[key] if key in dictionary else None  # noqa: SIM401 - `get` leaves a reference as it is


def _listed(value: Any) -> list[Any]:
    """Returns the items of a PDF value that may be a list, one item, or None."""
    value = value.get_object() if value is not None else []
    return [item.get_object() for item in value] if isinstance(value, list) else [value]


def _opens_address(actions: Any) -> bool:
    """Whether an action, an object whose values are actions, or one of those that follow them, opens an address."""
    seen: dict[int, Any] = {}
    pending = [actions]
    while pending:
        item = pending.pop()
        item = item.get_object() if item is not None else None
        if not isinstance(item, DictionaryObject) or id(item) in seen:
            continue  # a place in the document, or nothing
        seen[id(item)] = item
        if _value(item, "/S") == "/URI" or isinstance(_value(item, "/URI"), str | bytes):
            return True
        pending += _listed(_value(item, "/Next")) if "/S" in item else dict.values(item)
    return False


def _is_safe(address: str | bytes) -> bool:
    text = address.decode("latin-1") if isinstance(address, bytes) else str(address)
    return SAFE_LINK.match(IGNORED.sub("", text).casefold()) is not None


def _remove_metadata(dictionary: Any) -> None:
    """Removes metadata, authors of annotations, signatures, and Exif of JPEG images, in place."""
    for key in METADATA_KEYS:
        dictionary.pop(key, None)
    if "/Rect" in dictionary and _value(dictionary, "/Subtype") != "/Widget":
        dictionary.pop("/T", None)
    if _value(dictionary, "/FT") == "/Sig":
        dictionary.pop("/V", None)
    if isinstance(dictionary, StreamObject) and PHOTOGRAPH & {*map(str, filters := _listed(dictionary.get("/Filter")))}:
        parameters = _listed(dictionary.pop("/DecodeParms", None))[len(filters) - 1 :]
        dictionary._data = _without_exif(_unwrapped(dictionary, filters))  # raw: `set_data` would compress it again
        dictionary[NameObject("/Filter")] = NameObject("/DCTDecode")
        if parameters and isinstance(parameters[0], DictionaryObject):
            dictionary[NameObject("/DecodeParms")] = parameters[0]


def _unwrapped(stream: Any, filters: list[Any]) -> bytes:
    """Returns the JPEG of a stream without the filters around it.

    :raises DocumentRefused: it is none.
    """
    content = decode_stream_data(stream)
    if filters[-1] not in PHOTOGRAPH or not content.startswith(b"\xff\xd8\xff"):
        raise DocumentRefused("incomplete")
    return content


def _without_exif(jpeg: bytes) -> bytes:
    """Returns a JPEG up to its end marker, without the segments that no decoder needs: Exif, XMP, comments."""
    parts, position = [jpeg[:2]], 2
    while jpeg[position : position + 1] == b"\xff" and (marker := jpeg[position + 1]) != SCAN:
        end = position + 2 + int.from_bytes(jpeg[position + 2 : position + 4], "big")
        if marker == 0xFF:  # padding
            end = position + 1
        elif marker in NEEDED_SEGMENTS:
            if jpeg.startswith(NEEDED_SEGMENTS[marker], position + 4):
                parts.append(jpeg[position:end])
        elif marker != COMMENT and not 0xE0 <= marker <= 0xEF:
            parts.append(jpeg[position:end])
        position = end
    last = jpeg.find(b"\xff\xd9", position)
    return b"".join([*parts, jpeg[position : last + 2 if last >= 0 else len(jpeg)]])
