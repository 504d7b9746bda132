"""Archives that mislead, and drawings, pictures, films and sounds in Office and OpenDocument files."""

import base64
import gzip
import re
import struct

import pytest

from fiches.media.documents import check_document
from tests import pictures
from tests.fiches.made_documents import (
    INCOMPLETE,
    ODT,
    archive,
    content_to_keep,
    docx,
    refusal_of,
    sent,
    size_and_pixels,
)


@pytest.mark.parametrize(
    "name", ["../evil.xml", "word/../../evil.xml", "word\\..\\evil.xml", "/etc/evil.xml", "C:/evil.xml"]
)
def test_an_office_file_whose_entry_leaves_the_archive_is_refused(name):
    assert refusal_of("dossier.docx", docx(**{name: "<a/>"})) == INCOMPLETE
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"content.xml": "<a/>", name: "<a/>"})) == INCOMPLETE


@pytest.mark.parametrize(
    "part",
    [
        '<!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>',
        '<?xml version="1.0"?><!DOCTYPE w SYSTEM "http://x.test/w.dtd"><w/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'.encode("utf-16"),
        "<!-- a --><!DOCTYPE w><w/>",
    ],
)
def test_an_office_file_with_a_dtd_is_refused(part):
    assert refusal_of("dossier.docx", docx(**{"word/document.xml": part})) == INCOMPLETE
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"content.xml": part})) == INCOMPLETE


def test_a_drawing_keeps_its_shapes_and_loses_its_dtd_and_the_camera_of_its_photographs():
    photograph = base64.b64encode(pictures.jpeg_with_position()).decode()
    drawing = (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink"><path d="M0 0h9"/>'
        f'<image l:href="data:image/jpeg;base64,{photograph}"/></svg>'
    )
    content = content_to_keep(check_document(sent("d.docx", docx(**{"word/media/a.svg": drawing}))).read())[
        "word/media/a.svg"
    ].decode()
    [shown] = re.findall(r"base64,([^\"]*)", content)
    assert "DOCTYPE" not in content and 'd="M0 0h9"' in content
    assert pictures.SECRET not in base64.b64decode(shown)
    assert size_and_pixels(base64.b64decode(shown)) == size_and_pixels(pictures.jpeg_with_position())


def record(kind, data):
    data += bytes(-len(data) % 4)
    return struct.pack("<II", kind, len(data) + 8) + data


def emf(comment=b"", after=b""):
    """A drawing of Windows with a description, a comment and a line."""
    said = "Word\0C:\\Users\\Marqueur\0".encode("utf-16-le")
    header = struct.pack(
        "<8i4sIIIHHIIIii", 0, 0, 9, 9, 0, 0, 9, 9, b" EMF", 0x10000, 0, 4, 1, 0, len(said) // 2, 88, 0, 9, 9
    )
    header += bytes(80 - len(header))
    parts = [record(1, header + said), record(70, struct.pack("<I", len(comment)) + comment), record(54, bytes(8))]
    return b"".join([*parts, record(14, bytes(12))]) + after


def wmf(comment):
    data = struct.pack("<HH", 15, len(comment)) + comment + bytes(len(comment) % 2)
    escape = struct.pack("<IH", len(data) // 2 + 3, 0x0626) + data
    return struct.pack("<HHHIHIH", 1, 9, 0x300, 0, 0, 0, 0) + escape + struct.pack("<IH", 3, 0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.emf", emf()),
        ("a.emf", emf(b"Marqueur", b"Marqueur")),
        ("a.wmf", wmf(b"Marqueur")),
        ("a.wmf", struct.pack("<IH4hHIH", 0x9AC6CDD7, 0, 0, 0, 9, 9, 96, 0, 0) + wmf(b"Marqueur")),
        ("a.emz", gzip.compress(emf(b"Marqueur"))),
    ],
)
def test_a_drawing_of_windows_keeps_its_lines_and_not_its_description(name, content):
    kept = content_to_keep(check_document(sent("d.docx", docx(**{f"word/media/{name}": content}))).read())[
        f"word/media/{name}"
    ]
    if name.endswith("z"):
        content, kept = gzip.decompress(content), gzip.decompress(kept)
    assert b"Marqueur" in content.replace(b"\0", b"") and b"Marqueur" not in kept.replace(b"\0", b"")
    assert record(54, bytes(8)) in kept or name == "a.wmf"
    assert len(kept) == len(content.removesuffix(b"Marqueur") if b"EMF" in content else content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ppt/media/media1.mp4", b"\0\0\0\x18ftypmp42Marqueur"),
        ("ppt/media/media1.mov", b"\0\0\0\x08wideMarqueur"),
        ("ppt/media/media1.mp3", b"ID3\x03Marqueur"),
        ("ppt/media/media1.wav", b"RIFF\0\0\0\0WAVELIST"),
        ("ppt/media/media1.m4a", b"Marqueur"),
        ("Videos/film", b"\x1a\x45\xdf\xa3Marqueur"),
    ],
)
def test_a_document_with_a_film_or_a_sound_is_refused_and_says_so(name, content):
    film = ["Ce fichier contient un film ou un son. Retirez-le, ou envoyez le document en PDF."]
    assert (
        refusal_of(
            "d.pptx", archive(**{"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>", name: content})
        )
        == film
    )
    assert refusal_of("d.docx", docx(**{name: content})) == film


@pytest.mark.parametrize("address", ['l:href="http://x.test/a.png"', 'href="http://x.test/a.png"'])
def test_a_drawing_that_fetches_a_picture_is_refused_whatever_its_prefix(address):
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink"><image {address}/></svg>'
    [message] = refusal_of("d.docx", docx(**{"word/media/a.svg": drawing}))
    assert "va chercher" in message
