"""The text of a file in whatever encoding a spreadsheet wrote it: Unicode, Windows, and the two that Excel still offers,
Macintosh and MS-DOS."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fiches.media.documents import BYTE_ORDER_MARKS

OF_ONE_BYTE = ("cp1252", "mac_roman", "cp850")
FRENCH = re.compile("[éèêëàâçîïôûùœ’«»€]")
SPOILT = re.compile("Ã[©¨ª\u00a0´»®]|â€™")
"""UTF-8 read as Windows: « Ã© »."""


def decodings(data):
    """The texts that ``data`` may be, the likeliest first: one where a mark, every other byte nought, or UTF-8 tells.

    :raises ValidationError: it can be none.
    """
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return [_decoded(data, encoding)]
    for encoding, half in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[:400:2])):
        if half and half.count(0) > len(half) * 0.6:
            return [_decoded(data, encoding)]
    try:
        return [data.decode("utf-8")]
    except UnicodeDecodeError:
        return _of_one_byte(data)


def _of_one_byte(data):
    found = []
    for encoding in OF_ONE_BYTE:
        try:
            found.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return sorted(found, key=lambda text: -len(FRENCH.findall(text)))


def _decoded(data, encoding):
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise unreadable() from None


def refuse_spoilt(text):
    """
    :raises ValidationError: two encodings stand side by side in it, as where a column was pasted from elsewhere.
    """
    if SPOILT.search(text):
        raise unreadable()


def unreadable():
    return ValidationError(_("The text of this file can't be read: save it as CSV UTF-8."))
