"""Detects the encoding of a CSV file: Unicode, Windows, or those that Excel still offers, Macintosh and MS-DOS."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fiches.media.documents import BYTE_ORDER_MARKS

OF_ONE_BYTE = ("cp1252", "mac_roman", "cp850")
FRENCH = re.compile("[éèêëàâçîïôûùœ’«»€]")
# UTF-8 that was decoded as Windows-1252: « Ã© ».
MOJIBAKE = re.compile("Ã[©¨ª\u00a0´»®]|â€™")


def decodings(data: bytes) -> list[str]:
    """The possible texts of ``data``, the most likely first. There is only one if the encoding is certain: a byte order mark,
    zeros in every other byte (UTF-16), or valid UTF-8.

    :raises ValidationError: it can't be decoded.
    """
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return [_decoded(data, encoding)]
    for encoding, half in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[:400:2])):
        if half and half.count(0) > len(half) * 0.6:
            return [_decoded(data, encoding)]
    if 0 in data:
        raise ValidationError(_("This file is not a table: choose a CSV or XLSX file."))
    try:
        return [data.decode("utf-8")]
    except UnicodeDecodeError:
        return _of_one_byte(data)


def _of_one_byte(data: bytes) -> list[str]:
    texts = []
    for encoding in OF_ONE_BYTE:
        try:
            texts.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return sorted(texts, key=lambda text: -len(FRENCH.findall(text)))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise unreadable_error() from None


def refuse_mojibake(text: str) -> None:
    """:raises ValidationError: a part of the text was decoded with the wrong encoding, such as a column pasted from elsewhere."""
    if MOJIBAKE.search(text):
        raise unreadable_error()


def unreadable_error() -> ValidationError:
    return ValidationError(_("The text of this file can't be read: save it as CSV UTF-8."))
