"""Tells what an Office or OpenDocument file holds beside its texts: pictures that are cleaned, films, sounds, anything else.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

import re

from fiches.media.embedded_pictures import HEIF, is_picture

# The folders of what a document shows, in lower case.
SHOWN = re.compile(r"(.*/)?(media|pictures)/[^/]+")
FILM_NAMES = re.compile(
    r".*\.(3gp|aac|aif[cf]?|asf|au|avi|flac|flv|m4[abv]|midi?|mk[av]|mov|mp[234]|mpe?g|og[agv]|opus|snd|swf|wav|web[am]|wm[av])"
)
FILM_STARTS = (
    *(b"ID3", b"OggS", b"fLaC", b"FLV\1", b"MThd", b"\x1a\x45\xdf\xa3", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    *(b"\0\0\1\xba", b"\0\0\1\xb3"),
)
FILM_BOXES = (b"ftyp", b"free", b"mdat", b"moov", b"skip", b"wide")
FILM_FORMS = ((b"RIFF", b"AVI "), (b"RIFF", b"WAVE"), (b"FORM", b"AIFF"), (b"FORM", b"AIFC"))


def refused_media(name: str, content: bytes) -> str:
    """Returns the code of the refusal of a part, ``""`` if it stays.

    :param name: in lower case, with slashes.
    """
    if _is_film(name, content):
        return "film"
    return "kind_of_picture" if content and SHOWN.fullmatch(name) and not is_picture(content) else ""


def _is_film(name: str, content: bytes) -> bool:
    if FILM_NAMES.fullmatch(name) or content.startswith(FILM_STARTS):
        return True
    if (content[:4], content[8:12]) in FILM_FORMS:
        return True
    return content[4:8] in FILM_BOXES and content[8:12] not in HEIF
