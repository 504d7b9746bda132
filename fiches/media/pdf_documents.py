"""Rewrites a PDF without personal metadata, and refuses one with active content.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from fiches.media.document_parts import DocumentRefused, cleaned_picture
from fiches.media.embedded_pictures import CODESTREAM, JP2
from fiches.media.inline_photographs import Unreadable, clean_inline, decoded, has_photograph, listed

ACTIVE = {  # types of actions and annotations, and the code of the refusal
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
# Where actions stand that no click asks for: at the opening of the document or of a page, over a field.
UNASKED = ("/AA", "/OpenAction")
# Schemes that a link in a PDF may have. One without a scheme is a web address.
LINK_SCHEMES = {"", "ftp", "ftps", "geo", "http", "https", "mailto", "sms", "tel"}
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)")
IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0]+")  # characters that PDF readers ignore in an address
ACTIVE_KEYS = {"/EF": "attachment", "/EmbeddedFiles": "attachment", "/JS": "javascript", "/XFA": "xfa"}
# The filters of a photograph, and how its content starts.
PHOTOGRAPHS = {"/DCT", "/DCTDecode", "/JPXDecode"}
PHOTOGRAPH_STARTS = (b"\xff\xd8\xff", JP2, CODESTREAM)
METADATA_KEYS = {"/Metadata": "properties", "/PieceInfo": "properties", "/Thumb": "thumbnail", "/Perms": "signature"}


def cleaned_pdf(data: bytes, removed: set[str]) -> bytes:
    """Returns the document without its metadata; adds the codes of what was taken off to ``removed``.

    :raises DocumentRefused:
    """
    try:
        return _pdf(data, removed)
    except LimitReachedError:  # a stream that unpacks to more than pypdf reads
        raise DocumentRefused("too_much") from None
    except PyPdfError:
        raise DocumentRefused("incomplete") from None


def _pdf(data: bytes, removed: set[str]) -> bytes:
    reader = PdfReader(BytesIO(data), strict=False)
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentRefused("encrypted")
    except DependencyError:
        raise DocumentRefused("encrypted") from None
    writer = PdfWriter(clone_from=reader)
    metadata: Any = reader.metadata or {}
    if set(metadata) - {"/Title"}:
        removed.add("properties")
    writer.metadata = (
        {"/Title": metadata["/Title"]} if metadata.get("/Title") else None
    )  # screen readers read the title
    for dictionary in _dictionaries(writer.root_object):
        _refuse_active(dictionary)
        _remove_metadata(dictionary, removed)
        _join_content(dictionary, writer)
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
    """Refuses a dictionary with an action, an embedded file, a script or a form, or with an address that opens without a click."""
    for key in ("/S", "/Subtype"):
        if (name := _value(dictionary, key)) in ACTIVE:
            raise DocumentRefused(ACTIVE[name])
    for key, code in ACTIVE_KEYS.items():
        if _value(dictionary, key) is not None:
            raise DocumentRefused(code)
    for key in UNASKED:
        _refuse_addresses(_value(dictionary, key))
    if (address := _value(dictionary, "/URI")) is not None and not isinstance(address, DictionaryObject):
        _refuse_link(address)


def _value(dictionary: Any, key: str) -> Any:
    """Returns a value of a dictionary, also one that stands in another object, as all but a few may; None if it isn't there."""
    return dictionary[key] if key in dictionary else None  # noqa: SIM401 - `get` leaves a reference as it is


def _refuse_addresses(actions: Any) -> None:
    """Refuses actions that open an address: an action, an object whose values are actions, or those that follow them."""
    seen: list[Any] = []
    pending = [actions]
    while pending:
        item = pending.pop()
        item = item.get_object() if item is not None else None
        if not isinstance(item, DictionaryObject) or any(item is each for each in seen):
            continue  # a place in the document, or nothing
        seen.append(item)
        if _value(item, "/S") == "/URI" or isinstance(_value(item, "/URI"), str | bytes):
            raise DocumentRefused("opens")
        pending += listed(_value(item, "/Next")) if "/S" in item else dict.values(item)


def _refuse_link(address: str) -> None:
    """Refuses a link that runs a script or opens a file; one on a network share would send the reader's user name there."""
    text = address.decode("latin-1") if isinstance(address, bytes) else str(address)
    text = IGNORED.sub("", text).casefold()
    scheme = SCHEME.match(text)
    if text.startswith(("\\\\", "//")) or (scheme[0] if scheme else "") not in LINK_SCHEMES:
        raise DocumentRefused("link")


def _remove_metadata(dictionary: Any, removed: set[str]) -> None:
    """Removes metadata, authors of annotations, signatures and the metadata of JPEG images, in place."""
    for key, code in METADATA_KEYS.items():
        if dictionary.pop(key, None) is not None:
            removed.add(code)
    if "/Rect" in dictionary and _value(dictionary, "/Subtype") != "/Widget" and dictionary.pop("/T", None) is not None:
        removed.add("authors")
    if _value(dictionary, "/FT") == "/Sig" and dictionary.pop("/V", None) is not None:
        removed.add("signature")
    if isinstance(dictionary, StreamObject):
        try:
            _clean_stream(dictionary, removed)
        except (NotImplementedError, Unreadable):
            raise DocumentRefused("picture") from None


def _clean_stream(stream: Any, removed: set[str]) -> None:
    filters = listed(stream.get("/Filter"))
    if PHOTOGRAPHS.intersection(filters):
        _clean_photograph(stream, filters, removed)
    elif _value(stream, "/Subtype") != "/Image":
        content = _decoded(stream)
        cleaned = clean_inline(content, lambda photograph: cleaned_picture(photograph, removed))
        if cleaned != content:
            _store(stream, cleaned)


def _decoded(stream: Any) -> bytes:
    return decoded(stream._data, listed(stream.get("/Filter")), listed(stream.get("/DecodeParms")))


def _store(stream: Any, content: bytes) -> None:
    """Replaces the content of a stream, compressed."""
    stream._data = zlib.compress(content)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    stream.pop("/DecodeParms", None)


def _join_content(dictionary: Any, writer: PdfWriter) -> None:
    """Stores the content of a page in one stream if it holds a photograph, which may be cut between several."""
    if not isinstance(_value(dictionary, "/Contents"), ArrayObject):
        return
    parts = [part for part in listed(dictionary["/Contents"]) if isinstance(part, StreamObject)]
    if has_photograph(content := b"\n".join(map(_decoded, parts))):
        stream = StreamObject()
        _store(stream, content)
        dictionary[NameObject("/Contents")] = writer._add_object(stream)


def _clean_photograph(stream: Any, filters: list[Any], removed: set[str]) -> None:
    """Cleans a JPEG or JPEG 2000, whatever filters it is wrapped in. A cleaned one is stored without the wrapping filters."""
    content = _decoded(stream)
    if filters[-1] not in PHOTOGRAPHS or not content.startswith(PHOTOGRAPH_STARTS):
        raise DocumentRefused("picture")
    if (cleaned := cleaned_picture(content, removed)) == content:
        return
    stream._data = cleaned  # raw: `set_data` would compress it again
    parameters = listed(stream.pop("/DecodeParms", None))[len(filters) - 1 :]
    stream[NameObject("/Filter")] = NameObject(filters[-1])
    if parameters and isinstance(parameters[0], DictionaryObject):
        stream[NameObject("/DecodeParms")] = parameters[0]
