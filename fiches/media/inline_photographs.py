"""Finds the photographs (JPEG) that stand inline in a content stream of a PDF, between ``BI`` and ``EI``, and cleans them.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

import base64
import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from pypdf.errors import PyPdfError
from pypdf.filters import decode_stream_data
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NullObject, StreamObject

from fiches.media.embedded_pictures import clean_picture

# ``BI``, the settings, ``ID``; the longest settings hold a palette.
BLANK = b"\x00\t\n\f\r "
_BEGIN = rb"(?<![^" + BLANK + rb"\])}>])BI(?=[" + BLANK + rb"/%])"
IMAGE = re.compile(
    _BEGIN + rb"((?:(?!" + _BEGIN + rb").){0,10000}?)(?<=[" + BLANK + rb"\])>])ID[" + BLANK + rb"]?", re.DOTALL
)
END = re.compile(rb"EI(?![^" + BLANK + rb"])")
# A character of a name, written by its code.
CODED = re.compile(rb"#([0-9A-Fa-f]{2})")
START_OF_JPEG, END_OF_JPEG = b"\xff\xd8\xff", b"\xff\xd9"

# Settings of an inline image, each by its two names.
FILTER, PARAMETERS, LENGTH = ("/F", "/Filter"), ("/DP", "/DecodeParms"), ("/L", "/Length")
LONG_NAMES = {
    "/A85": "/ASCII85Decode",
    "/AHx": "/ASCIIHexDecode",
    "/DCT": "/DCTDecode",
    "/Fl": "/FlateDecode",
    "/LZW": "/LZWDecode",
    "/RL": "/RunLengthDecode",
}
# What decoding raises on data that are cut short.
CUT_SHORT = (LookupError, PyPdfError, ValueError, zlib.error)


class Unreadable(Exception):  # noqa: N818 - describes the picture
    """The stream holds an inline photograph that cannot be read."""


def listed(value: Any) -> list[Any]:
    """Returns the items of a PDF value that may be a list, one item, or None."""
    value = value.get_object() if value is not None else []
    return [item.get_object() for item in value] if isinstance(value, list) else [value]


def decoded(data: bytes, filters: list[Any], parameters: list[Any]) -> bytes:
    """Returns the data of a stream without its filters, except that a photograph stays compressed. Filters may have short names.

    :raises NotImplementedError: for an unknown filter.
    """
    stream = StreamObject()
    stream._data = data
    stream[NameObject("/Filter")] = ArrayObject(NameObject(LONG_NAMES.get(name, name)) for name in filters)
    missing = [NullObject()] * (len(filters) - len(parameters))
    stream[NameObject("/DecodeParms")] = ArrayObject([*parameters, *missing])
    return decode_stream_data(stream)


def has_photograph(content: bytes) -> bool:
    """Returns whether a decoded content stream holds an inline photograph."""
    return any(True for _image in _photographs(content))


def clean_inline(content: bytes, clean: Callable[[bytes], bytes]) -> bytes:
    """Returns a decoded content stream whose inline photographs have no metadata. Without such metadata, returns ``content`` itself.

    :param clean: returns a JPEG without its metadata.
    :raises Unreadable: a photograph or its end cannot be found.
    """
    parts, position = [], 0
    for image in _photographs(content):
        if image.start() < position:  # within the data of a photograph
            continue
        settings = DictionaryObject.read_from_stream(BytesIO(b"<<" + image[1] + b"\n>>"), None)
        photograph, end = _read(content, image.end(), settings)
        if (cleaned := clean(photograph)) != photograph:
            parts += [content[position : image.start()], _written(settings, cleaned)]
            position = end
    return b"".join([*parts, content[position:]])


def _photographs(content: bytes) -> Iterator[re.Match[bytes]]:
    for image in IMAGE.finditer(content):
        if b"/DCT" in CODED.sub(lambda code: bytes([int(code[1], 16)]), image[1]):
            yield image


def _setting(settings: DictionaryObject, names: tuple[str, str]) -> list[Any]:
    return next((listed(settings[name]) for name in names if name in settings), [])


def _read(content: bytes, start: int, settings: DictionaryObject) -> tuple[bytes, int]:
    """Returns the photograph whose data start there, and the position after its ``EI``: the first before which it is whole."""
    filters, parameters = _setting(settings, FILTER), _setting(settings, PARAMETERS)
    if not filters or LONG_NAMES.get(filters[-1], filters[-1]) != "/DCTDecode":
        raise Unreadable
    for end in END.finditer(content, start):
        try:
            photograph = decoded(content[start : end.start()], filters, parameters).strip(BLANK)
        except CUT_SHORT:
            continue
        if photograph.startswith(START_OF_JPEG) and clean_picture(photograph).endswith(END_OF_JPEG):
            return photograph, end.end()
    raise Unreadable


def _written(settings: DictionaryObject, photograph: bytes) -> bytes:
    """Returns an inline image in ASCII, where no reader takes pixels for ``EI``."""
    image_settings = DictionaryObject(
        {name: value for name, value in settings.items() if name not in FILTER + PARAMETERS + LENGTH}
    )
    image_settings[NameObject("/F")] = ArrayObject([NameObject("/A85"), NameObject("/DCT")])
    parameters = _setting(settings, PARAMETERS)[-1:]
    if parameters and isinstance(parameters[0], DictionaryObject):
        image_settings[NameObject("/DP")] = ArrayObject([NullObject(), parameters[0]])
    text = BytesIO()
    image_settings.write_to_stream(text)
    return b"BI" + text.getvalue()[2:-2] + b"\nID " + base64.a85encode(photograph) + b"~>\nEI"
